from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class RegionLevel(IntegerChoices):
    """The digits of a 12-digit division code that say where a region lies."""

    CITY = 4, _("市")
    COUNTY = 6, _("县市区")
    TOWNSHIP = 9, _("乡镇街道")


class UnitLevel(TextChoices):
    """部门层级: rankings compare like with like (domain.md §11.2)."""

    CITY = "city", _("市直")
    COUNTY = "county", _("县级")
    TOWNSHIP = "township", _("乡镇")


class TaskType(TextChoices):
    """事项类型 as in the provincial messages (domain.md §13.2)."""

    LICENCE = "01", _("行政许可")
    BENEFIT = "05", _("行政给付")
    CONFIRMATION = "07", _("行政确认")
    REWARD = "08", _("行政奖励")
    RULING = "09", _("行政裁决")
    OTHER_POWER = "10", _("其他行政权力")
    PUBLIC_SERVICE = "20", _("公共服务")
    OTHER = "99", _("其它")


class Topic(TextChoices):
    """改革专题 named by the city's report (domain.md §1, row 2)."""

    ONE_GO = "one_go", _("一次办好")
    ONE_CHAIN = "one_chain", _("一链办理")
    INSTANT = "instant", _("秒批秒办")
    SHARED_DATA = "shared_data", _("数据同源")


class Role(TextChoices):
    """A role is held in a unit for a time; what it covers follows from `UNIT_ROLES` and `REGION_ROLES`."""

    WINDOW = "window", _("窗口人员")
    UNIT_SUPERVISOR = "unit_supervisor", _("部门主管")
    DISPATCHER = "dispatcher", _("转办专人")
    CALLBACK = "callback", _("回访员")
    PANEL = "panel", _("评审成员")
    COUNTY_SUPERVISOR = "county_supervisor", _("县级督导")
    CITY_SUPERVISOR = "city_supervisor", _("市级督导")
    AUDITOR = "auditor", _("审计员")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDIT_ADMIN = "audit_admin", _("审计管理员")


UNIT_ROLES = frozenset({Role.WINDOW, Role.UNIT_SUPERVISOR})
REGION_ROLES = frozenset({Role.DISPATCHER, Role.CALLBACK, Role.COUNTY_SUPERVISOR, Role.CITY_SUPERVISOR, Role.AUDITOR})
SUPERVISOR_ROLES = frozenset({Role.COUNTY_SUPERVISOR, Role.CITY_SUPERVISOR})
# 三员分立 (GB/T 22239-2019): one person never holds two of them.
SEPARATED_ROLES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
# Who holds one of these reaches far: a second administrator agrees before it is held (ux.md §10).
WEIGHTY_ROLES = SEPARATED_ROLES | {Role.CITY_SUPERVISOR, Role.DISPATCHER, Role.AUDITOR}


class DayKind(TextChoices):
    """A day that differs from Monday-to-Friday; ordinary days have no row."""

    HOLIDAY = "holiday", _("放假")
    MAKEUP = "makeup", _("调休上班")
