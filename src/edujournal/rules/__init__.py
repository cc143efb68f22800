"""The rules: what a regulation asks."""
