"""Settings of the project. ``DIARY_DATABASE`` names the database: a file, or a URL of PostgreSQL."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def database(name: str) -> dict[str, Any]:
    """What Django asks of a database, from a path or a ``postgresql://`` URL."""
    if not name.startswith("postgresql"):
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": name,
            # A writer waits for another before it reads, and not when it is too late to go back.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    url = urlsplit(name)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.path.strip("/"),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": url.hostname or "",
        "PORT": str(url.port or ""),
        "OPTIONS": dict(parse_qsl(url.query)),
    }


DATABASES = {
    "default": database(os.environ.get("DIARY_DATABASE", str(Path(__file__).parent / "diary.db")))
}
INSTALLED_APPS = ["journalstore"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SECRET_KEY = "an example keeps no secrets"  # noqa: S105 - as it says
USE_TZ = True
