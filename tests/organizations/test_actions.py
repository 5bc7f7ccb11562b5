"""Acts on people, structure and the calendar: who may, what is refused, what the trail says."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from common.actors import SYSTEM
from common.models import AuditEntry, Notice
from organizations import actions
from organizations.actions import Refused
from organizations.enums import DayKind, Role
from organizations.models import CalendarDay, CalendarYear, Hall, Membership, Region, ServiceItem, Staff, Unit
from tests.factories import NOW

TODAY = date(2026, 11, 23)
USCC = "91350100M000100Y43"  # the example of GB 32100-2015


def last_audit():
    return AuditEntry.objects.latest("pk")


def new_person(username="n1", name="新员工"):
    return actions.create_staff(username=username, name=name, by=SYSTEM, at=NOW)


def new_unit(cast, code="370600-NEW", parent=None, **facts):
    city = Region.objects.get(code="370600000000")
    facts = {"name": "新设局", "short_name": "新设", "uscc": USCC, "level": "city", "region": city, **facts}
    return actions.add_unit(code=code, parent=parent, by=cast.xu, at=NOW, **facts)


class TestWhoMay:
    @pytest.mark.parametrize("name", ["gu", "meng", "zheng", "wu", "qian", "zhou", "lin"])
    def test_only_the_system_administrator_edits_structure_and_people(self, cast, name):
        person = getattr(cast, name)
        acts = [
            lambda: actions.create_staff(username="x", name="甲", by=person, at=NOW),
            lambda: actions.disable_staff(cast.wei, note="离职", by=person, at=NOW),
            lambda: actions.issue_password(cast.wei, by=person, at=NOW),
            lambda: actions.change_unit(cast.unit, name="改名", by=person, at=NOW),
            lambda: actions.close_window(cast.window, on=TODAY, by=person, at=NOW),
            lambda: actions.change_item(cast.item, name="改名", by=person, at=NOW),
            lambda: actions.confirm_calendar_year(2027, source="x", by=person, at=NOW),
            lambda: actions.set_calendar_day(TODAY, kind=DayKind.HOLIDAY, by=person, at=NOW),
        ]
        before = AuditEntry.objects.count()
        for act in acts:
            with pytest.raises(PermissionDenied):
                act()
        assert AuditEntry.objects.count() == before

    @pytest.mark.parametrize("name", ["xu", "meng", "zheng", "qian"])
    def test_only_the_security_administrator_grants(self, cast, name):
        with pytest.raises(PermissionDenied):
            actions.add_membership(
                cast.wei, role=Role.CALLBACK, unit=cast.body, valid_from=TODAY, by=getattr(cast, name), at=NOW
            )
        with pytest.raises(PermissionDenied):
            actions.reset_second_factor(cast.wei, note="丢失", by=getattr(cast, name), at=NOW)

    def test_nobody_acts_on_oneself(self, cast):
        with pytest.raises(Refused):
            actions.add_membership(
                cast.gu, role=Role.CITY_SUPERVISOR, unit=cast.body, valid_from=TODAY, by=cast.gu, at=NOW
            )
        with pytest.raises(Refused):
            actions.disable_staff(cast.xu, note="x", by=cast.xu, at=NOW)
        with pytest.raises(Refused):
            actions.issue_password(cast.xu, by=cast.xu, at=NOW)
        with pytest.raises(Refused):
            actions.end_membership(cast.gu.duties[0], on=TODAY, by=cast.gu, at=NOW)

    def test_an_administrator_whose_time_is_over_may_nothing(self, cast):
        Membership.objects.filter(staff=cast.xu).update(valid_to=timezone.localdate() - timedelta(days=1))
        former = Staff.objects.get(pk=cast.xu.pk)
        with pytest.raises(PermissionDenied):
            actions.add_calendar_year(2031, by=former, at=NOW)


class TestRoles:
    @pytest.mark.parametrize("first", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
    @pytest.mark.parametrize("second", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
    def test_separated_administrators(self, cast, first, second):
        person = new_person()
        actions.add_membership(person, role=first, unit=cast.body, valid_from=TODAY, by=cast.gu, at=NOW)
        with pytest.raises(Refused) as refusal:
            actions.add_membership(person, role=second, unit=cast.body, valid_from=TODAY, by=SYSTEM, at=NOW)
        assert ("三员分立" in str(refusal.value)) == (first != second)

    def test_the_database_refuses_two_as_well(self, cast):
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(staff=cast.xu, role=Role.AUDIT_ADMIN, unit=cast.body, valid_from=TODAY)

    def test_one_after_the_other_is_allowed(self, cast):
        person = new_person()
        actions.add_membership(
            person, role=Role.SYSTEM_ADMIN, unit=cast.body, valid_from=TODAY, valid_to=TODAY, by=cast.gu, at=NOW
        )
        later = TODAY + timedelta(days=1)
        actions.add_membership(person, role=Role.AUDIT_ADMIN, unit=cast.body, valid_from=later, by=cast.gu, at=NOW)
        assert person.memberships.count() == 2

    def test_ended_roles_are_not_lengthened_into_another(self, cast):
        person = new_person()
        first = actions.add_membership(
            person, role=Role.SYSTEM_ADMIN, unit=cast.body, valid_from=TODAY, valid_to=TODAY, by=cast.gu, at=NOW
        )
        later = TODAY + timedelta(days=1)
        actions.add_membership(person, role=Role.AUDIT_ADMIN, unit=cast.body, valid_from=later, by=cast.gu, at=NOW)
        with pytest.raises(PermissionDenied):
            actions.end_membership(first, on=later, by=cast.xu, at=NOW)
        with pytest.raises(Refused):
            actions.end_membership(first, on=later, by=cast.gu, at=NOW)

    def test_a_role_fits_its_unit(self, cast):
        person = new_person()
        grant = {"valid_from": TODAY, "by": cast.gu, "at": NOW}
        with pytest.raises(Refused):
            actions.add_membership(person, role=Role.CITY_SUPERVISOR, unit=cast.county_body, **grant)
        with pytest.raises(Refused):
            actions.add_membership(person, role=Role.COUNTY_SUPERVISOR, unit=cast.body, **grant)
        with pytest.raises(Refused):
            actions.add_membership(person, role=Role.CALLBACK, unit=cast.unit, window=cast.window, **grant)
        with pytest.raises(Refused):
            actions.add_membership(
                person, role=Role.WINDOW, unit=cast.unit, valid_to=TODAY - timedelta(days=1), **grant
            )
        assert not person.memberships.exists()

    def test_held_once_at_a_time(self, cast):
        with pytest.raises(Refused):
            actions.add_membership(cast.wu, role=Role.WINDOW, unit=cast.unit, valid_from=TODAY, by=cast.gu, at=NOW)

    def test_ending_asks_the_supervisor_to_hand_over(self, cast):
        duty = cast.wu.duties[0]
        assert actions.end_membership(duty, on=TODAY, note="调离", by=cast.xu, at=NOW)
        assert last_audit().action == "membership.end"
        assert last_audit().reason == "调离"
        assert Notice.objects.filter(staff=cast.zheng, kind="staff.leaves").count() == 1
        assert not actions.end_membership(duty, on=TODAY, by=cast.xu, at=NOW)
        with pytest.raises(Refused):
            actions.end_membership(duty, on=date(2025, 1, 1), by=cast.xu, at=NOW)


class TestAccounts:
    def test_create(self, cast):
        person = actions.create_staff(username="90001", name="孔新", email="k@example.invalid", by=cast.xu, at=NOW)
        assert not person.has_usable_password()
        entry = last_audit()
        assert (entry.action, entry.object_id, entry.actor) == ("staff.create", "90001", cast.xu)
        assert "password" not in entry.after

    def test_a_number_is_taken_whatever_its_case(self, cast):
        with pytest.raises(Refused):
            actions.create_staff(username="WU", name="假", by=cast.xu, at=NOW)

    def test_a_wrong_address_is_refused_in_words(self, cast):
        with pytest.raises(Refused):
            actions.create_staff(username="90002", name="孔", email="no address", by=cast.xu, at=NOW)

    def test_one_time_password(self, cast):
        password = actions.issue_password(cast.wei, by=cast.xu, at=NOW)
        cast.wei.refresh_from_db()
        assert cast.wei.check_password(password)
        assert cast.wei.password_changed_at is None
        assert password not in str(list(AuditEntry.objects.values()))

    def test_disabled_and_back(self, cast):
        actions.disable_staff(cast.wu, note="离职", by=cast.xu, at=NOW)
        cast.wu.refresh_from_db()
        assert not cast.wu.is_active
        assert (last_audit().action, last_audit().reason) == ("staff.disable", "离职")
        assert Notice.objects.filter(staff=cast.zheng, kind="staff.leaves").exists()
        with pytest.raises(Refused):
            actions.issue_password(cast.wu, by=cast.xu, at=NOW)
        actions.enable_staff(cast.wu, note="回来", by=cast.xu, at=NOW)
        cast.wu.refresh_from_db()
        assert cast.wu.is_active


class TestUnits:
    def test_rename_keeps_what_it_was_called(self, cast):
        old = cast.unit.name
        assert actions.change_unit(cast.unit, name="烟台市公安局(新)", by=cast.xu, at=NOW)
        names = list(cast.unit.names.order_by("valid"))
        assert [row.name for row in names] == [old, "烟台市公安局(新)"]
        assert names[0].valid.upper == names[1].valid.lower == TODAY
        actions.change_unit(cast.unit, name="烟台市公安局", by=cast.xu, at=NOW + timedelta(hours=1))
        assert cast.unit.names.count() == 2
        actions.change_unit(cast.unit, name="再改", by=cast.xu, at=NOW + timedelta(days=1))
        assert cast.unit.names.count() == 3
        assert last_audit().before["name"] == "烟台市公安局"

    def test_nothing_changed_leaves_no_trace(self, cast):
        before = AuditEntry.objects.count()
        assert not actions.change_unit(cast.unit, name=cast.unit.name, by=cast.xu, at=NOW)
        assert AuditEntry.objects.count() == before

    def test_a_move_takes_the_subtree_along(self, cast):
        top = new_unit(cast, "T")
        middle = new_unit(cast, "M", parent=top)
        leaf = new_unit(cast, "L", parent=middle)
        other = new_unit(cast, "O")
        assert leaf.path == f"/{top.pk}/{middle.pk}/{leaf.pk}/"
        actions.change_unit(middle, parent=other, by=cast.xu, at=NOW)
        assert Unit.objects.get(pk=leaf.pk).path == f"/{other.pk}/{middle.pk}/{leaf.pk}/"
        actions.change_unit(middle, parent=None, by=cast.xu, at=NOW)
        assert Unit.objects.get(pk=leaf.pk).path == f"/{middle.pk}/{leaf.pk}/"
        assert Unit.objects.get(pk=top.pk).path == f"/{top.pk}/"
        with pytest.raises(Refused):
            actions.change_unit(middle, parent=leaf, by=cast.xu, at=NOW)
        with pytest.raises(Refused):
            actions.change_unit(middle, parent=middle, by=cast.xu, at=NOW)

    def test_closing_needs_an_empty_unit(self, cast):
        with pytest.raises(Refused) as refusal:
            actions.close_unit(cast.unit, on=TODAY, note="机构改革", by=cast.xu, at=NOW)
        assert "任职" in str(refusal.value)
        cast.rate(1)
        with pytest.raises(Refused) as refusal:
            actions.close_unit(cast.unit, on=TODAY, note="机构改革", by=cast.xu, at=NOW)
        assert "未办结的件 1" in str(refusal.value)
        empty = new_unit(cast)
        assert actions.close_unit(empty, on=TODAY, note="机构改革", by=cast.xu, at=NOW)
        with pytest.raises(Refused):
            new_unit(cast, "370600-SUB", parent=empty)
        with pytest.raises(Refused):
            actions.add_membership(new_person(), role=Role.WINDOW, unit=empty, valid_from=TODAY, by=cast.gu, at=NOW)


class TestPlaces:
    def test_region_codes_are_a_tree(self, cast):
        with pytest.raises(Refused):
            actions.add_region(code="379902000000", level=6, name="无上级", by=cast.xu, at=NOW)
        with pytest.raises(Refused):
            actions.add_region(code="370602001001", level=9, name="村", by=cast.xu, at=NOW)
        made = actions.add_region(code="370602099000", level=9, name="演示街道", by=cast.xu, at=NOW)
        assert actions.change_region(made, name="演示新街道", by=cast.xu, at=NOW)

    def test_hall_window_item(self, cast):
        hall = actions.add_hall(
            code="DEMO", name="演示大厅", region=cast.unit.region, unit=cast.unit, by=cast.xu, at=NOW
        )
        window = actions.add_window(hall=hall, number="B01", name="综合", unit=cast.unit, by=cast.xu, at=NOW)
        assert window.sign_code
        with pytest.raises(Refused):
            actions.add_window(hall=hall, number="B01", name="重号", unit=cast.unit, by=cast.xu, at=NOW)
        assert actions.change_window(window, unit=cast.other_unit, by=cast.xu, at=NOW)
        assert actions.close_window(window, on=TODAY, by=cast.xu, at=NOW)
        assert last_audit().object_id == "DEMO/B01"
        assert actions.change_hall(hall, name="演示大厅2", by=cast.xu, at=NOW)
        assert Hall.objects.get(code="DEMO").name == "演示大厅2"
        code = "A" * 31
        item = actions.add_item(
            code=code, name="演示事项", unit=cast.unit, task_type="20", topics=[], by=cast.xu, at=NOW
        )
        assert actions.change_item(item, topics=["one_go"], by=cast.xu, at=NOW)
        assert actions.close_item(item, on=TODAY, by=cast.xu, at=NOW)
        assert ServiceItem.objects.get(code=code).closed_on == TODAY
        with pytest.raises(Refused):
            actions.add_item(code="short", name="坏编码", unit=cast.unit, task_type="20", by=cast.xu, at=NOW)


class TestCalendar:
    def test_a_day_is_set_corrected_and_cleared(self, cast):
        version = CalendarYear.objects.get(year=2027).version
        day = date(2027, 3, 3)
        actions.set_calendar_day(day, kind=DayKind.HOLIDAY, name="演示", by=cast.xu, at=NOW)
        assert CalendarDay.objects.get(date=day).kind == DayKind.HOLIDAY
        actions.set_calendar_day(day, kind=None, by=cast.xu, at=NOW)
        assert not CalendarDay.objects.filter(date=day).exists()
        year = CalendarYear.objects.get(year=2027)
        assert year.version == version + 2
        assert year.changed_by == cast.xu

    def test_only_weekends_are_made_up(self, cast):
        with pytest.raises(Refused):
            actions.set_calendar_day(date(2027, 3, 3), kind=DayKind.MAKEUP, by=cast.xu, at=NOW)

    def test_confirm(self, cast):
        assert not CalendarYear.objects.get(year=2027).confirmed
        actions.confirm_calendar_year(2027, source="国办发明电〔演示〕1号", by=cast.xu, at=NOW)
        assert CalendarYear.objects.get(year=2027).confirmed
        assert last_audit().action == "calendar.confirm"

    def test_a_year_is_added_once(self, cast):
        assert not actions.add_calendar_year(2031, by=cast.xu, at=NOW).confirmed
        before = AuditEntry.objects.count()
        actions.add_calendar_year(2031, by=cast.xu, at=NOW)
        assert AuditEntry.objects.count() == before
