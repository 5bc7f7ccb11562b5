"""考核办法: a draft is written, simulated on past quarters, proposed by one person and adopted by another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assessment.access import KEEPS_SCHEMES
from assessment.actions.versions import begin, hold
from assessment.enums import Grain, SchemeKind, SchemeState
from assessment.models import Quarter, Scheme
from assessment.periods import period_of
from assessment.queries.simulation import simulate
from assessment.scoring import problems_of, read_scheme, written
from assessment.scoring.preset import CITY, COUNTY
from organizations.actions.core import By, Refused, authorise

PRESETS = {SchemeKind.CITY: CITY, SchemeKind.COUNTY: COUNTY}


@dataclass(frozen=True)
class Wording:
    """What a draft says: its name, the first day of its first quarter, its stored form, and what is new."""

    name: str
    valid_from: date
    content: Mapping[str, Any]
    note: str = ""


@transaction.atomic
def draft_scheme(kind: SchemeKind, *, by: By, at: datetime, valid_from: date, base: Scheme | None = None) -> Scheme:
    """A new version, beginning as a copy of another one; as the preset where there is none.

    Raises:
        PermissionDenied: not a city supervisor.
        Refused: another draft of this kind is not finished.
    """
    actor = authorise(by, KEEPS_SCHEMES)
    known = Scheme.objects.select_for_update().filter(kind=kind)
    name = f"{SchemeKind(kind).label}办法({valid_from:%Y})"
    content = base.content if base else written(PRESETS[kind])
    said = {"kind": kind, "name": name, "valid_from": valid_from, "content": content}
    return begin(known, said, base=base.key if base else "preset", by=by, actor=actor, at=at)


@transaction.atomic
def change_scheme(scheme: Scheme, said: Wording, *, by: By, at: datetime) -> bool:
    """Writes into a draft. What is not sound yet is kept all the same; it is refused when it is proposed.

    Returns:
        Whether anything differed.

    Raises:
        PermissionDenied: not a city supervisor.
        Refused: it is no draft any more, or its content is no scheme at all.
    """
    held = hold(scheme, SchemeState.DRAFT, by=by, at=at, keepers=KEEPS_SCHEMES)
    try:
        content = written(read_scheme(said.content))
    except (KeyError, ValueError) as error:
        raise Refused(_("读不懂:%(what)s") % {"what": str(error)[:100]}) from error
    after = {"name": said.name, "valid_from": said.valid_from, "content": content, "note": said.note}
    return held.change(after, untried={"simulated_at": None, "simulation": []})


@transaction.atomic
def simulate_scheme(scheme: Scheme, *, by: By, at: datetime) -> Scheme:
    """Scores past quarters by a draft and keeps who would move, by how much and why.

    Raises:
        PermissionDenied: not a city supervisor.
        Refused: it is no draft, or not sound.
    """
    held = hold(scheme, SchemeState.DRAFT, by=by, at=at, keepers=KEEPS_SCHEMES)
    _sound(held.row)
    simulation = simulate(held.row, at=at)
    told = {"quarters": [one["quarter"] for one in simulation]}
    return held.step("simulate", {"simulation": simulation, "simulated_at": at}, after=told)


@transaction.atomic
def propose_scheme(scheme: Scheme, *, by: By, at: datetime) -> Scheme:
    """Puts a draft before another person.

    Raises:
        PermissionDenied: not a city supervisor.
        Refused: not sound, not simulated as it stands, or its first quarter is scored already.
    """
    held = hold(scheme, SchemeState.DRAFT, by=by, at=at, keepers=KEEPS_SCHEMES)
    _sound_in_time(held.row)
    if held.row.simulated_at is None:
        raise Refused(_("请先用往季数据模拟,再提请审定"))
    return held.propose()


@transaction.atomic
def send_back_scheme(scheme: Scheme, *, by: By, at: datetime) -> Scheme:
    """Makes a proposed version a draft again.

    Raises:
        PermissionDenied: not a city supervisor.
        Refused: it is not proposed.
    """
    return hold(scheme, SchemeState.PROPOSED, by=by, at=at, keepers=KEEPS_SCHEMES).send_back()


@transaction.atomic
def adopt_scheme(scheme: Scheme, *, by: By, at: datetime) -> Scheme:
    """Puts a version in force from its day on. Nobody adopts what they proposed, and nobody edits what was adopted.

    Raises:
        PermissionDenied: not a city supervisor.
        Refused: not proposed, proposed by the same person, or its first quarter is scored already.
    """
    return hold(scheme, SchemeState.PROPOSED, by=by, at=at, keepers=KEEPS_SCHEMES).adopt(_sound_in_time)


@transaction.atomic
def discard_scheme(scheme: Scheme, *, by: By, at: datetime) -> None:
    """Throws a draft away; its wording stays in the trail.

    Raises:
        PermissionDenied: not a city supervisor.
        Refused: it is no draft.
    """
    hold(scheme, SchemeState.DRAFT, by=by, at=at, keepers=KEEPS_SCHEMES).discard()


def _sound(scheme: Scheme) -> None:
    found = problems_of(read_scheme(scheme.content))
    if found:
        raise Refused(";".join(problem.words for problem in found))


def _sound_in_time(scheme: Scheme) -> None:
    """Sound, and from the first day of a quarter on of which nobody has been told a score."""
    _sound(scheme)
    if period_of(scheme.valid_from, Grain.QUARTER).begins != scheme.valid_from:
        raise Refused(_("施行日期应是一个季度的第一天"))
    told = (
        Quarter.objects.filter(begins__gte=scheme.valid_from, objections_from__isnull=False).order_by("begins").first()
    )
    if told is not None:
        raise Refused(_("%(quarter)s的分数已经告知,新办法只能从其后的季度施行") % {"quarter": told.period.name})
