"""The tablets on the windows' desks, when each was last heard of, what the window has just called, and who may call."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evaluations.models.rating import Service
from organizations.enums import Role
from organizations.models import Hall, Window, any_prefix

if TYPE_CHECKING:
    from organizations.models import Staff

STAFF = settings.AUTH_USER_MODEL


def _looked_after(user: Staff, *units: str) -> Q:
    """What the system administrator and the supervisors of the named units look after (`access.looks_after`).

    Args:
        units: the lookups that lead to a unit whose supervisors, or those above it, have a say.
    """
    if user.has_role(Role.SYSTEM_ADMIN):
        return Q()
    paths = [duty.unit.path for duty in user.duties if duty.role == Role.UNIT_SUPERVISOR]
    condition = Q(pk__in=[])
    for unit in units:
        condition |= any_prefix(f"{unit}__path", paths)
    return condition


class DeviceQuerySet(models.QuerySet["Device"]):
    def visible_to(self, user: Staff) -> DeviceQuerySet:
        """The devices somebody looks after: of halls their unit manages, and at windows their unit staffs."""
        return self.filter(_looked_after(user, "window__unit", "window__hall__unit"))

    def in_use(self) -> DeviceQuerySet:
        """Those that stand on a desk: enrolled, not revoked, at a window that is open."""
        return self.filter(revoked_at=None, window__closed_on=None).exclude(secret_hash="")

    def silent(self, since: datetime) -> DeviceQuerySet:
        """Those in use that have not been heard of since a moment."""
        return self.in_use().filter(pulse__last_seen_at__lt=since)


class Device(models.Model):
    """评价器: a tablet at one window. It holds a key in a signed cookie; here are the key's hash and its network."""

    name = models.CharField(_("名称"), max_length=40)
    window = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="devices", verbose_name=_("窗口"))
    takes_text = models.BooleanField(_("可以写文字"), default=False)
    code_hash = models.CharField(max_length=64, blank=True, editable=False)
    code_until = models.DateTimeField(_("登记码有效期"), null=True, blank=True)
    secret_hash = models.CharField(max_length=64, blank=True, editable=False)
    enrolled_at = models.DateTimeField(_("登记时间"), null=True, blank=True)
    network = models.CharField(_("登记时的网络"), max_length=43, blank=True)
    foreign_network = models.CharField(_("另一网络"), max_length=43, blank=True)
    foreign_at = models.DateTimeField(_("从另一网络使用的时间"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["code_hash"], condition=~Q(code_hash=""), name="device_code_once"),
            models.UniqueConstraint(fields=["secret_hash"], condition=~Q(secret_hash=""), name="device_secret_once"),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(code_hash="", secret_hash=""), name="device_revoked_has_no_key"
            ),
            models.CheckConstraint(
                condition=Q(secret_hash="") | Q(enrolled_at__isnull=False), name="device_key_has_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DevicePulse(models.Model):
    """心跳: when a device was last heard of. Apart from the device, because it is written every half minute.

    silence_told_at: when somebody was told of a silence; later than `last_seen_at` while it lasts.
    battery: in percent, where the tablet tells.
    """

    device = models.OneToOneField(Device, on_delete=models.PROTECT, primary_key=True, related_name="pulse")
    last_seen_at = models.DateTimeField(_("最近心跳"))
    battery = models.PositiveSmallIntegerField(_("电量"), null=True, blank=True)
    charging = models.BooleanField(_("充电中"), null=True, blank=True)
    silence_told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(battery=None) | Q(battery__lte=100), name="battery_percent")]

    def __str__(self) -> str:
        return f"{self.device_id} {self.last_seen_at:%F %T}"


class CalledService(models.Model):
    """叫到的服务: what a window has called last, shown on its tablet until a moment or until it is rated."""

    window = models.OneToOneField(Window, on_delete=models.PROTECT, primary_key=True, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    called_at = models.DateTimeField(_("叫到时间"))
    until = models.DateTimeField(_("显示到"))

    def __str__(self) -> str:
        return f"{self.window_id} {self.service_id}"


class WindowKeyQuerySet(models.QuerySet["WindowKey"]):
    def visible_to(self, user: Staff) -> WindowKeyQuerySet:
        """The keys of halls that somebody's unit manages."""
        return self.filter(_looked_after(user, "hall__unit"))


class WindowKey(models.Model):
    """窗口系统密钥: by which the window system of one hall says what is called; hashed at rest, shown once."""

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+", verbose_name=_("大厅"))
    name = models.CharField(_("用途"), max_length=60)
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("生成时间"))
    last_used_at = models.DateTimeField(_("最近调用"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    objects = WindowKeyQuerySet.as_manager()

    class Meta:
        ordering = ["hall_id", "pk"]

    def __str__(self) -> str:
        return self.name
