"""Outboxes: where it is kept how far the notices have come. The one in a database is with its store."""

from edujournal.adapters.outboxes.folder import FileOutbox
from edujournal.adapters.outboxes.memory import MemoryOutbox

__all__ = ["FileOutbox", "MemoryOutbox"]
