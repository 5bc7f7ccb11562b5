"""The administrators' pages: who may open them, and that each form carries its act out."""

import re
from datetime import date, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common.models import AuditEntry, Notice
from organizations import actions
from organizations.enums import DayKind, Role
from organizations.models import CalendarDay, CalendarYear, Hall, Membership, Region, ServiceItem, Staff, Unit, Window
from rectification.enums import Action, State
from rectification.models import Case, Deadline
from tests.factories import NOW

USCC = "91350100M000100Y43"
SYSTEM_PAGES = [
    "structure-home",
    "structure-regions",
    "structure-region-add",
    "structure-region",
    "structure-units",
    "structure-unit-add",
    "structure-unit",
    "structure-unit-close",
    "structure-halls",
    "structure-hall-add",
    "structure-hall",
    "structure-window-add",
    "structure-window",
    "structure-window-close",
    "structure-items",
    "structure-item-add",
    "structure-item",
    "structure-item-close",
    "structure-staff",
    "structure-staff-add",
    "structure-person-edit",
    "structure-person-disable",
    "structure-person-enable",
    "structure-person-password",
    "structure-calendar",
    "structure-calendar-year",
]
SECURITY_PAGES = ["structure-roles", "structure-role-add", "structure-second-factor"]
BOTH = ["structure-person", "structure-role-end"]
SUPERVISOR_PAGES = ["structure-hand-overs"]


def address(cast, name):
    arguments = {
        "structure-region": ["370602000000"],
        "structure-unit": [cast.unit.code],
        "structure-unit-close": [cast.unit.code],
        "structure-hall": [cast.window.hall.code],
        "structure-window-add": [cast.window.hall.code],
        "structure-window": [cast.window.pk],
        "structure-window-close": [cast.window.pk],
        "structure-item": [cast.item.code],
        "structure-item-close": [cast.item.code],
        "structure-calendar-year": [2027],
        "structure-role-end": [cast.wei.duties[0].pk],
    }
    of_a_person = name.startswith(("structure-person", "structure-role-add", "structure-second"))
    return reverse(name, args=[cast.wei.username] if of_a_person else arguments.get(name, []))


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


def post(person, url, **data):
    return client_of(person).post(url, data)


def text(response):
    return response.content.decode()


@pytest.mark.parametrize("name", SYSTEM_PAGES + SECURITY_PAGES + BOTH + SUPERVISOR_PAGES)
def test_who_may_open(cast, name):
    url = address(cast, name)
    assert Client().get(url).url == f"{reverse('account_login')}?next={url}"
    may = set()
    if name in SYSTEM_PAGES + BOTH:
        may.add("xu")
    if name in SECURITY_PAGES + BOTH:
        may.add("gu")
    if name in SUPERVISOR_PAGES:
        may |= {"zheng", "song"}
    for who, person in cast.everybody.items():
        expected = 200 if who in may else 403
        assert client_of(person).get(url).status_code == expected, who
        if expected == 403:
            assert client_of(person).post(url).status_code in {403, 405}, who


class TestStructure:
    def test_region(self, cast):
        url = reverse("structure-region-add")
        assert post(cast.xu, url, code="370602099000", name="演示街道", level="9").url == reverse("structure-regions")
        answer = post(cast.xu, url, code="379902000000", name="无上级", level="6")
        assert "请先建上一级区划" in text(answer)
        assert 'value="无上级"' in text(answer)
        edit = reverse("structure-region", args=["370602099000"])
        post(cast.xu, edit, code="111111111111", name="演示新街道", level="4")
        assert Region.objects.get(code="370602099000").name == "演示新街道"

    def test_unit(self, cast):
        url = reverse("structure-unit-add")
        data = {"code": "NEW-1", "name": "演示局", "short_name": "演示", "uscc": USCC, "level": "city"}
        data |= {"region": "370600000000", "parent": cast.unit.code}
        assert post(cast.xu, url, **data).status_code == 302
        made = Unit.objects.get(code="NEW-1")
        assert made.parent == cast.unit
        edit = reverse("structure-unit", args=["NEW-1"])
        assert 'value="演示局"' in text(client_of(cast.xu).get(edit))
        assert post(cast.xu, edit, **(data | {"name": "演示新局", "parent": ""})).url == edit
        made.refresh_from_db()
        assert (made.name, made.path) == ("演示新局", f"/{made.pk}/")
        assert "校验位" in text(post(cast.xu, edit, **(data | {"uscc": "1" * 18})))
        close = reverse("structure-unit-close", args=["NEW-1"])
        assert post(cast.xu, close, on="2026-11-23", note="机构改革").url == edit
        assert "撤并" in text(client_of(cast.xu).get(edit))

    def test_hall_and_window(self, cast):
        data = {"code": "DEMO", "name": "演示大厅", "region": "370600000000", "unit": cast.unit.code}
        assert post(cast.xu, reverse("structure-hall-add"), **data).status_code == 302
        hall = reverse("structure-hall", args=["DEMO"])
        post(cast.xu, hall, **(data | {"name": "演示大厅二"}))
        assert Hall.objects.get(code="DEMO").name == "演示大厅二"
        window = {"hall": "DEMO", "number": "B01", "name": "综合", "unit": cast.unit.code}
        assert post(cast.xu, reverse("structure-window-add", args=["DEMO"]), **window).url == hall
        made = Window.objects.get(hall__code="DEMO")
        post(cast.xu, reverse("structure-window", args=[made.pk]), **(window | {"name": "专窗", "number": "X"}))
        post(cast.xu, reverse("structure-window-close", args=[made.pk]), on="2026-11-23", note="撤窗")
        made.refresh_from_db()
        assert (made.name, made.number, made.closed_on) == ("专窗", "B01", date(2026, 11, 23))
        assert "已关闭" in text(client_of(cast.xu).get(hall))

    def test_item(self, cast):
        data = {"code": "B" * 31, "name": "演示事项", "unit": cast.unit.code, "task_type": "20", "topics": ["one_go"]}
        assert post(cast.xu, reverse("structure-item-add"), **data).status_code == 302
        url = reverse("structure-item", args=["B" * 31])
        assert re.search(r'value="one_go"[^>]*checked', text(client_of(cast.xu).get(url)))
        post(cast.xu, url, **(data | {"topics": []}))
        assert ServiceItem.objects.get(code="B" * 31).topics == []
        post(cast.xu, reverse("structure-item-close", args=["B" * 31]), on="2026-11-23", note="取消")
        assert ServiceItem.objects.get(code="B" * 31).closed_on

    def test_lists_are_searched_and_paged(self, cast):
        client = client_of(cast.xu)
        first = client.get(reverse("structure-items"))
        assert len(first.context["page"].rows) == 50
        assert not first.context["page"].previous_url
        seen, url = [], reverse("structure-items")
        while url:
            page = client.get(url).context["page"]
            seen += [item.code for item in page.rows]
            last, url = page, page.next_url and reverse("structure-items") + page.next_url
        assert seen == sorted(ServiceItem.objects.values_list("code", flat=True))
        before = client.get(reverse("structure-items") + last.previous_url).context["page"]
        assert [item.code for item in before.rows] == seen[len(seen) - len(last.rows) - 50 : len(seen) - len(last.rows)]
        found = client.get(reverse("structure-items"), {"q": "抵押"}).context["page"].rows
        assert found
        assert all("抵押" in item.name for item in found)
        assert "没有找到" in text(client.get(reverse("structure-items"), {"q": "不存在的事项"}))
        assert client.get(reverse("structure-units"), {"region": "370602000000"}).context["page"].rows


class TestPeople:
    def test_hire_issue_disable_enable(self, cast):
        answer = post(cast.xu, reverse("structure-staff-add"), username="90001", name="孔新", email="")
        assert answer.url == reverse("structure-staff")
        taken = post(cast.xu, reverse("structure-staff-add"), username="WU", name="假", email="")
        assert "已被使用" in text(taken)
        page = post(cast.xu, reverse("structure-person-password", args=["90001"]))
        issued = re.search(r"<code>(.+?)</code>", text(page))[1]
        assert page["Cache-Control"].count("no-store") == 1
        person = Staff.objects.get(username="90001")
        assert person.check_password(issued.replace("&amp;", "&"))
        post(cast.xu, reverse("structure-person-edit", args=["90001"]), name="孔新新", email="k@example.invalid")
        post(cast.xu, reverse("structure-person-disable", args=["90001"]), note="离职")
        person.refresh_from_db()
        assert (person.name, person.is_active) == ("孔新新", False)
        refused = post(cast.xu, reverse("structure-person-password", args=["90001"]))
        assert "请先恢复" in text(refused)
        post(cast.xu, reverse("structure-person-enable", args=["90001"]), note="回来")
        person.refresh_from_db()
        assert person.is_active

    def test_each_administrator_is_offered_what_they_may(self, cast):
        url = reverse("structure-person", args=["wei"])
        system, security = text(client_of(cast.xu).get(url)), text(client_of(cast.gu).get(url))
        assert "停用账号" in system
        assert "停用账号" not in security
        assert "授予角色" in security
        assert f'href="{reverse("structure-role-add", args=["wei"])}"' not in system
        own = text(client_of(cast.xu).get(reverse("structure-person", args=["xu"])))
        assert "停用账号" not in own

    def test_grant_and_end(self, cast):
        url = reverse("structure-role-add", args=["wei"])
        data = {"role": "callback", "unit": cast.body.code, "valid_from": "2026-11-23"}
        assert post(cast.gu, url, **data).status_code == 302
        granted = Membership.objects.get(staff=cast.wei, role=Role.CALLBACK)
        assert AuditEntry.objects.latest("pk").actor == cast.gu
        assert "已有这个角色" in text(post(cast.gu, url, **data))
        both = post(cast.gu, reverse("structure-role-add", args=["xu"]), **(data | {"role": "audit_admin"}))
        assert "三员分立" in text(both)
        end = reverse("structure-role-end", args=[granted.pk])
        assert post(cast.xu, end, on="2026-11-30", note="轮岗").status_code == 302
        granted.refresh_from_db()
        assert granted.valid_to == date(2026, 11, 30)

    def test_a_supervisor_of_a_window(self, cast):
        url = reverse("structure-role-add", args=["sun"])
        window = f"{cast.window.hall.code}/{cast.window.number}"
        data = {"role": "window", "unit": cast.unit.code, "valid_from": "2026-11-23", "window": window}
        assert f'value="{window}"' in text(client_of(cast.gu).get(url))
        assert post(cast.gu, url, **data).status_code == 302
        assert Membership.objects.get(staff=cast.sun, unit=cast.unit).window == cast.window

    def test_grid_shows_what_needs_attention(self, cast):
        Authenticator.objects.create(user=cast.wu, type=Authenticator.Type.TOTP, data={"secret": "x"})
        Staff.objects.filter(pk=cast.wei.pk).update(last_login=timezone.now() - timedelta(days=91))
        Staff.objects.filter(pk=cast.sun.pk).update(date_joined=timezone.now() - timedelta(days=91))
        client, url = client_of(cast.gu), reverse("structure-roles")

        def numbers(**query):
            return {person.username for person, _cells in client.get(url, query).context["rows"]}

        assert len(numbers()) == len(cast.everybody)
        assert "wu" not in numbers(attention="factor")
        assert numbers(attention="idle") == {"wei", "sun"}
        assert numbers(role="auditor") == {"zhou"}

    def test_second_factor_reset(self, cast):
        Authenticator.objects.create(user=cast.wei, type=Authenticator.Type.TOTP, data={"secret": "x"})
        url = reverse("structure-second-factor", args=["wei"])
        assert post(cast.gu, url, note="手机丢失").status_code == 302
        assert not Authenticator.objects.filter(user=cast.wei).exists()
        assert AuditEntry.objects.latest("pk").reason == "手机丢失"

    @pytest.mark.parametrize("name", ["structure-staff", "structure-roles", "structure-units", "structure-items"])
    def test_as_many_queries_for_one_row_as_for_many(self, cast, name):
        client = client_of(cast.xu if name != "structure-roles" else cast.gu)
        counts = []
        one = {"structure-units": cast.unit.name, "structure-items": cast.item.name}.get(name, "wei")
        for query in ({"q": one}, {}):
            client.get(reverse(name), query)
            with CaptureQueriesContext(connection) as asked:
                client.get(reverse(name), query)
            counts.append(len(asked))
        assert counts[0] == counts[1] <= 14


class TestCalendar:
    def test_years(self, cast):
        page = text(client_of(cast.xu).get(reverse("structure-calendar")))
        assert "暂定" in page
        assert post(cast.xu, reverse("structure-calendar"), year="2031").status_code == 302
        assert not CalendarYear.objects.get(year=2031).confirmed
        assert "2020" in text(post(cast.xu, reverse("structure-calendar"), year="1999"))

    def test_a_new_holiday_moves_due_dates_and_shows_them(self, cast):
        case = cast.upto(cast.rate(1), State.DISPATCHED)
        cast.upto(case, State.RECTIFYING)
        row = Deadline.objects.unmet().filter(case=case, duty="rectify").get()
        before, first = row.due_at, timezone.localdate(row.started_at) + timedelta(days=1)
        version = Case.objects.get(pk=case.pk).version
        url = reverse("structure-calendar-day", args=[first.year])
        answer = post(cast.xu, url, day=first.isoformat(), kind=DayKind.HOLIDAY, name="演示放假")
        page = text(client_of(cast.xu).get(answer.url))
        row.refresh_from_db()
        assert row.due_at > before
        assert case.number in page
        assert timezone.localtime(before).strftime("%d") in page
        event = Case.objects.get(pk=case.pk).events.get(action=Action.RECOMPUTE)
        assert datetime_of(event.data["old"]) == before
        assert Case.objects.get(pk=case.pk).version == version + 1
        post(cast.xu, url, day=first.isoformat(), kind="ordinary")
        row.refresh_from_db()
        assert row.due_at == before
        assert not CalendarDay.objects.filter(date=first).exists()

    def test_confirm(self, cast):
        url = reverse("structure-calendar-confirm", args=[2027])
        assert "请填写" in text(post(cast.xu, url, source=""))
        assert post(cast.xu, url, source="国办发明电〔演示〕1号").status_code == 302
        assert CalendarYear.objects.get(year=2027).confirmed

    def test_mistakes_are_said(self, cast):
        url = reverse("structure-calendar-day", args=[2027])
        assert "2027 年的日期" in text(post(cast.xu, url, day="2026-03-03", kind="holiday"))
        assert "本来就上班" in text(post(cast.xu, url, day="2027-03-03", kind="makeup"))
        assert client_of(cast.xu).get(reverse("structure-calendar-year", args=[1990])).status_code == 404
        assert client_of(cast.xu).get(reverse("structure-calendar-year", args=[2027]) + "?moved=x").status_code == 200

    def test_nobody_else_changes_it(self, cast):
        for person in (cast.gu, cast.qian, cast.wu):
            for name in ("structure-calendar-day", "structure-calendar-confirm"):
                assert post(person, reverse(name, args=[2027]), source="x").status_code == 403


def datetime_of(words):
    return datetime.fromisoformat(words)


class TestHandOver:
    def test_all_open_cases_in_one_act(self, cast):
        cases = [cast.upto(cast.rate(1), State.RECTIFYING) for _ in range(2)]
        actions.disable_staff(cast.wu, note="离职", by=cast.xu, at=NOW)
        reminder = Notice.objects.get(staff=cast.zheng, kind="staff.leaves")
        client = client_of(cast.zheng)
        listed = text(client.get(reverse("structure-hand-overs")))
        assert reminder.url in listed
        page = text(client.get(reminder.url))
        assert all(case.number in page for case in cases)
        assert 'value="sun"' not in page
        answer = client.post(reminder.url, {"successor": "wei"})
        assert answer.url == reverse("structure-hand-overs")
        assert set(Case.objects.filter(pk__in=[c.pk for c in cases]).values_list("handler", flat=True)) == {cast.wei.pk}
        assert client.get(reminder.url).url == reverse("structure-hand-overs")

    def test_the_rated_person_does_not_get_the_own_case(self, cast):
        case = cast.upto(cast.rate(1), State.RECTIFYING)
        url = reverse("structure-hand-over", args=["wu"])
        answer = client_of(cast.zheng).post(url, {"successor": cast.rated.username})
        assert "被评价人" in text(answer)
        assert Case.objects.get(pk=case.pk).handler == cast.wu

    def test_a_supervisor_hands_over_no_case_about_themselves(self, cast):
        cast.upto(cast.rate(1), State.RECTIFYING)
        actions.add_membership(
            cast.rated, role=Role.UNIT_SUPERVISOR, unit=cast.unit, valid_from=date(2026, 1, 1), by=cast.gu, at=NOW
        )
        answer = client_of(cast.rated).post(reverse("structure-hand-over", args=["wu"]), {"successor": "wei"})
        assert "您本人被评价" in text(answer)
        assert Case.objects.get().handler == cast.wu

    def test_not_by_another_unit(self, cast):
        cast.upto(cast.rate(1), State.RECTIFYING)
        url = reverse("structure-hand-over", args=["wu"])
        client = client_of(cast.song)
        assert client.get(url).status_code == 404
        assert client.post(url, {"successor": "wei"}).status_code == 404
        assert Case.objects.filter(handler=cast.wu).count() == 1
        assert client_of(cast.song).get(reverse("structure-hand-over", args=["nobody"])).status_code == 404
        for person in (cast.xu, cast.wu, cast.qian):
            assert client_of(person).get(url).status_code == 403
