"""Fixtures for all tests. The servers come from the early plugin tests/support/services.py."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page, sync_playwright

from common.memory import forget_everything
from stack.services import DATABASE
from tests.factories import Cast, load_all
from tests.support.database import let_tests_flush, own_like_the_original

# The shell renders the same and takes half the time.
BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
)
BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Playwright's synchronous driver keeps an event loop in the main thread; the ORM is used beside it, never in it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def find_browser() -> str | None:
    """A Chromium or its kin on this machine; CHROME_BIN names one."""
    named = os.environ.get("CHROME_BIN")
    return named or next((path for name in BROWSERS if (path := shutil.which(name))), None)


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get("PORTAL_REQUIRE_BROWSER") and find_browser() is None:
        raise pytest.UsageError("PORTAL_REQUIRE_BROWSER is set and no Chromium was found (CHROME_BIN names one)")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Files are called by what they are for: their bytes hold the second they were made in; workers would differ."""
    return argname if isinstance(val, bytes) else None


def patience(item: pytest.Item) -> float:
    """How many seconds a test may take, if it says so."""
    mark = item.get_closest_marker("timeout")
    return mark.args[0] if mark else 0


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # What takes minutes comes first: begun last it would have one worker run on while the others have nothing left.
    # pytest-django sorts after this, so tests that empty the database stay behind those that need its rows.
    items.sort(key=patience, reverse=True)
    if find_browser() is None:
        skip = pytest.mark.skip(reason="no Chromium found: browser tests are skipped")
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(skip)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """The test database begins as a copy of the prepared one."""
    connection.settings_dict["TEST"]["TEMPLATE"] = DATABASE


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The test database with reference data and the structure of the example city."""
    with django_db_blocker.unblock():
        own_like_the_original()
        let_tests_flush()
        load_all()


@pytest.fixture(autouse=True)
def forgetful() -> None:
    """Nobody remembers what another test's database held."""
    forget_everything()


@pytest.fixture
def cast(db: None) -> Cast:
    """The people of tests/factories.py."""
    return Cast()


@pytest.fixture
def live_cast(transactional_db: None) -> Cast:
    """The same people where a live server or another thread must see them."""
    load_all()
    return Cast()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One real Chromium per worker."""
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=find_browser(), args=BROWSER_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page of its own: `open_page(width=360, javascript=False, language="en")`."""
    contexts = []

    def _open(*, width: int = 1280, height: int = 740, javascript: bool = True, language: str = "zh-CN") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=javascript, locale=language
        )
        contexts.append(context)
        return context.new_page()

    yield _open
    for context in contexts:
        context.close()
