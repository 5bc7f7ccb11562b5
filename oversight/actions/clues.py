"""问责线索: proposed by a rule or raised by a person, the unit asked and heard. Nothing is automatic against a unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from common.actions import NoticeText, notify
from common.failpoints import failpoint
from organizations.actions import Refused
from organizations.models import Region, Staff, Unit
from organizations.queries import supervisors_of_unit
from oversight.access import managing, speaks_for
from oversight.actions.dossiers import Subject, begin, finish, keep_picture, open_dossier, take_step
from oversight.actions.sealing import admit, first_insiders
from oversight.actions.timing import count_due
from oversight.enums import ClueAct, ClueSort, ClueStage, FileSide, Kind, Part
from oversight.models import Clue, Dossier, Hearing, Statement
from oversight.queries.clue_rules import Proposal, found_by_rule
from rectification.enums import TimeUnit
from rectification.models import Case


@dataclass(frozen=True)
class Raised:
    """What a person raises a clue with."""

    unit: Unit
    sort: ClueSort
    about: str
    cases: Iterable[Case] = ()


@transaction.atomic
def propose_clue(found: Proposal, *, at: datetime) -> Dossier | None:
    """Puts what a rule found before the supervisors who may know of it, once per key.

    Returns:
        None where it was proposed before, or where nobody is there who may know of it.
    """
    if Dossier.objects.filter(key=found.key).exists():
        return None
    region = found.unit.region
    people = first_insiders(found.unit, region, at, city_only=found.city_only)
    if not people:
        return None
    with translation.override(settings.LANGUAGE_CODE):
        title = f"{found.unit.short_name}:{found.sort.label}"
        why = _("由规则发现,交督导处理")
    cases = [(case, "") for case in found.cases]
    subject = Subject(title, "\n".join(found.words), found.unit)
    parts = [(found.unit, Part.SUBJECT)]
    row = open_dossier(Kind.CLUE, region, subject, by=None, at=at, key=found.key, parts=parts, cases=cases)
    if Clue.objects.filter(dossier=row).exists():
        return None
    evidence = [{"words": line} for line in found.words]
    Clue.objects.create(dossier=row, sort=found.sort, rule=found.rule, evidence=evidence, source=found.source)
    for person in people:
        admit(row, person, why, by=None, at=at)
    failpoint("clue_proposed")
    if found.at_once:
        row = finish(begin(row, ClueAct.TAKE_UP, by=None, at=at))
    text = NoticeText(f"clue:{row.pk}", "clue.proposed", row.number, reverse("dossier", args=[row.number]))
    notify([one.pk for one in people], text, at=at)
    return row


@transaction.atomic
def raise_clue(region: Region, said: Raised, *, by: Staff, at: datetime) -> Dossier:
    """A person raises a clue; who raised it may know of it, and lets others in.

    Raises:
        PermissionDenied: somebody who does not lead what lies in the division, or sits in the unit.
        Refused: a unit of another division, or nothing is said.
    """
    if managing(by.duties, region.code, said.unit) is None:
        raise PermissionDenied
    if not said.unit.region.code.startswith(region.prefix):
        raise Refused(_("这个单位不在本地区。"))
    if not said.about.strip():
        raise Refused(_("请写明线索内容。"))
    with translation.override(settings.LANGUAGE_CODE):
        title, why = f"{said.unit.short_name}:{said.sort.label}", _("立线索的人")
    row = open_dossier(
        Kind.CLUE,
        region,
        Subject(title, said.about.strip(), said.unit),
        by=by,
        at=at,
        parts=[(said.unit, Part.SUBJECT)],
        cases=[(case, "") for case in said.cases],
    )
    Clue.objects.create(dossier=row, sort=said.sort, evidence=[{"words": said.about.strip()}])
    admit(row, by, why, by=by, at=at)
    return finish(begin(row, ClueAct.TAKE_UP, by=by, at=at))


def take_up(row: Dossier, *, by: Staff, at: datetime, note: str = "", seen: int | None = None) -> Dossier:
    """立为线索: a supervisor takes up what a rule found."""
    return take_step(row, ClueAct.TAKE_UP, by=by, at=at, note=note, seen=seen)


@transaction.atomic
def ask_unit(
    row: Dossier,
    question: str,
    *,
    by: Staff,
    at: datetime,
    days: int | None = None,
    with_cases: bool = True,
    seen: int | None = None,
) -> Statement:
    """请你单位说明: the unit is asked, by a day; it sees the question and, if wanted, the cases, and nothing else.

    Args:
        days: working days it has; CLUE_ANSWER_DAYS if not given.

    Raises:
        Refused: nothing is asked, an earlier question waits, or the course does not allow it.
    """
    move = begin(row, ClueAct.ASK, by=by, at=at, seen=seen)
    unit = move.dossier.unit
    if unit is None or not question.strip():
        raise Refused(_("请写明要单位说明什么。"))
    if row.statements.filter(answered_at=None).exists():
        raise Refused(_("上一次要求的说明还没有收到。"))
    amount = days or settings.CLUE_ANSWER_DAYS
    asked = Statement(
        dossier=move.dossier,
        unit=unit,
        question=question.strip(),
        cases=list(row.cases.values_list("case_id", flat=True)) if with_cases else [],
        amount=amount,
        time_unit=TimeUnit.WORKING_DAYS,
        started_at=at,
        asked_by=by,
    )
    count_due(asked, amount, at=at)
    asked.save()
    finish(move, note=question, data={"due": asked.due_at.isoformat()})
    tell_asked(asked, f"statement:{asked.pk}", "clue.asked", at=at)
    return asked


def tell_asked(asked: Statement, key: str, kind: str, *, at: datetime) -> None:
    """Tells who speaks for a unit that it is asked something, without a word of what it is about."""
    with translation.override(settings.LANGUAGE_CODE):
        words = _("请你单位就有关情况作出说明")
    people = [one.pk for one in supervisors_of_unit(asked.unit, timezone.localdate(at))]
    notify(people, NoticeText(key, kind, words, reverse("statement", args=[asked.pk]), asked.due_at), at=at)


@transaction.atomic
def answer_question(
    statement: Statement, text: str, *, by: Staff, at: datetime, pictures: Sequence[IO[bytes]] = ()
) -> Statement:
    """The unit says what it has to say, once; also after the due time, as long as no level is proposed.

    Raises:
        PermissionDenied: nobody who speaks for the unit.
        Refused: it has answered, says nothing, the matter has gone on, or a picture is none.
    """
    if speaks_for(by.duties, statement.unit) is None:
        raise PermissionDenied
    dossier = Dossier.objects.get(pk=statement.dossier_id)
    if dossier.stage not in (ClueStage.ASKED, ClueStage.ANSWERED):
        raise Refused(_("这项说明已经结束,不再接收。"))
    move = begin(dossier, ClueAct.ANSWER, by=by, at=at)
    kept = Statement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
    if kept.answered_at is not None:
        raise Refused(_("已经作过说明。"))
    if not text.strip():
        raise Refused(_("请写明情况。"))
    kept.answer, kept.answered_at, kept.answered_by = text.strip(), at, by
    kept.save(update_fields=["answer", "answered_at", "answered_by"])
    made = [keep_picture(move.dossier, one, FileSide.ANSWER, by=by, at=at, statement=kept) for one in pictures]
    finish(move, note=kept.answer, data={"pictures": [one.sha256 for one in made]})
    tell_insiders(move.dossier, f"answer:{kept.pk}", "clue.answered", at)
    return kept


@transaction.atomic
def record_hearing(
    row: Dossier, held_on: date, who: str, record: str, *, by: Staff, at: datetime, seen: int | None = None
) -> Hearing:
    """听取陈述申辩: the record of it.

    Raises:
        Refused: the day is to come, or nothing is said.
    """
    move = begin(row, ClueAct.HEAR, by=by, at=at, seen=seen)
    if held_on > timezone.localdate(at):
        raise Refused(_("日期不能晚于今天。"))
    if not who.strip() or not record.strip():
        raise Refused(_("请写明谁参加、说了什么。"))
    made = Hearing.objects.create(dossier=move.dossier, held_on=held_on, who=who, record=record, by=by, at=at)
    finish(move, note=record)
    return made


def propose_found(*, at: datetime) -> int:
    """Puts before the supervisors whatever the rules find, each fact once, however often it is asked.

    Returns:
        How many clues there are now that were not there before.
    """
    return sum(propose_clue(one, at=at) is not None for one in found_by_rule(at=at))


def tell_insiders(row: Dossier, key: str, kind: str, at: datetime) -> None:
    """Tells whoever was let in that something of a sealed dossier has gone on."""
    people = row.insiders.filter(ended_at=None).values_list("staff_id", flat=True)
    notify(people, NoticeText(key, kind, row.number, reverse("dossier", args=[row.number])), at=at)
