"""Books as plain files that a person can read: append-only JSON Lines with a durable head."""

from edujournal.adapters.stores.files.disk import Disk, RealDisk
from edujournal.adapters.stores.files.recovery import Recovery
from edujournal.adapters.stores.files.store import FileStore

__all__ = ["Disk", "FileStore", "RealDisk", "Recovery"]
