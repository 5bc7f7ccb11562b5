"""The third quarter of 2026 in the example city: the presets adopted, ratings and cases in it, and its close."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from assessment import actions
from assessment.enums import EventKind, Grain, SchemeKind
from assessment.models import Quarter, Scheme, UnitScore
from assessment.periods import Period
from common.actors import SYSTEM
from organizations.enums import Role
from organizations.models import Staff
from rectification.enums import State
from rectification.models import Case
from tests.factories import Cast, staff

Q3 = Period(date(2026, 7, 1), Grain.QUARTER)


def moment(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=timezone.get_default_timezone())


BEFORE, AUGUST, CHECKED = moment(6, 25), moment(8, 10), moment(10, 12)
FROZEN = moment(10, 26)


def behind_the_triggers(statement: str, values: Sequence[Any]) -> None:
    """Changes a row as no act can: for what came in late, and for whoever lays hands on the database."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET session_replication_role = origin")


def late_rating(cast: Cast, *, received: datetime) -> None:
    """A rating of August with its service, which come in with a file months later."""
    rating = cast.submit(5, at=AUGUST + timedelta(days=3), phone="").evaluation
    for table in ("evaluation", "service"):
        behind_the_triggers(
            f"UPDATE evaluations_{table} SET received_at = %s WHERE project_number = %s",
            [received, rating.project_number],
        )


@dataclass
class Close:
    """A quarter on its way. fang is the other city supervisor: nobody adopts what they proposed."""

    cast: Cast
    fang: Staff = field(init=False)

    def __post_init__(self) -> None:
        self.fang = staff("fang", "方督导", (Role.CITY_SUPERVISOR, self.cast.body))

    def adopt(self, kind: SchemeKind = SchemeKind.CITY, valid_from: date = Q3.begins) -> Scheme:
        """The preset, through every step of a version."""
        qian, at = self.cast.qian, BEFORE
        draft = actions.draft_scheme(kind, by=qian, at=at, valid_from=valid_from)
        actions.simulate_scheme(draft, by=qian, at=at)
        actions.propose_scheme(draft, by=qian, at=at)
        return actions.adopt_scheme(draft, by=self.fang, at=at)

    def adopt_both(self) -> None:
        for kind in SchemeKind:
            self.adopt(kind)

    def praise(self, count: int = 40, *, at: datetime = AUGUST) -> None:
        """So many content ratings of services at the window, a minute apart."""
        for number in range(count):
            self.cast.submit(5, at=at + timedelta(minutes=number), phone="")

    def late_case(self, *, at: datetime = AUGUST) -> Case:
        """A case that is signed a week late, and otherwise goes the straight way."""
        case = self.cast.rate(1, at=at)
        self.cast.upto(case, State.DISPATCHED, at=at)
        return self.cast.upto(case, State.CLOSED, at=at + timedelta(days=7))

    def share(self, value: str = "0.8", *, key: str = "campaign:1", at: datetime = AUGUST) -> None:
        actions.record_score_event(
            self.cast.unit, Q3, EventKind.CAMPAIGN, Decimal(value), "专项整治第1号", key=key, by=SYSTEM, at=at
        )

    def upto_objections(self, at: datetime = CHECKED) -> Quarter:
        actions.refresh(at=at)
        quarter = actions.open_quarter(Q3, by=self.cast.qian, at=at)
        for step in (actions.check_quarter, actions.preview_quarter, actions.open_objections):
            quarter = step(quarter, by=self.cast.qian, at=at)
        return quarter

    def freeze(self, quarter: Quarter, *, at: datetime = FROZEN) -> Quarter:
        quarter = actions.check_quarter(quarter, by=self.cast.qian, at=at)
        return actions.freeze_quarter(quarter, by=self.cast.qian, at=at)

    def score(self, code: str = "") -> UnitScore:
        """That of the bureau, by the city's scheme."""
        subject = f"unit:{code or self.cast.unit.code}"
        return UnitScore.objects.get(quarter__begins=Q3.begins, kind=SchemeKind.CITY, subject=subject)
