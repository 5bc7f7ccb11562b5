"""What goes back to a source, in that source's own field names and codes (domain.md §13.1, §13.3). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from evaluations.profiles.canonical import BEIJING_TIME
from evaluations.profiles.shape import Profile


def outgoing_result(
    profile: Profile,
    *,
    project_number: str,
    service_number: str,
    assess_number: str = "1",
    source_rating_id: str = "",
    valid: bool | None = None,
    answer: str = "",
    rectification: str = "",
    answered_at: datetime | None = None,
    answer_days: int | None = None,
) -> dict[str, Any]:
    """The message that reports a rating's validity, and a case's rectification and answer, back to its source.

    Args:
        project_number: as the source gave it.
        valid: whether the rating is a valid one; None while nobody has decided, then the field is left out.
        answer: the reply to the citizen, "" while there is none.
        rectification: what was put right.
        answered_at: when the citizen was answered, aware.
        answer_days: days from the rating to the answer.
    """
    codes = profile.answers
    values = {
        "project_number": project_number,
        "service_number": service_number,
        "assess_number": assess_number,
        "rating_id": source_rating_id,
        "valid": None if valid is None else codes.valid if valid else codes.invalid,
        "answered": codes.answered if answer else codes.unanswered,
        "answer": answer,
        "answered_at": answered_at and answered_at.astimezone(BEIJING_TIME).strftime(profile.time_formats[0]),
        "answer_days": None if answer_days is None else str(answer_days),
        "rectification": rectification,
        "data_source": profile.data_source or None,
    }
    return _filled(profile.result, values)


def response_for(
    profile: Profile,
    *,
    success: bool,
    code: str = "",
    message: str = "",
    service_code: str = "",
    service_number: str = "",
    services: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """The answer to an intake request, in the source's response envelope.

    Args:
        code, message: what went wrong, "" when nothing did.
        service_code, service_number: of the service that was taken (Beijing).
        services: what became of each service (Shandong).
    """
    values = {
        "success": success,
        "outcome": "success" if success else "fail",
        "code": code,
        "message": message,
        "service_code": service_code,
        "service_number": service_number,
        "services": list(services),
    }
    return _filled(profile.response, values)


def _filled(template: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The template with its words replaced; what has no value is left out."""
    filled = {name: _value(part, values) for name, part in template.items()}
    return {name: value for name, value in filled.items() if value is not None}


def _value(part: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(part, Mapping):
        return _filled(part, values)
    return values[part[1:]] if part.startswith("$") else part
