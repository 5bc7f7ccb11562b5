"""The case: an immutable copy of what was said, a state, and the history of every act."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from common.models import ActedBy, append_only, no_truncate
from identity.models import Evaluator
from organizations.enums import REGION_ROLES, Role
from organizations.models import Hall, ServiceItem, Unit, Window, any_prefix
from rectification.enums import (
    FINAL_STATES,
    OPEN_STATES,
    Action,
    Complexity,
    Judgement,
    Outcome,
    Source,
    State,
    Target,
    Verdict,
    Verification,
)

if TYPE_CHECKING:
    from organizations.models import Staff


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> CaseQuerySet:
        return self.filter(state__in=OPEN_STATES)

    def in_state(self, *states: State) -> CaseQuerySet:
        return self.filter(state__in=states)

    def visible_to(self, user: Staff) -> CaseQuerySet:
        """The cases this person may see; the one source for list, detail, count, export and API.

        Window staff see their own cases and the unclaimed ones of their unit, a department supervisor those of
        the unit's subtree, co-handlers what they were asked into, the management body its division. Nobody sees
        the identity of the evaluator here. The three administrators see no case, and nobody what the portal has said
        to itself.
        """
        condition = Q(pk__in=[])
        co_units: list[str] = []
        for membership in user.duties:
            path = membership.unit.path
            if membership.role == Role.WINDOW:
                mine = Q(handler=user) | Q(handler=None, unit=membership.unit)
                condition |= mine & ~Q(rated_staff=user)
                co_units.append(path)
            elif membership.role == Role.UNIT_SUPERVISOR:
                condition |= Q(unit__path__startswith=path)
                co_units.append(path)
            elif membership.role in REGION_ROLES:
                condition |= Q(region_code__startswith=membership.region_prefix)
        if co_units:
            asked = CoHandling.objects.filter(any_prefix("unit__path", co_units), case=OuterRef("pk"))
            condition |= Q(Exists(asked))
        return self.filter(condition).exclude(source=Source.TEST)


class Case(models.Model):
    """差评件. What the citizen said is copied at birth and the database refuses to change it."""

    number = models.CharField(_("编号"), max_length=9, unique=True)
    source = models.CharField(_("来源"), max_length=12, choices=Source)
    tracking_hash = models.CharField(max_length=64, editable=False)

    level = models.PositiveSmallIntegerField(_("满意度"))
    text = models.TextField(_("评价原文"), blank=True)
    tags = models.JSONField(_("评价标签"), default=list)  # [{"code": "109", "label": "…", "class": "…"}]
    target = models.CharField(_("评价对象"), max_length=12, choices=Target)
    channel = models.CharField(_("评价渠道"), max_length=20)
    item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, null=True, blank=True)
    item_name = models.CharField(_("事项"), max_length=200, blank=True)
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, null=True, blank=True)
    window = models.ForeignKey(Window, on_delete=models.PROTECT, null=True, blank=True)
    place = models.CharField(_("办理地点"), max_length=200, blank=True)
    rated_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("被评价单位"))
    rated_unit_name = models.CharField(_("被评价单位"), max_length=100)
    rated_staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    evaluator = models.ForeignKey(Evaluator, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    served_at = models.DateTimeField(_("服务时间"), null=True, blank=True)
    received_at = models.DateTimeField(_("接收时间"))

    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.RECEIVED)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="cases", verbose_name=_("责任单位"))
    unit_name = models.CharField(_("责任单位"), max_length=100)
    region_code = models.CharField(_("区划代码"), max_length=12)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    suspended_from = models.CharField(max_length=12, blank=True, choices=State)
    checking_from = models.CharField(max_length=12, blank=True, choices=State)

    judged_true = models.CharField(_("是否属实"), max_length=8, blank=True, choices=Judgement)
    judged_reasonable = models.CharField(_("是否合理"), max_length=8, blank=True, choices=Judgement)
    judged_malicious = models.CharField(_("是否恶意"), max_length=8, blank=True, choices=Judgement)
    complexity = models.CharField(_("分类"), max_length=8, choices=Complexity, default=Complexity.SIMPLE)
    refusals = models.PositiveSmallIntegerField(_("退回次数"), default=0)
    rework_round = models.PositiveSmallIntegerField(_("二次整改轮次"), default=0)
    reopenings = models.PositiveSmallIntegerField(_("重新打开次数"), default=0)
    typical = models.BooleanField(_("典型案例"), default=False)
    text_hidden = models.BooleanField(_("不公开文字"), default=False)

    outcome = models.CharField(_("办理结果"), max_length=10, blank=True, choices=Outcome)
    verification = models.CharField(_("核实方式"), max_length=12, blank=True, choices=Verification)
    verdict = models.CharField(_("整改满意度"), max_length=12, blank=True, choices=Verdict)
    dispatched_at = models.DateTimeField(_("转办时间"), null=True, blank=True)
    contacted_at = models.DateTimeField(_("联系时间"), null=True, blank=True)
    replied_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    verified_at = models.DateTimeField(_("核实时间"), null=True, blank=True)
    closed_at = models.DateTimeField(_("销号时间"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_by_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=0)

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["unit", "state"], name="case_unit_state"),
            models.Index(fields=["handler"], condition=~Q(state__in=FINAL_STATES), name="case_handler_open"),
            models.Index(fields=["region_code", "state"], name="case_region_state"),
            models.Index(fields=["-received_at", "-id"], name="case_newest"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=5), name="case_level"),
            models.CheckConstraint(
                condition=~Q(state=State.CLOSED)
                | (
                    Q(verified_at__isnull=False, closed_at__isnull=False, closed_by__isnull=False)
                    & ~Q(outcome="")
                    & ~Q(verification="")
                ),
                name="closed_case_has_verified_outcome",
            ),
            models.CheckConstraint(
                condition=Q(closed_by_unit=None) | (~Q(closed_by_unit=F("unit")) & ~Q(closed_by_unit=F("rated_unit"))),
                name="unit_never_closes_its_own_case",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.CLOSED) | Q(closed_by_unit__isnull=False), name="closer_has_a_unit"
            ),
            models.CheckConstraint(
                condition=Q(handler=None) | Q(rated_staff=None) | ~Q(handler=F("rated_staff")),
                name="rated_person_never_handles",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="said_is_said",
                fields=[
                    "number",
                    "source",
                    "tracking_hash",
                    "level",
                    "text",
                    "tags",
                    "target",
                    "channel",
                    "item",
                    "item_name",
                    "hall",
                    "window",
                    "place",
                    "rated_unit",
                    "rated_unit_name",
                    "rated_staff",
                    "served_at",
                    "received_at",
                ],
            ),
            pgtrigger.Protect(name="case_no_delete", operation=pgtrigger.Delete),
            no_truncate("case"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def reachable(self) -> bool:
        """Whether the evaluator left a number: without one there is nobody to contact or call back."""
        return self.evaluator_id is not None

    @property
    def main_reason(self) -> str:
        return self.tags[0]["label"] if self.tags else self.text[:30]


class CaseEvent(ActedBy):
    """办理经过: one act on one case. Append-only; the citizen sees the public ones."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    action = models.CharField(_("行为"), max_length=24, choices=Action)
    at = models.DateTimeField(_("时间"))
    from_state = models.CharField(max_length=12, blank=True, choices=State)
    to_state = models.CharField(max_length=12, choices=State)
    note = models.TextField(_("说明"), blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["case", "id"])]
        triggers = append_only("event")

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.get_action_display()} {self.from_state}→{self.to_state}"


class ChangedCase(models.Model):
    """A case that began or ceased to count as a valid 差评; left in the same transaction as the act that changed it.

    The reader on the right claims and deletes these rows. No key but its own, so that writers never wait.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+")

    def __str__(self) -> str:
        return str(self.case_id)


class Dwell(models.Model):
    """停留: how long a case lay with which unit. A return to and fro never resets the case's own clocks."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="dwells")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit_name = models.CharField(max_length=100)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="one_dwell_at_a_time")]

    def __str__(self) -> str:
        return f"{self.unit_name} {self.began_at:%F %T}"


class CoHandling(models.Model):
    """协办: another unit's part in a case, with its own duty and answer; the lead (牵头) stays the case's unit."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="co_handlings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="co_handlings")
    task = models.TextField(_("请协办的事"))
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(_("协办意见"), blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["case", "unit"], name="co_handler_once")]

    def __str__(self) -> str:
        return f"{self.unit}: {self.task[:30]}"
