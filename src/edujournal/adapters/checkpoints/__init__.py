"""Where signed checkpoints are kept: a folder, best on another disk or with somebody else."""

from edujournal.adapters.checkpoints.folder import FolderCheckpoints

__all__ = ["FolderCheckpoints"]
