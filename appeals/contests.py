"""Whether and how somebody may contest a rating: side, time, grounds that are left, drafts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, Subquery

from appeals.access import sides
from appeals.enums import Appellant, Stage
from appeals.models import Appeal
from appeals.queries import dispatched_at, limit_of
from organizations.models import Staff
from rectification.access import parties
from rectification.enums import Action, Duty, Source, State
from rectification.models import Case, CaseEvent, CaseQuerySet
from rectification.workflow import WITH_UNIT

# Longer than any time for filing, so that the days need not be reckoned for every case there ever was.
LONG_AGO = timedelta(days=60)


@dataclass(frozen=True)
class Contest:
    """How somebody stands towards contesting one case.

    Attributes:
        side: on whose behalf they could.
        until: the last moment for filing; None for a case no unit has got yet.
        draft: theirs, if they have begun one.
        appeals: everything that was filed on the case and that they may see, the oldest first.
        used: codes of grounds that may not be used any more.
    """

    case: Case
    side: Appellant | None
    until: datetime | None
    draft: Appeal | None
    appeals: list[Appeal]
    used: frozenset[str]
    now: datetime

    @property
    def may(self) -> bool:
        """Whether a filing would be in time and is theirs to make."""
        in_time = self.until is not None and self.now <= self.until
        return self.side is not None and in_time and self.case.state in WITH_UNIT


def contest_of(case: Case, user: Staff, at: datetime) -> Contest:
    """How somebody stands towards contesting a case; asked for the page of the case."""
    found = sides(user.pk, parties(user.pk, user.duties, case), case)
    seen = Appeal.objects.visible_to(user).filter(case=case).select_related("ground", "ruling__service", "unit")
    filed = [appeal for appeal in seen.order_by("pk") if appeal.stage != Stage.DRAFT]
    mine = Appeal.objects.filter(case=case, by=user, stage=Stage.DRAFT, round=1).select_related("ground").first()
    side = found[0] if found else None
    # What one side has taken back is used up for that side alone.
    used = Appeal.objects.filter(case=case, round=1).filed().exclude(~Q(side=side or ""), stage=Stage.WITHDRAWN)
    sent = dispatched_at(case) if found else None
    return Contest(
        case=case,
        side=side,
        until=limit_of(Duty.APPEAL_FILE, sent) if sent else None,
        draft=mine,
        appeals=filed,
        used=frozenset(used.values_list("ground_id", flat=True)) if found else frozenset(),
        now=at,
    )


def case_for(user: Staff, number: str) -> Case | None:
    """A case somebody may contest: one they may see, or one in which they were rated."""
    return _cases_of(user).select_related("unit__region").filter(number=number).first()


def _cases_of(user: Staff) -> CaseQuerySet:
    visible = Case.objects.visible_to(user).values("pk")
    rated = Q(rated_staff=user) & ~Q(state__in=[State.RECEIVED, State.PRECHECKED])
    cases: CaseQuerySet = Case.objects.filter(Q(pk__in=visible) | rated).exclude(source=Source.TEST)
    return cases


@dataclass(frozen=True)
class AboutMe:
    """A case in which the reader was rated and which they may contest."""

    case: Case
    until: datetime


def may_still_contest(user: Staff, at: datetime) -> list[AboutMe]:
    """The cases in which somebody was rated and which they may contest today, the most urgent first."""
    sent = CaseEvent.objects.filter(case=OuterRef("pk"), action=Action.DISPATCH).order_by("-id").values("at")[:1]
    rated = Case.objects.filter(rated_staff=user, state__in=WITH_UNIT).exclude(source=Source.TEST)
    cases = rated.annotate(sent=Subquery(sent)).filter(sent__gte=at - LONG_AGO).order_by("sent")
    found = [AboutMe(case, limit_of(Duty.APPEAL_FILE, case.sent)) for case in cases]
    return [one for one in found if at <= one.until]
