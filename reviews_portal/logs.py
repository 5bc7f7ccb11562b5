"""How the portal logs: lines of JSON in production, plain ones elsewhere."""

from __future__ import annotations

from typing import Any

import structlog


def logging(production: bool, level: str) -> dict[str, Any]:
    """Sets structlog up and returns the dictionary for Django's LOGGING.

    Args:
        level: the lowest level that is written.
    """
    if production:
        done = structlog.processors
        first = structlog.contextvars.merge_contextvars, done.add_log_level, done.TimeStamper(fmt="iso")
        structlog.configure(
            (*first, done.format_exc_info, done.JSONRenderer(ensure_ascii=False)),
            wrapper_class=structlog.make_filtering_bound_logger(level),
            cache_logger_on_first_use=True,
        )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": {"console": {"class": "logging.StreamHandler"}},
        "root": {"handlers": ["console"], "level": level},
    }
