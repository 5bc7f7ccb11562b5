"""Who and what: regions, units, halls, windows, service items, staff, memberships and the working-day calendar."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pgtrigger
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from common.models import no_truncate
from common.prepared import Reading
from organizations.enums import (
    REGION_ROLES,
    DayKind,
    RegionLevel,
    Role,
    TaskType,
    Topic,
    UnitLevel,
)

if TYPE_CHECKING:
    from collections.abc import Collection

division_code = RegexValidator(r"^\d{12}\Z", _("区划代码是12位数字"))
uscc_code = RegexValidator(r"^[0-9A-HJ-NPQRTUWXY]{18}\Z", _("统一社会信用代码是18位"))
item_code = RegexValidator(r"^[0-9A-Za-z]{31}\Z", _("事项实施编码是31位字母数字"))


class Region(models.Model):
    """行政区划: a tree by 12-digit code; `prefix` is the part that all regions below share."""

    code = models.CharField(_("区划代码"), max_length=12, unique=True, validators=[division_code])
    name = models.CharField(_("名称"), max_length=60)
    level = models.PositiveSmallIntegerField(_("层级"), choices=RegionLevel)
    functional_zone = models.BooleanField(_("功能区"), default=False)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def prefix(self) -> str:
        """The leading digits shared by this region and everything in it: 4, 6 or 9 of them."""
        return self.code[: self.level]


class UnitQuerySet(models.QuerySet["Unit"]):
    def active(self) -> UnitQuerySet:
        return self.filter(closed_on=None)

    def below(self, paths: Collection[str]) -> UnitQuerySet:
        """The units whose path begins with one of the paths, themselves included."""
        return self.filter(any_prefix("path", paths))


def any_prefix(field: str, prefixes: Collection[str]) -> Q:
    """A condition true where `field` begins with one of the prefixes; false for no prefix at all."""
    condition = Q(pk__in=[])
    for prefix in prefixes:
        condition |= Q(**{f"{field}__startswith": prefix})
    return condition


class Unit(models.Model):
    """部门: a tree by 主管 relation. `path` ("/3/17/") makes "this unit and all below" one prefix search."""

    code = models.CharField(_("单位编码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=100)
    short_name = models.CharField(_("简称"), max_length=30)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, validators=[uscc_code])
    level = models.CharField(_("层级"), max_length=10, choices=UnitLevel)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="units", verbose_name=_("区划"))
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级单位")
    )
    path = models.CharField(max_length=200, blank=True, editable=False, db_index=True)
    supervises = models.BooleanField(_("政务服务管理机构"), default=False)
    phone = models.CharField(_("公开电话"), max_length=20, blank=True)
    closed_on = models.DateField(_("撤并日期"), null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class UnitName(models.Model):
    """单位名称沿革: what a unit was called when. A rating shows the name of its own day."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(_("名称"), max_length=100)
    valid = DateRangeField(_("使用期间"))

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="unit_one_name_a_day",
                expressions=[("unit", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self) -> str:
        return self.name


class Hall(models.Model):
    """政务服务大厅."""

    code = models.CharField(_("大厅编码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=100)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="halls", verbose_name=_("区划"))
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="halls", verbose_name=_("管理单位"))
    address = models.CharField(_("地址"), max_length=200, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class WindowQuerySet(models.QuerySet["Window"]):
    def open(self) -> WindowQuerySet:
        return self.filter(closed_on=None, for_testing=False)

    def probed(self) -> Window | None:
        """The window that the portal rates itself."""
        return self.filter(closed_on=None, for_testing=True).select_related("hall", "unit").order_by("pk").first()

    def kept_by(self, paths: Collection[str]) -> WindowQuerySet:
        """The windows of the units below these paths, and all windows of the halls that these run."""
        return self.filter(any_prefix("unit__path", paths) | any_prefix("hall__unit__path", paths))


class Window(models.Model):
    """窗口: a desk in a hall, staffed by one unit at a time. `sign_code` is all that its static QR holds.

    What is said at one that is for testing counts nowhere: so no window becomes one, and none ceases to be one.
    """

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="windows", verbose_name=_("大厅"))
    number = models.CharField(_("窗口号"), max_length=20)
    name = models.CharField(_("名称"), max_length=60)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="windows", verbose_name=_("进驻单位"))
    sign_code = models.CharField(max_length=24, unique=True, editable=False)
    for_testing = models.BooleanField(_("系统自检用"), default=False, editable=False)
    closed_on = models.DateField(_("关闭日期"), null=True, blank=True)

    objects = WindowQuerySet.as_manager()

    class Meta:
        ordering = ["hall_id", "number"]
        constraints = [models.UniqueConstraint(fields=["hall", "number"], name="window_number_once")]
        triggers = [pgtrigger.ReadOnly(name="a_window_stays_what_it_is", fields=["for_testing"])]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def key(self) -> str:
        """What the trail and the CSV files call it."""
        return f"{self.hall.code}/{self.number}"


class RetiredSign(models.Model):
    """换下的二维码: paper hangs on after 换发, so its code is remembered for good and taken for some days more.

    misused: somebody used it who was not at the window; it stopped at once.
    """

    window = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="retired_signs", verbose_name=_("窗口"))
    sign_code = models.CharField(max_length=24, unique=True, editable=False)
    retired_at = models.DateTimeField(_("换发时间"))
    reason = models.CharField(_("理由"), max_length=500)
    misused = models.BooleanField(_("被冒用"), default=False)

    class Meta:
        ordering = ["-retired_at", "-pk"]

    def __str__(self) -> str:
        return self.sign_code

    def taken_until(self, days: int) -> datetime:
        """Until when ratings through this code are taken under its window.

        Args:
            days: of grace for paper that nobody misused.
        """
        return self.retired_at + timedelta(days=0 if self.misused else days)


class ServiceItem(models.Model):
    """事项, known by its 31-character 实施编码."""

    code = models.CharField(_("实施编码"), max_length=31, unique=True, validators=[item_code])
    name = models.CharField(_("名称"), max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="items", verbose_name=_("实施单位"))
    task_type = models.CharField(_("事项类型"), max_length=2, choices=TaskType)
    topics = ArrayField(models.CharField(max_length=20, choices=Topic), default=list, blank=True)
    closed_on = models.DateField(_("取消日期"), null=True, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Staff(AbstractUser):
    """工作人员. The user name is the staff number (工号)."""

    name = models.CharField(_("姓名"), max_length=60)
    password_changed_at = models.DateTimeField(_("密码修改时间"), null=True, blank=True)
    demo = models.BooleanField(_("演示账号"), default=False)
    first_name = last_name = None  # type: ignore[assignment]  # one field for a Chinese name

    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return f"{self.name}({self.username})"

    def get_full_name(self) -> str:
        return self.name

    @cached_property
    def duties(self) -> list[Membership]:
        """The memberships in force today, with unit and region; one query per request."""
        return DUTIES.every(staff=self.pk, day=timezone.localdate())

    def has_role(self, *roles: Role) -> bool:
        return any(membership.role in roles for membership in self.duties)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def in_force(self, day: date) -> MembershipQuerySet:
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day, staff__is_active=True)


class Membership(models.Model):
    """任职: a role in a unit, from one day to another. What it covers: the unit's subtree or its region."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("人员"))
    role = models.CharField(_("角色"), max_length=20, choices=Role)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("单位"))
    window = models.ForeignKey(Window, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("窗口"))
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="membership_dates_in_order"
            ),
            ExclusionConstraint(
                name="membership_no_two_admin_roles",
                expressions=[
                    ("staff", RangeOperators.EQUAL),
                    ("role", RangeOperators.NOT_EQUAL),
                    (
                        Func(F("valid_from"), F("valid_to"), models.Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(role__in=["system_admin", "security_admin", "audit_admin"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff} {self.get_role_display()} {self.unit}"

    @property
    def region_prefix(self) -> str | None:
        """The division-code prefix this membership oversees; None for a role bound to its unit."""
        return self.unit.region.prefix if self.role in REGION_ROLES else None


# `MembershipQuerySet.in_force`, as every page at the desk asks it.
DUTIES = Reading(
    Membership,
    "duties_of",
    """first.staff_id = %(staff)s AND first.valid_from <= %(day)s AND coalesce(first.valid_to >= %(day)s, true)
    AND EXISTS (SELECT FROM organizations_staff WHERE id = first.staff_id AND is_active) ORDER BY first.id""",
    {"staff": "bigint", "day": "date"},
    of="unit.region",
)


class RoleProposal(models.Model):
    """提名: one administrator would have somebody hold a role of weight; another one agrees, or does not."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("人员"))
    role = models.CharField(_("角色"), max_length=20, choices=Role)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("单位"))
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"), null=True, blank=True)
    note = models.CharField(_("理由"), max_length=500)
    proposed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("提名人"))
    proposed_at = models.DateTimeField(_("提名时间"))
    decided_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("确认人")
    )
    decided_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    approved = models.BooleanField(_("是否同意"), null=True)
    decision_note = models.CharField(_("意见"), max_length=500, blank=True)
    membership = models.OneToOneField(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="proposal"
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "role", "unit"], condition=Q(approved=None), name="one_proposal_waiting"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")) & ~Q(decided_by=F("staff")),
                name="proposal_takes_two",
            ),
            models.CheckConstraint(
                condition=Q(approved=None, decided_by=None, decided_at=None, membership=None)
                | Q(approved__isnull=False, decided_by__isnull=False, decided_at__isnull=False)
                & (Q(approved=True, membership__isnull=False) | Q(approved=False, membership=None)),
                name="proposal_decided_as_a_whole",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="proposal_decided_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__approved__isnull=False),
            ),
            pgtrigger.Protect(name="proposal_no_delete", operation=pgtrigger.Delete),
            no_truncate("proposal"),
        ]

    def __str__(self) -> str:
        return f"{self.staff} {self.get_role_display()} {self.unit}"


class CalendarYear(models.Model):
    """工作日历年度: provisional until the State Council's notice is in and somebody has confirmed it."""

    year = models.PositiveSmallIntegerField(_("年度"), unique=True)
    confirmed = models.BooleanField(_("已核定"), default=False)
    version = models.PositiveIntegerField(_("版本"), default=1)
    source = models.CharField(_("依据"), max_length=200, blank=True)
    changed_at = models.DateTimeField(_("更新时间"))
    changed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["year"]

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(models.Model):
    """A day that differs from Monday-to-Friday: 放假 or 调休上班."""

    date = models.DateField(_("日期"), primary_key=True)
    kind = models.CharField(_("类别"), max_length=10, choices=DayKind)
    name = models.CharField(_("名称"), max_length=60, blank=True)
    source = models.CharField(_("来源"), max_length=100, blank=True)

    class Meta:
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {self.get_kind_display()}"
