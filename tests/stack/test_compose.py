"""docker-compose.yml without Docker: each service's very command in production mode, with the variables it names.

Only the addresses of the two servers are exchanged for embedded ones.
"""

import base64
import os
import re
import secrets
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest
import yaml

from stack.processes import ROOT, end
from stack.services import Postgres, Valkey
from tests.support.portal import free_port

NEEDED = re.compile(r"\$\{(\w+):\?[^}]*\}")
OPTIONAL = re.compile(r"\$\{(\w+):-([^}]*)\}")


def read_compose(given: dict[str, str]) -> dict:
    """The file as Docker would read it with an .env file of `given`: variables are filled in after parsing."""

    def fill(value: object) -> object:
        if isinstance(value, dict):
            return {key: fill(below) for key, below in value.items()}
        if isinstance(value, list):
            return [fill(below) for below in value]
        if not isinstance(value, str):
            return value
        value = NEEDED.sub(lambda found: given[found[1]], value)
        return OPTIONAL.sub(lambda found: given.get(found[1]) or found[2], value).replace("$$", "$")

    return fill(yaml.safe_load((ROOT / "docker-compose.yml").read_text()))


def example_names() -> list[str]:
    return [line.partition("=")[0] for line in (ROOT / ".env.example").read_text().splitlines() if "=" in line]


class Composed:
    """The file's services as processes."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.given = {
            "PORTAL_URL": "https://reviews.example.invalid",
            "ALLOWED_HOSTS": "reviews.example.invalid",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "IDENTITY_KEYS": f"k1:{base64.b64encode(secrets.token_bytes(32)).decode()}",
            "BLIND_INDEX_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
            "POSTGRES_PASSWORD": "",
            "PORTAL_OWNER_PASSWORD": secrets.token_hex(12),
            "PORTAL_APP_PASSWORD": secrets.token_hex(12),
        }
        self.postgres, self.valkey = Postgres(folder, durable=False), Valkey(folder)
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start_servers(self) -> None:
        """The servers, and in the database what the image's own script makes."""
        self.postgres.initialise()
        self.valkey.start()
        self.given["POSTGRES_PASSWORD"] = self.postgres.password("postgres")
        self.services = read_compose(self.given)["services"]
        for statement in ("DROP DATABASE portal", "DROP ROLE portal_owner", "DROP ROLE portal_app"):
            self.postgres.psql(statement)
        self._run_roles_script()

    def _run_roles_script(self) -> None:
        [script] = [path for path in self.services["database"]["volumes"] if "initdb.d" in path]
        env = self.services["database"]["environment"]
        env = {key: value for key, value in env.items() if isinstance(value, str)}
        search = f"{self.postgres.binaries}:{os.environ['PATH']}"
        reach = {"PATH": search, "PGHOST": str(self.postgres.sockets), "PGPASSWORD": env["POSTGRES_PASSWORD"]}
        subprocess.run(
            ["/bin/sh", script.split(":")[0]], cwd=ROOT, env={**env, **reach}, check=True, capture_output=True
        )

    def environment(self, name: str) -> dict[str, str]:
        """A service's variables; the servers' names lead to ours."""
        env = {key: str(value) for key, value in self.services[name]["environment"].items()}
        env["DATABASE_URL"] = env["DATABASE_URL"].replace(
            "@database/", f"@{quote(str(self.postgres.sockets), safe='')}/"
        )
        assert env["REDIS_URL"] == "redis://broker:6379/0"
        places = {"MEDIA_ROOT": str(self.folder / "media"), "STATIC_ROOT": str(self.folder / "static")}
        return {
            **env,
            **places,
            "REDIS_URL": self.valkey.url,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }

    def command(self, name: str) -> list[str]:
        """A service's command; the port is one that is free here, the schedule lies with the test."""
        words = shlex.split(self.services[name]["command"])
        exchange = {"0.0.0.0:8000": f"127.0.0.1:{self.port}", "/tmp/beat-schedule": str(self.folder / "beat")}
        return [exchange.get(word, word) for word in words]

    def run(self, name: str) -> None:
        """Runs a service that ends by itself."""
        done = subprocess.run(self.command(name), cwd=ROOT, env=self.environment(name), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-2000:]

    def start(self, name: str) -> None:
        """Starts a service that stays."""
        with (self.folder / f"{name}.log").open("wb") as log:
            self.running[name] = subprocess.Popen(
                self.command(name),
                cwd=ROOT,
                env=self.environment(name),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def is_healthy(self, name: str) -> bool:
        """What the service's own health check says."""
        kind, *check = self.services[name]["healthcheck"]["test"]
        assert kind == "CMD"
        check = [word.replace("127.0.0.1:8000", f"127.0.0.1:{self.port}") for word in check]
        return subprocess.run(check, cwd=ROOT, env=self.environment(name), capture_output=True).returncode == 0

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def stop(self) -> None:
        with ThreadPoolExecutor() as hands:
            list(hands.map(lambda process: end(process, signal.SIGTERM), self.running.values()))
        self.valkey.stop()
        self.postgres.stop()


@pytest.fixture
def composed(open_folder: Path) -> Iterator[Composed]:
    composed = Composed(open_folder)
    try:
        composed.start_servers()
        yield composed
    finally:
        composed.stop()


def test_every_secret_must_be_given_and_the_example_names_them() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    assert set(NEEDED.findall(text)) <= set(example_names())
    assert set(example_names()) <= set(NEEDED.findall(text)) | {name for name, _value in OPTIONAL.findall(text)}
    for name, value in OPTIONAL.findall(text):
        assert not (value and re.search("KEY|PASSWORD|SECRET", name)), f"{name} has a default"


@pytest.mark.timeout(400)
def test_each_service_comes_up_in_production(composed: Composed) -> None:
    """Migrate ends well; web, workers and beat stay, and say by their own checks that they are well."""
    composed.run("migrate")
    refuses_a_demo_city(composed)
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
    subprocess.run(collect, cwd=ROOT, env=composed.environment("web"), check=True)
    for name in ("web", "worker", "bulk", "beat"):
        assert composed.environment(name)["PORTAL_MODE"] == "production"
        composed.start(name)
    for name in ("web", "worker", "bulk"):
        assert soon(lambda: composed.is_healthy(name)), composed.log(name)  # noqa: B023
    assert soon(lambda: "Scheduler: Sending due task" in composed.log("beat")), composed.log("beat")
    assert soon(lambda: "succeeded" in composed.log("worker")), composed.log("worker")
    assert soon(lambda: "evaluations.tasks.run_batches" in composed.log("bulk")), composed.log("bulk")
    assert "evaluations.tasks.run_batches[" not in composed.log("worker"), "a long file would hold up every deadline"
    assert "tasks.deliver_outbox[" not in composed.log("bulk")
    assert all(process.poll() is None for process in composed.running.values())


def soon(question: Callable[[], bool], seconds: float = 40) -> bool:
    """Asks until the answer is yes."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if question():
            return True
        time.sleep(0.3)
    return False


def refuses_a_demo_city(composed: Composed) -> None:
    env = composed.environment("web")
    done = subprocess.run([sys.executable, "manage.py", "seed_demo"], cwd=ROOT, env=env, capture_output=True, text=True)
    assert "demo data and demo accounts are refused" in done.stderr
    assert composed.postgres.psql("SELECT count(*) FROM organizations_staff", "portal") == "[(0,)]"
