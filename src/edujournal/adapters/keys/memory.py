"""Keys in memory: gone with the process, and so is all that was ciphered under them."""

from __future__ import annotations

import os
import threading

from edujournal.adapters.keys.naming import SECRET_SIZE, new_id, parts_of, place_of


class MemoryKeys:
    """Keeps keys in a dictionary, for tests. Safe to share between threads.

    *Version added: 0.1.*
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}
        self._lock = threading.Lock()

    def current(self, school: str, name: str) -> tuple[str, bytes]:
        """See :meth:`edujournal.ports.KeyStore.current`."""
        with self._lock:
            mine = self._ids(school, name)
            if not mine:
                mine = [new_id(name)]
                self._kept[school, mine[0]] = os.urandom(SECRET_SIZE)
            return mine[0], self._kept[school, mine[0]]

    def find(self, school: str, id: str) -> bytes | None:
        """See :meth:`edujournal.ports.KeyStore.find`."""
        parts_of(id)
        with self._lock:
            return self._kept.get((school, id))

    def destroy(self, school: str, name: str) -> int:
        """See :meth:`edujournal.ports.KeyStore.destroy`."""
        with self._lock:
            mine = self._ids(school, name)
            for id in mine:
                del self._kept[school, id]
            return len(mine)

    def _ids(self, school: str, name: str) -> list[str]:
        lead = f"{place_of(name)}-"
        return sorted(id for owner, id in self._kept if owner == school and id.startswith(lead))
