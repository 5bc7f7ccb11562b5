"""演示人员: one account per role to try, and a staff for every unit that has a window. All names are invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from common.actors import SYSTEM
from organizations import actions
from organizations.enums import Role
from organizations.models import Staff, Unit, Window
from reviews_portal.demo.pleading import hire_pool

PASSWORD = "Yantai-2026"
SINCE = date(2025, 1, 1)

# account, name, role, unit, what to try with it
ACCOUNTS = [
    ("wu", "吴晓敏", Role.WINDOW, "370600-GAJ", _("签收差评件,联系评价人,提交整改")),
    ("zheng", "郑立国", Role.UNIT_SUPERVISOR, "370600-GAJ", _("质检整改报告并答复评价人")),
    ("lin", "林晓彤", Role.DISPATCHER, "370600-SPJ", _("预审新差评并转办给责任单位")),
    ("zhao", "赵春梅", Role.CALLBACK, "370600-SPJ", _("回访评价人,记录五个问题")),
    ("cui", "崔玉梅", Role.CALLBACK, "370600-DSJ", _("回访市行政审批服务局自己的件")),
    ("qian", "钱永康", Role.CITY_SUPERVISOR, "370600-SPJ", _("审批延期、督办、销号,看全市待办")),
    ("he", "何建军", Role.COUNTY_SUPERVISOR, "370602-SPJ", _("只看芝罘区的件,审批和销号")),
    ("fang", "方志远", Role.CITY_SUPERVISOR, "370600-DSJ", _("督导市行政审批服务局自己的件")),
    ("tang", "唐文静", Role.PANEL, "370600-SFJ", _("评审申诉: 看三方材料,表决,申请回避")),
    ("zhou", "周明德", Role.AUDITOR, "370600-CZJ", _("查审计记录,只读案件")),
    ("xu", "徐海涛", Role.SYSTEM_ADMIN, "370600-SPJ", _("维护机构、人员和工作日历,重发消息")),
    ("gu", "顾雪莲", Role.SECURITY_ADMIN, "370600-SPJ", _("授予角色,检查账号安全")),
    ("ge", "葛玉珍", Role.SECURITY_ADMIN, "370600-DSJ", _("确认另一位安全管理员提名的角色")),
    ("meng", "孟祥瑞", Role.AUDIT_ADMIN, "370600-SPJ", _("核验审计链")),
]
SURNAMES = "王李张刘陈杨黄周徐孙马朱胡郭高罗梁宋唐许"
GIVEN = ["思远", "佳怡", "海燕", "国栋", "丽华", "志强", "雨桐", "建平", "秀英", "文博", "晓东", "玉兰"]


@dataclass
class People:
    """Who works where. The overseeing roles are lists: who may act on a case follows from the case."""

    by_account: dict[str, Staff] = field(default_factory=dict)
    window: dict[int, list[Staff]] = field(default_factory=dict)
    supervisor: dict[int, Staff] = field(default_factory=dict)
    pool: list[Staff] = field(default_factory=list)

    def body(self, role: Role) -> list[Staff]:
        """The named accounts that hold an overseeing role."""
        return [self.by_account[account] for account, _name, held, _code, _hint in ACCOUNTS if held == role]


def make_people(units: list[Unit], *, at: datetime) -> People:
    """Hires the demo staff: the named accounts, two at the windows and a supervisor for every unit.

    Args:
        units: those with windows or cases, with their region.
    """
    people, password = People(), make_password(PASSWORD)
    by_code = {unit.code: unit for unit in Unit.objects.select_related("region")}
    for account, name, role, code, _hint in ACCOUNTS:
        person = _hire(account, name, role, by_code[code], password, at)
        people.by_account[account] = person
        _note(people, person, role, by_code[code])
    people.pool = hire_pool(by_code, people.by_account["tang"], password, SINCE, at=at)
    windows = {window.unit_id: window for window in Window.objects.all()}
    for number, unit in enumerate(units):
        for seat in range(2 - len(people.window.get(unit.pk, []))):
            person = _hire(
                f"w{number:03d}{seat + 1}",
                _name(number * 3 + seat),
                Role.WINDOW,
                unit,
                password,
                at,
                windows.get(unit.pk),
            )
            _note(people, person, Role.WINDOW, unit)
        if unit.pk not in people.supervisor:
            person = _hire(f"s{number:03d}", _name(number * 3 + 2), Role.UNIT_SUPERVISOR, unit, password, at)
            _note(people, person, Role.UNIT_SUPERVISOR, unit)
    return people


def _name(number: int) -> str:
    return SURNAMES[number % len(SURNAMES)] + GIVEN[(number * 7) % len(GIVEN)]


def _hire(
    account: str, name: str, role: Role, unit: Unit, password: str, at: datetime, window: Window | None = None
) -> Staff:
    person = actions.create_staff(
        username=account,
        name=name,
        email=f"{account}@demo.invalid",
        password_hash=password,
        demo=True,
        by=SYSTEM,
        at=at,
    )
    actions.add_membership(person, role=role, unit=unit, window=window, valid_from=SINCE, by=SYSTEM, at=at)
    return person


def _note(people: People, person: Staff, role: Role, unit: Unit) -> None:
    if role == Role.WINDOW:
        people.window.setdefault(unit.pk, []).append(person)
    elif role == Role.UNIT_SUPERVISOR:
        people.supervisor[unit.pk] = person
