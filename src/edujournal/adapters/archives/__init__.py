"""Archives where they lie: folders."""

from edujournal.adapters.archives.folder import FolderArchive, write_archive

__all__ = ["FolderArchive", "write_archive"]
