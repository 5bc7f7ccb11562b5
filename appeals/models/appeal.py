"""An appeal and its evidence. What was filed is never changed."""

from __future__ import annotations

import functools
import operator
from typing import TYPE_CHECKING

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from appeals.ballot import SEATS, SEATS_MIN
from appeals.enums import OPEN_STAGES, Appellant, Proof, Screened, Stage
from appeals.models.ground import Ground, person
from appeals.models.panel import Place
from common.models import no_truncate
from organizations.enums import SUPERVISOR_ROLES, Role
from organizations.models import Unit
from rectification.models import Case

if TYPE_CHECKING:
    from organizations.models import Staff

# Of the management body: who reads every appeal of the division, and who may record what an evaluator confirmed.
READERS = SUPERVISOR_ROLES | {Role.DISPATCHER, Role.AUDITOR}
CONFIRMERS = SUPERVISOR_ROLES | {Role.CALLBACK}


FILED = (
    "number",
    "case",
    "ground",
    "round",
    "reviews",
    "side",
    "by",
    "unit",
    "statement",
    "other_unit",
    "other_staff",
    "filed_at",
)


def _changes(field: str) -> pgtrigger.Q:
    return pgtrigger.Q(**{f"old__{field}__df": pgtrigger.F(f"new__{field}")})


class AppealQuerySet(models.QuerySet["Appeal"]):
    def open(self) -> AppealQuerySet:
        return self.filter(stage__in=OPEN_STAGES)

    def filed(self) -> AppealQuerySet:
        return self.exclude(stage=Stage.DRAFT)

    def visible_to(self, user: Staff) -> AppealQuerySet:
        """The appeals this person may see; the one source for list, detail, evidence, votes and counts.

        The parties, the panel that sits, and the management body see what was filed. A draft is its writer's alone;
        only where the evaluator's confirmation has to be recorded do supervisors and callback officers see it.
        Whoever has left a panel, for whatever reason, sees nothing of that appeal.
        """
        places = Place.objects.filter(appeal=OuterRef("pk"), staff=user)
        filed = Q(by=user) | Q(case__rated_staff=user)
        filed |= Q(Exists(places.filter(sits_from__isnull=False, left_at=None)))
        drafts = Q(by=user)
        for membership in user.duties:
            in_region = Q(case__region_code__startswith=membership.region_prefix or "-")
            path = membership.unit.path
            if membership.role == Role.WINDOW:
                mine = Q(case__handler=user) | Q(case__handler=None, case__unit=membership.unit)
                filed |= mine & ~Q(case__rated_staff=user)
            elif membership.role == Role.UNIT_SUPERVISOR:
                filed |= Q(unit__path__startswith=path) | Q(case__unit__path__startswith=path)
            elif membership.role in READERS:
                filed |= in_region
            if membership.role in CONFIRMERS:
                drafts |= in_region & Q(ground__needs__contains=[[Proof.CONFIRMATION.value]])
        seen = (~Q(stage=Stage.DRAFT) & filed) | (Q(stage=Stage.DRAFT) & drafts)
        return self.filter(seen).exclude(Exists(places.exclude(left_at=None)))


class Appeal(models.Model):
    """申诉. One for each ground of a rating; a 复核 is its second round."""

    number = models.CharField(_("编号"), max_length=11, blank=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="appeals")
    ground = models.ForeignKey(Ground, on_delete=models.PROTECT, related_name="+", verbose_name=_("理由"))
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    reviews = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="review", verbose_name=_("复核对象")
    )
    side = models.CharField(_("申诉人"), max_length=10, choices=Appellant)
    by = person(_("提出人"))
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("申诉单位"))
    statement = models.TextField(_("申诉理由和事实"))
    other_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("应负责的单位")
    )
    other_staff = person(_("应评价的人员"), optional=True)
    stage = models.CharField(_("阶段"), max_length=10, choices=Stage, default=Stage.DRAFT)
    begun_at = models.DateTimeField(_("起草时间"))
    filed_at = models.DateTimeField(_("提出时间"), null=True, blank=True)
    due_at = models.DateTimeField(_("裁定期限"), null=True, blank=True)
    heard_by = models.DateTimeField(_("评价人补充截止"), null=True, blank=True)
    seats = models.PositiveSmallIntegerField(_("席位"), default=SEATS_MIN)
    seed = models.CharField(_("抽取种子"), max_length=32, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="appeal_number_once"),
            models.UniqueConstraint(
                fields=["case", "by"], condition=Q(stage=Stage.DRAFT, round=1), name="one_draft_of_an_appeal_each"
            ),
            models.UniqueConstraint(
                fields=["case", "ground", "round"],
                condition=~Q(stage__in=[Stage.DRAFT, Stage.WITHDRAWN]),
                name="one_appeal_for_a_ground",
            ),
            models.UniqueConstraint(
                fields=["case", "ground", "round", "side"],
                condition=~Q(stage=Stage.DRAFT),
                name="one_filing_of_each_side",
            ),
            models.UniqueConstraint(fields=["case"], condition=Q(stage__in=OPEN_STAGES), name="one_appeal_at_a_time"),
            models.CheckConstraint(
                condition=Q(stage=Stage.DRAFT) | (~Q(number="") & Q(filed_at__isnull=False, due_at__isnull=False)),
                name="filed_appeal_has_a_number",
            ),
            models.CheckConstraint(condition=Q(seats__in=SEATS), name="odd_panel_of_three_at_least"),
            models.CheckConstraint(
                condition=Q(round=1, reviews=None) | Q(round=2, reviews__isnull=False), name="one_review"
            ),
            models.CheckConstraint(
                condition=Q(stage__in=OPEN_STAGES, ended_at=None)
                | Q(stage=Stage.DRAFT, ended_at=None)
                | Q(stage__in=[Stage.RULED, Stage.WITHDRAWN], ended_at__isnull=False),
                name="ended_appeal_has_an_end",
            ),
        ]
        indexes = [models.Index(fields=["stage", "due_at"], name="appeal_open")]
        triggers = [
            # Not `ReadOnly`, which knows no condition: a draft may still change.
            pgtrigger.Protect(
                name="filed_is_filed",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__number="") & functools.reduce(operator.or_, map(_changes, FILED)),
            ),
            pgtrigger.Protect(
                name="filed_appeal_stays",
                operation=pgtrigger.Delete,
                condition=~pgtrigger.Q(old__number=""),
            ),
            no_truncate("appeal"),
        ]

    def __str__(self) -> str:
        return self.number or f"draft {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN_STAGES

    @property
    def within_unit(self) -> bool:
        """Whether another person of the same unit is said to be concerned, and no other unit."""
        return self.other_unit_id is None and self.other_staff_id is not None


class Exhibit(models.Model):
    """一件证据: words, or a file that was made anew or kept apart until it was looked at."""

    appeal = models.ForeignKey(Appeal, on_delete=models.CASCADE, related_name="exhibits")
    kind = models.CharField(_("种类"), max_length=14, choices=Proof)
    text = models.TextField(_("说明"), blank=True)
    file = models.FileField(upload_to="appeals/%Y/%m", blank=True)
    name = models.CharField(_("文件名"), max_length=120, blank=True)
    media_type = models.CharField(max_length=60, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    second = models.PositiveIntegerField(_("从第几秒看"), null=True, blank=True)
    happened_at = models.DateTimeField(_("发生时间"), null=True, blank=True)
    by = person(_("提交人"))
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text="") | ~Q(file=""), name="exhibit_is_something"),
            models.CheckConstraint(
                condition=~Q(kind=Proof.RECORDING) | (~Q(file="") & Q(second__isnull=False)),
                name="recording_has_a_second",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="an_exhibit_is_never_edited", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="filed_exhibit_stays",
                operation=pgtrigger.Delete,
                when=pgtrigger.Before,
                func="IF EXISTS (SELECT FROM appeals_appeal WHERE id = OLD.appeal_id AND number <> '') THEN "
                "RAISE EXCEPTION 'evidence of a filed appeal cannot be deleted'; END IF; RETURN OLD;",
            ),
            no_truncate("exhibit"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name or self.text[:20]}"

    @property
    def opens(self) -> bool:
        """Whether it may be opened: words, or a file that was found clean (docs/reliability.md §7.4)."""
        return not self.file or self.verdict == Screened.CLEAN

    @property
    def verdict(self) -> Screened | None:
        """What came of the look at its file; None while it waits, and for words."""
        found = getattr(self, "screening", None)
        return Screened(found.verdict) if found else None

    @property
    def counts(self) -> bool:
        """Whether it is evidence: a file that was found harmful, or that nobody can open, is none."""
        return self.verdict in (None, Screened.CLEAN)


class Screening(models.Model):
    """查毒: what came of looking at a file, and, of a document, the copy that was made anew and is what people open."""

    exhibit = models.OneToOneField(Exhibit, on_delete=models.CASCADE, related_name="screening")
    verdict = models.CharField(_("查毒结果"), max_length=10, choices=Screened)
    engine = models.CharField(max_length=40)
    finding = models.CharField(max_length=200, blank=True)
    file = models.FileField(upload_to="appeals/%Y/%m", blank=True)
    at = models.DateTimeField()

    class Meta:
        triggers = [
            pgtrigger.Protect(name="a_screening_is_never_edited", operation=pgtrigger.Update),
            no_truncate("screening"),
        ]

    def __str__(self) -> str:
        return f"{self.exhibit_id} {self.verdict}"
