"""考核办法: a draft is written, simulated on past quarters, proposed by one person and adopted by another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from assessment.access import KEEPS_SCHEMES
from assessment.enums import Grain, SchemeKind, SchemeState
from assessment.models import Quarter, Scheme
from assessment.periods import period_of
from assessment.queries.simulation import simulate
from assessment.scoring import problems_of, read_scheme, written
from assessment.scoring.preset import CITY, COUNTY
from common.actions import record_audit
from organizations.actions.core import By, Refused, authorise
from organizations.models import Staff

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
    if known.filter(state__in=[SchemeState.DRAFT, SchemeState.PROPOSED]).exists():
        raise Refused(_("已有一个未审定的版本,请先改完或删除"))
    version = (known.order_by().aggregate(last=Max("version"))["last"] or 0) + 1
    made = Scheme.objects.create(
        kind=kind,
        version=version,
        name=f"{SchemeKind(kind).label}办法({valid_from:%Y})",
        valid_from=valid_from,
        content=base.content if base else written(PRESETS[kind]),
        changed_at=at,
        changed_by=by if isinstance(by, Staff) else None,
    )
    record_audit("scheme.draft", ("scheme", made.key), by=actor, at=at, after={"base": base.key if base else "preset"})
    return made


@transaction.atomic
def change_scheme(scheme: Scheme, said: Wording, *, by: By, at: datetime) -> bool:
    """Writes into a draft. What is not sound yet is kept all the same; it is refused when it is proposed.

    Returns:
        Whether anything differed.

    Raises:
        PermissionDenied: not a city supervisor.
        Refused: it is no draft any more, or its content is no scheme at all.
    """
    actor = authorise(by, KEEPS_SCHEMES)
    locked = _locked(scheme, SchemeState.DRAFT)
    try:
        content = written(read_scheme(said.content))
    except (KeyError, ValueError) as error:
        raise Refused(_("读不懂:%(what)s") % {"what": str(error)[:100]}) from error
    before = {"name": locked.name, "valid_from": locked.valid_from, "content": locked.content, "note": locked.note}
    after = {"name": said.name, "valid_from": said.valid_from, "content": content, "note": said.note}
    changed = {name: value for name, value in after.items() if value != before[name]}
    if not changed:
        return False
    for name, value in changed.items():
        setattr(locked, name, value)
    locked.changed_at, locked.changed_by = at, by if isinstance(by, Staff) else None
    if "content" in changed or "valid_from" in changed:
        locked.simulated_at, locked.simulation = None, []
    locked.save()
    old = {name: before[name] for name in changed}
    record_audit("scheme.change", ("scheme", locked.key), by=actor, at=at, before=old, after=changed)
    return True


@transaction.atomic
def simulate_scheme(scheme: Scheme, *, by: By, at: datetime) -> Scheme:
    """Scores past quarters by a draft and keeps who would move, by how much and why.

    Raises:
        PermissionDenied: not a city supervisor.
        Refused: it is no draft, or not sound.
    """
    actor = authorise(by, KEEPS_SCHEMES)
    locked = _locked(scheme, SchemeState.DRAFT)
    _sound(locked)
    locked.simulation, locked.simulated_at = simulate(locked, at=at), at
    locked.save(update_fields=["simulation", "simulated_at"])
    told = {"quarters": [one["quarter"] for one in locked.simulation]}
    record_audit("scheme.simulate", ("scheme", locked.key), by=actor, at=at, after=told)
    return locked


@transaction.atomic
def propose_scheme(scheme: Scheme, *, by: By, at: datetime) -> Scheme:
    """Puts a draft before another person.

    Raises:
        PermissionDenied: not a city supervisor.
        Refused: not sound, not simulated as it stands, or its first quarter is scored already.
    """
    actor = authorise(by, KEEPS_SCHEMES)
    locked = _locked(scheme, SchemeState.DRAFT)
    _sound(locked)
    _in_time(locked)
    if locked.simulated_at is None:
        raise Refused(_("请先用往季数据模拟,再提请审定"))
    locked.state, locked.proposed_at = SchemeState.PROPOSED, at
    locked.proposed_by = by if isinstance(by, Staff) else None
    locked.save(update_fields=["state", "proposed_at", "proposed_by"])
    record_audit("scheme.propose", ("scheme", locked.key), by=actor, at=at)
    return locked


@transaction.atomic
def send_back_scheme(scheme: Scheme, *, by: By, at: datetime) -> Scheme:
    """Makes a proposed version a draft again.

    Raises:
        PermissionDenied: not a city supervisor.
        Refused: it is not proposed.
    """
    actor = authorise(by, KEEPS_SCHEMES)
    locked = _locked(scheme, SchemeState.PROPOSED)
    locked.state, locked.proposed_at, locked.proposed_by = SchemeState.DRAFT, None, None
    locked.save(update_fields=["state", "proposed_at", "proposed_by"])
    record_audit("scheme.send_back", ("scheme", locked.key), by=actor, at=at)
    return locked


@transaction.atomic
def adopt_scheme(scheme: Scheme, *, by: By, at: datetime) -> Scheme:
    """Puts a version in force from its day on. Nobody adopts what they proposed, and nobody edits what was adopted.

    Raises:
        PermissionDenied: not a city supervisor.
        Refused: not proposed, proposed by the same person, or its first quarter is scored already.
    """
    actor = authorise(by, KEEPS_SCHEMES)
    locked = _locked(scheme, SchemeState.PROPOSED)
    if isinstance(by, Staff) and locked.proposed_by_id == by.pk:
        raise Refused(_("提请的人不能审定,请另一位市级督导审定"))
    _sound(locked)
    _in_time(locked)
    locked.state, locked.adopted_at = SchemeState.ADOPTED, at
    locked.adopted_by = by if isinstance(by, Staff) else None
    locked.save(update_fields=["state", "adopted_at", "adopted_by"])
    record_audit("scheme.adopt", ("scheme", locked.key), by=actor, at=at, after={"valid_from": locked.valid_from})
    return locked


@transaction.atomic
def discard_scheme(scheme: Scheme, *, by: By, at: datetime) -> None:
    """Throws a draft away; its wording stays in the trail.

    Raises:
        PermissionDenied: not a city supervisor.
        Refused: it is no draft.
    """
    actor = authorise(by, KEEPS_SCHEMES)
    locked = _locked(scheme, SchemeState.DRAFT)
    record_audit("scheme.discard", ("scheme", locked.key), by=actor, at=at, before={"content": locked.content})
    locked.delete()


def _locked(scheme: Scheme, state: SchemeState) -> Scheme:
    locked = Scheme.objects.select_for_update().filter(pk=scheme.pk).first()
    if locked is None or locked.state != state:
        raise Refused(_("这个版本已不是“%(state)s”,请刷新页面") % {"state": state.label})
    return locked


def _sound(scheme: Scheme) -> None:
    found = problems_of(read_scheme(scheme.content))
    if found:
        raise Refused(";".join(problem.words for problem in found))


def _in_time(scheme: Scheme) -> None:
    """From the first day of a quarter on of which nobody has been told a score."""
    if period_of(scheme.valid_from, Grain.QUARTER).begins != scheme.valid_from:
        raise Refused(_("施行日期应是一个季度的第一天"))
    told = (
        Quarter.objects.filter(begins__gte=scheme.valid_from, objections_from__isnull=False).order_by("begins").first()
    )
    if told is not None:
        raise Refused(_("%(quarter)s的分数已经告知,新办法只能从其后的季度施行") % {"quarter": told.period.name})
