"""The host: a Django project that had models of its own before it had journals."""
