"""The model: what a journal is."""
