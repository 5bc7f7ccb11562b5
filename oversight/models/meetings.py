"""季度联席会议: the meeting of a quarter, its agenda, who came, and what each resolution came from.

Once the minutes are issued they stand, with agenda and attendance; what was wrong in them is added to them.
"""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Deferrable, Q
from django.utils.translation import gettext_lazy as _

from common.models import append_only, no_truncate
from organizations.models import Unit
from oversight.enums import AgendaSource, Presence
from oversight.models.dossiers import Dossier
from oversight.models.notices import QuarterNotice
from oversight.models.tasks import Task

STAFF = settings.AUTH_USER_MODEL
STANDS = """
    IF EXISTS (
        SELECT 1 FROM oversight_meeting
        WHERE dossier_id = COALESCE(NEW.meeting_id, OLD.meeting_id) AND issued_at IS NOT NULL
    ) THEN RAISE EXCEPTION 'the minutes stand once they are issued';
    END IF;
    RETURN COALESCE(NEW, OLD);
"""


def stands(name: str) -> list[pgtrigger.Trigger]:
    """Triggers by which rows of a meeting stand once its minutes are issued.

    Args:
        name: prefix of the trigger names, unique per table.
    """
    changes = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    guard = pgtrigger.Trigger(name=f"{name}_stands", when=pgtrigger.Before, operation=changes, func=STANDS)
    return [guard, no_truncate(name)]


class Meeting(models.Model):
    """One meeting; its quarter is the days of its dossier.

    Attributes:
        starts_at, place, chair: when, where, and who leads it, as text.
        notice: the quarter's notice, which is its annex; None while none is issued.
        called_at: when the units were told of it; from then on they see the agenda.
        issued_at, paper: when the minutes were issued, and the minutes as they stand (`paper.dump`).
    """

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, primary_key=True, related_name="meeting")
    starts_at = models.DateTimeField(_("会议时间"))
    place = models.CharField(_("地点"), max_length=120)
    chair = models.CharField(_("主持人"), max_length=60)
    notice = models.ForeignKey(
        QuarterNotice,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("附件:季度通报"),
    )
    called_at = models.DateTimeField(_("通知时间"), null=True, blank=True)
    issued_at = models.DateTimeField(_("纪要印发时间"), null=True, blank=True)
    paper = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(issued_at=None) | ~Q(paper={}), name="issued_minutes_say_something"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="minutes_stand",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.issued_at IS NOT NULL"),
            ),
            pgtrigger.Protect(name="meeting_no_delete", operation=pgtrigger.Delete),
            no_truncate("meeting"),
        ]

    def __str__(self) -> str:
        return str(self.dossier)


class AgendaItem(models.Model):
    """议题. What the portal proposed and nobody has changed is made anew when it proposes again.

    Attributes:
        number: its place. source: what it is made of. address: where the rows behind its numbers are.
        by_hand: somebody wrote or changed it. said: the minutes of it.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="agenda")
    number = models.PositiveSmallIntegerField(_("顺序"))
    source = models.CharField(_("来源"), max_length=12, choices=AgendaSource)
    title = models.CharField(_("议题"), max_length=120)
    text = models.TextField(_("情况"), blank=True)
    address = models.CharField(max_length=200, blank=True)
    by_hand = models.BooleanField(default=False)
    said = models.TextField(_("纪要"), blank=True)

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="one_place_once", deferrable=Deferrable.DEFERRED)
        ]
        triggers = stands("agenda_item")

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class Attendance(models.Model):
    """到会情况: who came for a unit, with the post, as text."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendance")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("单位"))
    presence = models.CharField(_("到会情况"), max_length=8, choices=Presence)
    name = models.CharField(_("姓名"), max_length=40, blank=True)
    post = models.CharField(_("职务"), max_length=60, blank=True)

    class Meta:
        ordering = ["unit__code"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "unit"], name="comes_once"),
            models.CheckConstraint(condition=Q(presence=Presence.ABSENT) | ~Q(name=""), name="who_came_has_a_name"),
        ]
        triggers = stands("attendance")

    def __str__(self) -> str:
        return f"{self.unit} {self.get_presence_display()}"


class MinutesCorrection(models.Model):
    """更正: what was wrong in issued minutes, added to them. Append-only."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="corrections")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, null=True, blank=True, related_name="corrections")
    text = models.TextField(_("更正内容"))
    by = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("时间"))

    class Meta:
        ordering = ["pk"]
        triggers = append_only("minutes_correction")

    def __str__(self) -> str:
        return f"{self.at:%F} {self.text[:30]}"


class MinutesRead(models.Model):
    """已阅: who of a unit that was to attend has said that the minutes were read. The first one stands. Append-only."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="reads")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("已阅时间"))

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "unit"], name="minutes_read_once")]
        triggers = append_only("minutes_read")

    def __str__(self) -> str:
        return f"{self.unit} {self.at:%F %T}"


class Resolution(models.Model):
    """决议: a task that a meeting gave, and the item it came from. Append-only; its state is the task's."""

    task = models.OneToOneField(Task, on_delete=models.PROTECT, primary_key=True, related_name="resolution")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="resolutions")

    class Meta:
        ordering = ["task_id"]
        triggers = append_only("resolution")

    def __str__(self) -> str:
        return str(self.task)
