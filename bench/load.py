"""Requests over loopback, as many at once as one likes: one process, one selector, requests made beforehand.

It costs a tenth of what a request costs the portal, so that on a small machine it is the portal that is measured.
"""

from __future__ import annotations

import gc
import re
import selectors
import socket
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
PATIENCE = 30.0


def request(path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """A POST as it travels."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def visit(path: str, headers: Mapping[str, str]) -> bytes:
    """A GET as it travels."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


@dataclass
class Load:
    """What became of the requests.

    Attributes:
        seconds: from the first request to the last answer.
        waits: seconds from the moment a request was due to its answer, each.
        bodies: of the answers, where they were asked for.
    """

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.waits) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """The wait in seconds that so many (0.95) do not exceed."""
        ordered = sorted(self.waits)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class _Line:
    """One connection, and the answer it is waiting for."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.due = 0.0
        self.got = b""

    def ask(self, message: bytes, due: float) -> None:
        self.due, self.got = due, b""
        self.socket.sendall(message)

    def hear(self) -> tuple[int, bytes] | None:
        """Status and body once the answer is complete.

        Raises:
            RuntimeError: the server hung up, or did not say how long its answer is.
        """
        piece = self.socket.recv(1 << 18)
        if not piece:
            raise RuntimeError("the server closed a connection")
        self.got += piece
        head, mark, body = self.got.partition(b"\r\n\r\n")
        if not mark:
            return None
        length = LENGTH.search(head)
        if length is None:
            raise RuntimeError("an answer without its length")
        return (int(head[9:12]), body) if len(body) >= int(length[1]) else None


def drive(
    port: int,
    requests: Sequence[bytes],
    *,
    connections: int,
    seconds: float,
    rate: float | None = None,
    keep: bool = False,
) -> Load:
    """Sends requests until the time is over or there are none left, and waits for the last answer.

    Args:
        connections: requests under way at once; each connection lives on.
        rate: requests a second, sent when they are due however long the others take; without it, as fast as they go.
            A connection is then opened when it is wanted: a thread of the server waits for one that says nothing.
        keep: whether to keep the bodies of the answers.
    """
    load, selector = Load(), selectors.DefaultSelector()
    lines: list[_Line] = []

    def connect() -> _Line | None:
        if len(lines) == connections:
            return None
        lines.append(_Line(port))
        selector.register(lines[-1].socket, selectors.EVENT_READ, lines[-1])
        return lines[-1]

    free = [] if rate else [line for _ in range(connections) if (line := connect())]
    gc.disable()
    try:
        _run(load, selector, free, connect, requests, seconds, rate, keep)
    finally:
        gc.enable()
        selector.close()
        for line in lines:
            line.socket.close()
    return load


def _run(
    load: Load,
    selector: selectors.BaseSelector,
    free: list[_Line],
    connect: Callable[[], _Line | None],
    requests: Sequence[bytes],
    seconds: float,
    rate: float | None,
    keep: bool,
) -> None:
    sent = busy = 0
    began = last = time.perf_counter()
    while True:
        now = time.perf_counter()
        while sent < len(requests) and now - began < seconds:
            due = began + sent / rate if rate else now
            line = None if due > now else free.pop() if free else connect()
            if line is None:
                break
            line.ask(requests[sent], due)
            sent, busy = sent + 1, busy + 1
        over = sent == len(requests) or now - began >= seconds
        if over and not busy:
            break
        if now - last > PATIENCE and busy:
            raise RuntimeError(f"no answer within {PATIENCE:.0f} s")
        pause = 1.0 if over or not rate else min(1.0, max(0.001, began + sent / rate - now))
        for key, _ in selector.select(pause):
            heard: _Line = key.data
            if (answer := heard.hear()) is not None:
                last = time.perf_counter()
                load.waits.append(last - heard.due)
                load.statuses[answer[0]] += 1
                if keep:
                    load.bodies.append(answer[1])
                free.append(heard)
                busy -= 1
    load.seconds = last - began
