"""Real receivers on loopback: an HTTP gateway that knows a message by its key, and a mail server."""

from __future__ import annotations

import json
import socketserver
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

CLOSES_WITHIN = 0.02  # seconds; a server asks itself every half second otherwise, and its end waits for that


class SmsReceiver:
    """A gateway. `mode` says how it behaves: ok, error, slow, garbage, or cut (closes in the middle).

    accepted: text by key; a key it has seen is acknowledged again and not sent again, as a gateway must.
    calls: every request, for counting attempts.
    """

    def __init__(self) -> None:
        self.mode = "ok"
        self.accepted: dict[str, dict[str, Any]] = {}
        self.calls: list[dict[str, Any]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.answer(self)

            def log_message(self, *arguments: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/send"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length", "0")))
        message = json.loads(body)
        self.calls.append({**message, "headers": dict(request.headers)})
        if self.mode == "cut":
            request.connection.close()
            return
        if self.mode == "slow":
            time.sleep(1.5)
        if self.mode == "error":
            request.send_error(500)
            return
        self.accepted.setdefault(request.headers["Idempotency-Key"], message)
        text = b"<html>" if self.mode == "garbage" else b"{}"
        try:
            request.send_response(200)
            request.send_header("Content-Length", str(len(text)))
            request.end_headers()
            request.wfile.write(text)
        except OSError:
            return

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, args=[CLOSES_WITHIN], daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.server.shutdown()
        self.server.server_close()


class MailReceiver:
    """A mail server that keeps what it is given."""

    def __init__(self) -> None:
        self.letters: list[str] = []
        receiver = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                receiver.talk(self)

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    def talk(self, session: socketserver.StreamRequestHandler) -> None:
        session.wfile.write(b"220 ready\r\n")
        while line := session.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                session.wfile.write(b"354 go on\r\n")
                self.letters.append(self._letter(session))
            if word == b"QUIT":
                session.wfile.write(b"221 bye\r\n")
                return
            session.wfile.write(b"250 ok\r\n")

    def _letter(self, session: socketserver.StreamRequestHandler) -> str:
        lines = []
        while (line := session.rfile.readline()) != b".\r\n":
            lines.append(line.decode("utf-8", "replace"))
        return "".join(lines)

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, args=[CLOSES_WITHIN], daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.server.shutdown()
        self.server.server_close()
