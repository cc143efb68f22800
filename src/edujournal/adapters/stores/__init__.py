"""Stores: where books are kept."""
