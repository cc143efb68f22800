"""Stores of keys: where the keys lie under which texts are ciphered, apart from the books."""

from edujournal.adapters.keys.folder import FileKeys
from edujournal.adapters.keys.memory import MemoryKeys

__all__ = ["FileKeys", "MemoryKeys"]
