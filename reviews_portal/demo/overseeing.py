"""What oversight did in the demo city, quarter by quarter, before each was closed: so that its notice tells of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.conf import settings
from django.utils import timezone

from assessment.periods import Period
from reviews_portal.demo.campaigning import campaigns_now, drives_of, run_campaign
from reviews_portal.demo.field import Scene, Walks, inspect_and_warn
from reviews_portal.demo.meeting import Meetings

# The city's report counts 21 departments and as many problems solved.
YEAR_OF_WALKS, SOME_WALKS = (21, 0), (6, 1)


@dataclass
class Overseeing:
    """Campaigns, meetings and walks of the city, told as its quarters pass.

    frozen: the quarters that are closed, the oldest first. newest: the past one that is not.
    """

    scene: Scene
    meetings: Meetings
    walks: Walks
    frozen: Sequence[Period]
    newest: Period

    def quarter(self, period: Period) -> None:
        """What was done within a quarter; first the meeting about the one before, whose agenda is of its time."""
        until = _midnight(period.after)
        if period.before() in self.frozen:
            self.meetings.tell(period.before(), until)
        for drive in drives_of(self.frozen).get(period.begins, ()):
            run_campaign(drive, period, self.scene.people, self.scene.units, self.scene.clock)
        self.meetings.follow_up(until)
        self.walks.upto(period.after)

    def since(self, now: datetime) -> None:
        """What was done since the newest past quarter, and what is at work today."""
        self.meetings.tell(self.newest, now)
        self.meetings.follow_up(now)
        self.walks.rest(now)
        inspect_and_warn(self.scene, now)
        campaigns_now(self.scene.people, self.scene.units, self.scene.clock, now=now)


def overseeing(scene: Scene, frozen: Sequence[Period], newest: Period, *, now: datetime) -> Overseeing:
    """Everything at its beginning.

    Args:
        now: nothing happens after it.
    """
    count, unsolved = YEAR_OF_WALKS if settings.DEMO_YEAR else SOME_WALKS
    walks = Walks(scene, frozen[0].begins, timezone.localdate(now), count, unsolved)
    return Overseeing(scene, Meetings(scene), walks, frozen, newest)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
