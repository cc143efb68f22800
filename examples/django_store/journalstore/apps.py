"""The application, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class JournalstoreConfig(AppConfig):
    """Journals in the tables of a Django project."""

    name = "journalstore"
