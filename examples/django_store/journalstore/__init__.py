"""Journals in the tables of a Django project."""
