"""A gateway in a process of its own: it appends each request that it takes to a file, a JSON object a line."""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

ASKED = json.loads(sys.argv[1])


class Desk(BaseHTTPRequestHandler):
    """Takes requests of any method and shape; the number it is asked for decides what it says."""

    protocol_version = "HTTP/1.1"
    # One packet for an answer, or each waits for the one before.
    wbufsize = -1

    def _take(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kind = self.headers.get("Content-Type", "").partition(";")[0]
        if kind == "application/json":
            said = json.loads(body)
        elif kind == "application/x-www-form-urlencoded":
            said = dict(parse_qsl(body.decode(), keep_blank_values=True))
        else:
            said = {}
        to = str(said.get("phone", ""))
        status, answer = 200, {"status": "OK", "messages": [{"code": 0}]}
        if to == "+7-never":
            status, answer = 422, {"status": "ERROR", "phone": to}
        elif to == "+7-money":
            status, answer = 402, {}
        elif to == "+7-busy":
            status, answer = 503, {}
        elif to == "+7-says-no":
            answer = {"status": "OK", "messages": [{"code": 207}]}
        else:
            row = {
                "path": self.path, "method": self.command, "said": said,
                "headers": dict(self.headers.items()),
            }  # fmt: skip
            with Path(ASKED["file"]).open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
        told = b"no" if to == "+7-no-json" else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    do_GET = _take  # noqa: N815 - the name that http.server asks for
    do_POST = _take  # noqa: N815
    do_PUT = _take  # noqa: N815

    def log_message(self, *_):
        """Say nothing."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    server.serve_forever()
