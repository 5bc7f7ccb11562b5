"""A whole portal on servers of its own, with an SMS gateway, so that each part can be stopped or killed."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2

from stack.services import RUNTIME, Postgres, Valkey
from tests.support.portal import Portal
from tests.support.prepared import begin_as_copy
from tests.support.receivers import SmsReceiver

MAKE_LINKS = """
from django.utils import timezone
from django.db import transaction
from tests.factories import Cast, load_all
from evaluations.actions import make_rating_link
load_all(); cast = Cast(); now = timezone.now()
with transaction.atomic():
    for n in range({count}):
        print("link", make_rating_link(cast.service(at=now), kind="sms", at=now))
"""


@dataclass
class World:
    """A portal on servers of its own, so that they can be killed."""

    folder: Path
    receiver: SmsReceiver
    postgres: Postgres = field(init=False)
    valkey: Valkey = field(init=False)
    portal: Portal = field(init=False)
    links: list[str] = field(default_factory=list)

    def start(self, *, links: int) -> None:
        self.postgres, self.valkey = Postgres(self.folder), Valkey(self.folder)
        begin_as_copy(self.postgres)
        self.postgres.start()
        self.valkey.start()
        os.environ.pop("FAILPOINT", None)
        env = {
            **os.environ,
            "DATABASE_URL": self.postgres.url(RUNTIME),
            "REDIS_URL": self.valkey.url,
            "SMS_GATEWAY_URL": self.receiver.url,
            "SMS_GATEWAY_KEY": "k" * 32,
            "MEDIA_ROOT": str(self.folder / "media"),
        }
        self.portal = Portal(self.folder, env)
        made = self.portal.manage("shell", "-v", "0", "-c", MAKE_LINKS.format(count=links))
        self.links = [line.split()[1] for line in made.splitlines() if line.startswith("link ")]
        self.portal.start_web(workers=2)
        self.portal.start_worker()
        self.portal.start_beat()

    def kill_and_restart(self, name: str) -> None:
        if name == "postgres":
            self.postgres.kill()
            time.sleep(0.2)
            self.postgres.start()
        elif name == "valkey":
            self.valkey.kill()
            time.sleep(0.2)
            self.valkey.start()
        else:
            self.portal.kill(name)
            self.portal.start_web(workers=2) if name == "web" else self.portal.start_worker()

    def stop(self) -> None:
        self.portal.stop()
        self.valkey.stop()
        self.postgres.stop()

    def ask(self, statement: str) -> int:
        connection = psycopg2.connect(self.postgres.url("postgres"))
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return int(cursor.fetchone()[0])
        finally:
            connection.close()

    def tell(self, statement: str) -> None:
        """Runs SQL as the superuser, for what a test moves along (the time a message waits)."""
        connection = psycopg2.connect(self.postgres.url("postgres"))
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement)
        finally:
            connection.close()

    def all_due(self) -> None:
        """Every waiting message may go out now: neither the night nor a lease holds it back."""
        self.tell("UPDATE common_outboxmessage SET next_attempt_at = now() WHERE state = 'waiting'")


@contextlib.contextmanager
def running_world(folder: Path, *, links: int) -> Iterator[World]:
    """A world with some services to rate, ended afterwards whatever happened."""
    folder.chmod(0o755)
    with SmsReceiver() as receiver:
        world = World(folder, receiver)
        try:
            world.start(links=links)
            yield world
        finally:
            world.stop()
