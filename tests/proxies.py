"""A proxy before a database that cuts the connection when the client commits."""

from __future__ import annotations

import select
import socket
import threading


class CuttingProxy:
    """Passes everything on, until it is told to cut at the next COMMIT.

    Args:
        host: Of the server.
        port: Of the server.

    Attributes:
        cut: None, "before" the server hears of the COMMIT, or "after" it has answered.
        cuts: How often it has cut.
    """

    def __init__(self, host: str, port: int) -> None:
        self._server = (host, port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.cut: str | None = None
        self.cuts = 0
        self._threads = [threading.Thread(target=self._listen, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        """Listen no longer."""
        # Who waits in accept does not see the socket closed: wake it.
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join(10)

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._pass_on, args=[client], daemon=True)
            self._threads.append(thread)
            thread.start()

    def _pass_on(self, client: socket.socket) -> None:
        with client, socket.create_connection(self._server) as server:
            wrote = False
            while True:
                ready, _, _ = select.select([client, server], [], [], 60)
                for one, other in ((client, server), (server, client)):
                    if one not in ready:
                        continue
                    data = one.recv(65536)
                    if not data:
                        return
                    # Not the commit of what a new connection is told.
                    wrote = wrote or (one is client and b"INSERT" in data.upper())
                    if one is client and wrote and self.cut and b"COMMIT" in data.upper():
                        when, self.cut = self.cut, None
                        self.cuts += 1
                        if when == "after":
                            server.sendall(data)
                            server.recv(65536)
                        return
                    other.sendall(data)
