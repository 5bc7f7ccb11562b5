"""Nothing unused, nothing missing, nothing open by accident, nothing too long."""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.support import source
from tests.support.source import ROOT, Place, Source, judge, written

SOURCE_LINES, TEST_LINES, TEMPLATE_LINES = 400, 450, 50

# --- nothing unused, nothing missing --------------------------------------------------------------------------

# Asked for by name when something goes wrong, by Django and (429) by allauth.
ASKED_FOR_ELSEWHERE = {"400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"}


def test_no_template_is_unused() -> None:
    unused = [name for name in source.templates() if name not in _used()]
    judge(
        "a template is named by a view, a form, a tag, or a template in use",
        ((name, Place(f"templates/{name}", 1), "nobody names it") for name in unused),
    )


@functools.cache
def _used() -> set[str]:
    left = {name for name in source.templates() if name in ASKED_FOR_ELSEWHERE or _overrides(name) or _named(name)}
    used: set[str] = set()
    while left:
        used |= left
        left = {other for name in left for other in _names_in(source.templates()[name])} - used
    return used


def _overrides(name: str) -> bool:
    """Whether an installed package has a template of this name, which ours replaces."""
    return any((folder / name).is_file() for folder in _foreign_folders())


@functools.cache
def _foreign_folders() -> list[Path]:
    packages = ["allauth", "django.contrib.auth", "django.contrib.admin", "django.forms"]
    specs = [importlib.util.find_spec(package) for package in packages]
    return [Path(spec.origin).parent / "templates" for spec in specs if spec and spec.origin]


def _named(name: str) -> bool:
    return any(name in _words(file) or _put_together(name, file) for file in written())


@functools.cache
def _words(file: Source) -> set[str]:
    return {words for _, words in source.strings(file)}


def _put_together(name: str, file: Source) -> bool:
    """Whether an f-string makes this name out of a word that stands in a file of the same app."""
    for begin, end in source.template_patterns(file):
        if name.startswith(begin) and name.endswith(end):
            part = name.removeprefix(begin).removesuffix(end)
            return any(part in _words(other) for other in written() if other.app == file.app)
    return False


def _names_in(path: Path) -> set[str]:
    # A print template names another from the root: "/print/parts.typ".
    text = path.read_text().replace('"/', '"')
    return {name for name in source.templates() if f'"{name}"' in text or f"'{name}'" in text}


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=3)
    except SystemExit:
        pytest.fail("models have changed without a migration (its text is above): manage.py makemigrations")


# --- every desk address asks who is there ---------------------------------------------------------------------

# Open to everybody; what is not named here asks for sign-in before it does anything.
PUBLIC = {
    "home",
    "healthz",
    "readyz",
    "set-display",
    "set_language",
    "rate-start",
    "rate-find",
    "rate-service",
    "rate-about",
    "rate-link",
    "rate-window",
    "receipt",
    "track",
    "tracking",
    "follow-up",
    "rate-phone",
    "kiosk",
    "kiosk-rate",
    "kiosk-done",
    "kiosk-pulse",
    "window-called",
    "rate-comment",
    "stop-invitations",
    "review",
    "review-invited",
    "suggest",
    "appeal-facts",
    "suggestion-receipt",
    "suggestion-status",
    "public-suggestions",
    "public-cases",
    "public-case",
    "public-picture",
    "public-met",
    "public-units",
    "public-unit",
    "public-figures",
    "public-data",
    "public-metrics",
    "public-cases-csv",
    "public-cases-json",
    "public-figures-csv",
    "public-metrics-csv",
    "public-metrics-json",
    "public-feed",
    "public-walks",
    "public-walk",
    "sitemap",
    "sitemap-part",
    "robots",
    "account_login",
    "account_logout",
    "mfa_authenticate",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "openid_connect_login",
    "openid_connect_callback",
    "demo-outbox",
    # Other systems sign each request; the description is for whoever connects one.
    "api-ratings",
    "api-services",
    "api-batches",
    "api-legacy",
    "api-description",
    "api-explorer",
}
# allauth's own wrapper asks for a fresh sign-in when the view is called, and leaves no mark before.
ASKS_ITSELF = {"mfa_activate_totp", "mfa_generate_recovery_codes"}


def _routes(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, str, Callable[..., object]]]:
    for entry in resolver.url_patterns:
        address = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield address, entry.name or "", entry.callback
        else:
            yield from _routes(entry, address)


def _asks_for_sign_in(view: Callable[..., object]) -> bool:
    """`login_required` leaves its mark, and every wrapper around it carries the mark on."""
    return hasattr(view, "login_url")


def test_every_address_but_the_public_ones_asks_for_sign_in() -> None:
    unmarked = {name for _, name, view in _routes(get_resolver()) if not _asks_for_sign_in(view)}
    allowed = PUBLIC | ASKS_ITSELF
    assert unmarked == allowed, (
        f"without sign-in, though not public: {sorted(unmarked - allowed)}; "
        f"called public, though they ask or are gone: {sorted(allowed - unmarked)}"
    )


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(ASKS_ITSELF))
def test_what_asks_itself_leads_to_sign_in(client: Client, name: str) -> None:
    assert client.get(reverse(name)).url.startswith(reverse("account_login"))  # type: ignore[attr-defined]


def test_the_desk_is_never_public() -> None:
    routes = list(_routes(get_resolver()))
    desk = [(address, view) for address, _, view in routes if address.startswith("desk/")]
    assert len(desk) > 40, "the desk is not where this test looks for it"
    assert [address for address, view in desk if not _asks_for_sign_in(view)] == []
    assert all(name for _, name, _ in routes), "every address has a name"


# --- nothing too long -----------------------------------------------------------------------------------------


def test_no_file_is_too_long() -> None:
    limits = [(ROOT / file.path, SOURCE_LINES) for file in written()]
    limits += [(path, TEST_LINES) for path in (ROOT / "tests").rglob("*.py")]
    limits += [(path, TEMPLATE_LINES) for path in source.templates().values()]
    judge(
        "a file past its length is split by its nouns",
        (
            (path.name, Place(path.relative_to(ROOT).as_posix(), source.lines(path)), f"more than {limit} lines")
            for path, limit in limits
            if source.lines(path) > limit
        ),
    )
