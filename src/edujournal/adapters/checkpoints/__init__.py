"""Where signed checkpoints are kept: a folder or a store, best on another disk or with somebody else."""

from edujournal.adapters.checkpoints.folder import FolderCheckpoints
from edujournal.adapters.checkpoints.stored import StoreCheckpoints

__all__ = ["FolderCheckpoints", "StoreCheckpoints"]
