"""An appeal and what belongs to it. What was said, voted and ruled is never changed; later rulings stand beside."""

from __future__ import annotations

import functools
import operator
from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from appeals.ballot import REASON_MIN, SEATS_MIN
from appeals.enums import OPEN_STAGES, Appellant, Effect, Proof, Recusal, Seat, Stage, Vote
from appeals.grounds import Effects
from common.models import append_only, no_truncate
from organizations.enums import SUPERVISOR_ROLES, Role
from organizations.models import Unit
from rectification.models import Case

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from organizations.models import Staff

STAFF = settings.AUTH_USER_MODEL
# Of the management body: who reads every appeal of the division, and who may record what an evaluator confirmed.
READERS = SUPERVISOR_ROLES | {Role.DISPATCHER, Role.AUDITOR}
CONFIRMERS = SUPERVISOR_ROLES | {Role.CALLBACK}


def person(name: _StrPromise, *, optional: bool = False) -> models.ForeignKey:
    """A reference to a member of staff that leads nowhere back."""
    return models.ForeignKey(
        STAFF, on_delete=models.PROTECT, null=optional, blank=optional, related_name="+", verbose_name=name
    )


class WithEffects(models.Model):
    """The three effects, decided apart: in the public count, and in the scores of unit and person."""

    public = models.CharField(_("公开计数"), max_length=8, choices=Effect)
    unit_score = models.CharField(_("单位考核"), max_length=8, choices=Effect)
    staff_score = models.CharField(_("个人考核"), max_length=8, choices=Effect)

    class Meta:
        abstract = True

    @property
    def effects(self) -> Effects:
        return Effects(Effect(self.public), Effect(self.unit_score), Effect(self.staff_score))


class Ground(WithEffects):
    """申诉理由 (domain.md §7.2, proposals for the customer): what it needs, and what it does if it is upheld."""

    code = models.CharField(max_length=4, primary_key=True)
    name = models.CharField(_("理由"), max_length=60)
    # Each inner list holds alternatives; of every list one is needed.
    needs = models.JSONField(_("需要的证据"), default=list)
    upheld_min = models.PositiveSmallIntegerField(_("至少几人认定成立"), default=1)
    hears_citizen = models.BooleanField(_("先请评价人补充事实"), default=False)
    active = models.BooleanField(_("可用"), default=True)
    source = models.CharField(_("依据"), max_length=100)

    class Meta:
        ordering = ["code"]
        constraints = [models.CheckConstraint(condition=Q(upheld_min__gte=1), name="ground_upheld_by_somebody")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


FILED = ("number", "case", "ground", "round", "reviews", "side", "by", "unit", "statement", "other_unit", "filed_at")


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
                fields=["case", "by", "round"], condition=Q(stage=Stage.DRAFT), name="one_draft_of_an_appeal_each"
            ),
            models.UniqueConstraint(
                fields=["case", "ground", "round"],
                condition=~Q(stage__in=[Stage.DRAFT, Stage.WITHDRAWN]),
                name="one_appeal_for_a_ground",
            ),
            models.UniqueConstraint(fields=["case"], condition=Q(stage__in=OPEN_STAGES), name="one_appeal_at_a_time"),
            models.CheckConstraint(
                condition=Q(stage=Stage.DRAFT) | (~Q(number="") & Q(filed_at__isnull=False, due_at__isnull=False)),
                name="filed_appeal_has_a_number",
            ),
            models.CheckConstraint(condition=Q(seats__gte=SEATS_MIN), name="panel_of_three_at_least"),
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


class PanelMember(models.Model):
    """评审名单: who may be drawn, and what they know of. Their unit is that of their membership as 评审成员."""

    staff = models.OneToOneField(STAFF, on_delete=models.PROTECT, related_name="panel_membership")
    expertise = models.CharField(_("专长"), max_length=100, blank=True)
    active = models.BooleanField(_("在册"), default=True)

    def __str__(self) -> str:
        return str(self.staff)


class Relation(models.Model):
    """利害关系申报: a member of the pool is related to a unit or to a person, and sits on none of their appeals."""

    member = models.ForeignKey(PanelMember, on_delete=models.PROTECT, related_name="relations")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    staff = person(_("人员"), optional=True)
    note = models.CharField(_("关系"), max_length=200)
    declared_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=True, staff__isnull=False) | Q(unit__isnull=False, staff__isnull=True),
                name="related_to_one",
            )
        ]

    def __str__(self) -> str:
        return self.note


class Place(models.Model):
    """席位: on whom the lot fell. Who has left keeps the row, with the reason; a deputy who steps in gets one."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="places")
    staff = person(_("评审员"))
    seat = models.CharField(max_length=8, choices=Seat)
    order = models.PositiveSmallIntegerField()
    sits_from = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    left_for = models.CharField(_("离席原因"), max_length=10, choices=Recusal, blank=True)
    asked_note = models.TextField(_("回避理由"), blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["appeal", "staff"], name="one_place_each"),
            models.CheckConstraint(
                condition=Q(left_at=None, left_for="") | (Q(left_at__isnull=False) & ~Q(left_for="")),
                name="left_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appeal} {self.staff}"

    @property
    def sits(self) -> bool:
        """Whether this person's vote is waited for and counted."""
        return self.sits_from is not None and self.left_at is None


class Ballot(models.Model):
    """一票. Cast once, with its reason, never changed; what becomes of it is told by the ruling."""

    place = models.OneToOneField(Place, on_delete=models.PROTECT, related_name="ballot")
    vote = models.CharField(_("表决"), max_length=10, choices=Vote)
    reason = models.TextField(_("理由"))
    lenient = models.BooleanField(_("建议容错"), default=False)
    lenient_basis = models.TextField(_("容错依据"), blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.lookups.GreaterThanOrEqual(Length(F("reason")), REASON_MIN), name="vote_has_a_reason"
            ),
            models.CheckConstraint(condition=Q(lenient=False) | ~Q(lenient_basis=""), name="leniency_has_a_basis"),
        ]
        triggers = append_only("ballot")

    def __str__(self) -> str:
        return f"{self.place} {self.vote}"


class Ruling(WithEffects):
    """裁定: what votes came to, and the three effects as the ground had them on that day. Never changed."""

    appeal = models.OneToOneField(Appeal, on_delete=models.PROTECT, related_name="ruling")
    outcome = models.CharField(_("裁定"), max_length=10, choices=Vote)
    votes = models.JSONField(_("票数"))
    ends_case = models.BooleanField(_("认定无效"))
    text = models.TextField(_("裁定书"))
    plain = models.TextField(_("给评价人的说明"))
    at = models.DateTimeField()

    class Meta:
        triggers = append_only("ruling")

    def __str__(self) -> str:
        return f"{self.appeal} {self.outcome}"


class Service(models.Model):
    """送达: the ruling in the words that were sent, to whom, and when; the time for a 复核 begins with it."""

    ruling = models.OneToOneField(Ruling, on_delete=models.PROTECT, related_name="service")
    text = models.TextField(_("裁定书"))
    plain = models.TextField(_("给评价人的说明"))
    by = person(_("送达人"), optional=True)
    at = models.DateTimeField()
    review_until = models.DateTimeField(_("复核期限"))

    class Meta:
        triggers = append_only("service")

    def __str__(self) -> str:
        return f"{self.ruling} {self.at:%F}"


class CitizenFact(models.Model):
    """评价人补充的事实, asked for before a ruling on W6 or W7. The link is kept hashed; an answer may stay empty."""

    appeal = models.OneToOneField(Appeal, on_delete=models.PROTECT, related_name="citizen_fact")
    token_hash = models.CharField(max_length=64, unique=True)
    text = models.TextField(_("补充的事实"), blank=True)
    asked_at = models.DateTimeField()
    said_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.appeal}"
