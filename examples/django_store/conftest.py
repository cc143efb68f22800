"""Django, set up on the database that ``DIARY_DATABASE`` names, with its tables made anew."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django
import pytest

sys.path.insert(0, str(Path(__file__).parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diary_site.settings")
django.setup()


@pytest.fixture(scope="session")
def project():
    """The project with its tables."""
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", verbosity=0)
    yield
    connections.close_all()


@pytest.fixture
def empty(project):
    """Tables without rows."""
    from journalstore.models import Entry, Head, Visit

    for model in (Entry, Head, Visit):
        model.objects.all().delete()
