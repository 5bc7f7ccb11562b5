"""Questions of joint files: which cases belong to one, who of their citizens knows, what a case's own page shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Max, OuterRef, Q, Subquery

from assessment.queries import classes_of
from identity.queries import known_names
from identity.redaction import redact
from organizations.models import Staff
from oversight.courses import stage_label
from oversight.enums import EntryKind, Kind, Told
from oversight.models import Dossier, DossierCase, JointTelling
from oversight.models.dossiers import DROPPED, FINAL
from oversight.outcomes import Concerned, standing
from rectification.enums import VOID_STATES, ContactKind, ContactResult
from rectification.models import Case, ContactAttempt

FOUND_MOST, LOOKED_AT = 30, 400
# What a person must look at before others read it is not shown to those who may not read the case.
HIDDEN = "（原文待人工核对，不在此显示）"


@dataclass(frozen=True)
class JoinedCase:
    """One joined case as a reader of the file sees it.

    said: what the citizen said, without what identifies somebody. seen: the reader may open the case.
    """

    case: Case
    why: str
    said: str
    seen: bool
    told: Told
    replied_at: datetime | None
    called_at: datetime | None
    told_at: datetime | None


def concerned_of(dossier: Dossier) -> dict[str, Concerned]:
    """What the closing of a joint file depends on, by the numbers of its cases: two questions."""
    told_at = _told_at(dossier)
    cases = Case.objects.filter(dossiers__dossier=dossier)
    return {case.number: _concerned(case, told_at.get(case.pk)) for case in cases}


def _told_at(dossier: Dossier) -> dict[int, datetime]:
    rows = JointTelling.objects.filter(file=dossier.pk).order_by().values_list("case_id")
    return dict(rows.annotate(last=Max("at")))


def _concerned(case: Case, told_at: datetime | None) -> Concerned:
    return Concerned(case.reachable, case.state in VOID_STATES, case.replied_at, told_at)


def joined_cases(dossier: Dossier, user: Staff) -> list[JoinedCase]:
    """The cases of a file with how their citizens stand: four questions, however many there are."""
    reached = ContactAttempt.objects.filter(kind=ContactKind.CALLBACK, result=ContactResult.REACHED)
    called = reached.filter(case=OuterRef("case")).order_by("-at").values("at")[:1]
    rows = list(dossier.cases.select_related("case__unit").annotate(called_at=Subquery(called)))
    seen = set(Case.objects.visible_to(user).filter(dossiers__dossier=dossier).values_list("pk", flat=True))
    told_at, names = _told_at(dossier), known_names()
    resolved_at = dossier.joint.resolved_at
    found = []
    for row in rows:
        case, told = row.case, told_at.get(row.case_id)
        read = redact(case.text, names)
        said = read.text if case.pk in seen or not read.needs_human else HIDDEN
        how = standing(_concerned(case, told), resolved_at)
        found.append(JoinedCase(case, row.why, said, case.pk in seen, how, case.replied_at, row.called_at, told))
    return found


# --- on the page of a case ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class EntryLine:
    """What was done together, as the page of a case shows it."""

    kind: str
    held_on: date
    place: str
    participants: str
    found: str


@dataclass(frozen=True)
class OfCase:
    """A joint file that a case belongs to."""

    number: str
    title: str
    stage: str
    final: bool
    lead: str
    solution: str
    entries: list[EntryLine] = field(default_factory=list)


def files_of_case(case: Case) -> list[OfCase]:
    """The joint files of a case with what was done in them: one question, since the page of a case has few to spare."""
    entry = "dossier__joint__entries__"
    columns = ("kind", "held_on", "place", "participants", "found")
    rows = (
        DossierCase.objects.filter(case=case, dossier__kind=Kind.JOINT)
        .exclude(dossier__stage=DROPPED)
        .order_by("dossier__number", f"{entry}held_on", f"{entry}pk")
        .values_list(
            "dossier__number",
            "dossier__title",
            "dossier__stage",
            "dossier__unit__short_name",
            "dossier__joint__solution",
            *(entry + name for name in columns),
        )
    )
    found: dict[str, OfCase] = {}
    for number, title, stage, lead, solution, kind, *rest in rows:
        words = str(stage_label(Kind.JOINT, stage))
        file = OfCase(number, title, words, stage in FINAL, lead or "", solution or "")
        one = found.setdefault(number, file)
        if kind:
            one.entries.append(EntryLine(str(EntryKind(kind).label), *rest))
    return list(found.values())


# --- which cases may be joined --------------------------------------------------------------------------------


def open_file_of(case: Case) -> Dossier | None:
    """The joint file that works on a case now, if there is one."""
    rows = Dossier.objects.of(Kind.JOINT).exclude(stage__in=FINAL)
    return rows.filter(cases__case=case).first()


def like_cases(user: Staff, dossier: Dossier, *, group: str, words: str, at: datetime) -> list[tuple[Case, str]]:
    """Cases that somebody may see, of a problem class and with some words in text or matter, with their class.

    Args:
        group: the name of a class; empty for any. words: any text; empty for any.
    """
    rows = Case.objects.visible_to(user).filter(region_code__startswith=dossier.region.prefix)
    if words:
        rows = rows.filter(Q(text__icontains=words) | Q(item_name__icontains=words) | Q(number__istartswith=words))
    busy = DossierCase.objects.filter(dossier__kind=Kind.JOINT).exclude(dossier__stage__in=FINAL)
    found = list(rows.exclude(pk__in=busy.values("case")).select_related("unit").order_by("-received_at")[:LOOKED_AT])
    classes = classes_of([case.pk for case in found], at=at)
    named = ((case, classes[case.pk].names) for case in found)
    return [(case, "、".join(sorted(names))) for case, names in named if not group or group in names][:FOUND_MOST]
