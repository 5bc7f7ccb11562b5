"""The rows themselves."""

from __future__ import annotations

from tests.ui.rows import Row, fresh_link, window_sign

PAGES: dict[str, Row] = {
    "home": Row("", "/"),
    "rate-start": Row("", "/rate/"),
    "rate-find": Row("", "/rate/find/", spoil="main form button[type=submit]"),
    "rate-link": Row("", fresh_link, spoil="main form button[type=submit]"),
    "rate-window": Row("", window_sign),
    "track": Row("", "/t/", spoil="main form button[type=submit]"),
}

# Addresses that show no page of ours: they answer a POST, redirect, or are not for people.
NOT_PAGES = {
    "set-display",
    "set_language",
}
