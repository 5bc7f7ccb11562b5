"""Tablets put up, enrolled by a code, moved, revoked, and missed when they fall silent."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q

from common.models import AuditEntry, Notice
from evaluations.actions import (
    add_device,
    add_window_key,
    call_service,
    change_device,
    enrol_device,
    issue_code,
    note_pulse,
    report_stray,
    revoke_device,
    revoke_window_key,
    watch_devices,
)
from evaluations.actions.called import ServedElsewhere
from evaluations.models import CalledService, Device, DevicePulse, Service, WindowKey
from evaluations.tablets import called_at, device_with_secret, key_with_secret, offered_at, silence_limit
from organizations.actions import Refused
from organizations.models import Window
from tests.factories import NOW, Cast
from tests.support.tablet import HERE, call, put_up

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def trail(action: str) -> AuditEntry:
    return AuditEntry.objects.get(action=action)


# --- the code ---------------------------------------------------------------------------------------------------


def test_a_code_enrols_once_and_is_stored_nowhere(cast: Cast) -> None:
    device, code = add_device(name="一号", window=cast.window, by=cast.zheng, at=NOW)
    enrolled = enrol_device(code, network=HERE, at=NOW + 29 * MINUTE)
    assert enrolled is not None
    assert device_with_secret(enrolled[1]) == device
    assert enrol_device(code, network=HERE, at=NOW + 29 * MINUTE) is None, "spent"
    row = Device.objects.filter(pk=device.pk).values().get()
    assert enrolled[1] not in str(row)
    assert code not in str(row)
    assert code.replace("-", "") not in str(list(AuditEntry.objects.values()))
    assert enrolled[1] not in str(list(AuditEntry.objects.values()))
    assert (row["network"], row["enrolled_at"]) == (HERE, NOW + 29 * MINUTE)
    assert trail("device.create").actor_name == "郑主管"
    assert trail("device.enrol").after == {"network": HERE}


@pytest.mark.parametrize("typed", ["lower-no", "", "AAAA-AAAA"])
def test_a_wrong_code_enrols_nothing(cast: Cast, typed: str) -> None:
    add_device(name="一号", window=cast.window, by=cast.zheng, at=NOW)
    assert enrol_device(typed, network=HERE, at=NOW) is None
    assert not DevicePulse.objects.exists()


def test_a_code_is_good_for_half_an_hour(cast: Cast) -> None:
    _device, code = add_device(name="一号", window=cast.window, by=cast.zheng, at=NOW)
    assert enrol_device(code, network=HERE, at=NOW + 30 * MINUTE) is None


def test_a_new_code_makes_the_old_one_and_then_the_old_tablet_worthless(cast: Cast) -> None:
    tablet = put_up(cast)
    first = issue_code(tablet.device, by=cast.zheng, at=NOW)
    second = issue_code(tablet.device, by=cast.zheng, at=NOW)
    assert enrol_device(first, network=HERE, at=NOW) is None
    assert device_with_secret(tablet.secret), "until the new code is used the tablet goes on"
    enrolled = enrol_device(second, network="10.0.0.0/24", at=NOW)
    assert enrolled is not None
    assert device_with_secret(tablet.secret) is None
    assert device_with_secret(enrolled[1]) == tablet.device


def test_a_revoked_tablet_is_none(cast: Cast) -> None:
    tablet = put_up(cast)
    code = issue_code(tablet.device, by=cast.zheng, at=NOW)
    revoke_device(tablet.device, note="丢失", by=cast.zheng, at=NOW)
    assert device_with_secret(tablet.secret) is None
    assert enrol_device(code, network=HERE, at=NOW) is None
    assert trail("device.revoke").reason == "丢失"
    for act in (
        lambda: revoke_device(tablet.device, note="再次", by=cast.zheng, at=NOW),
        lambda: issue_code(tablet.device, by=cast.zheng, at=NOW),
        lambda: change_device(tablet.device, name="二号", by=cast.zheng, at=NOW),
    ):
        with pytest.raises(Refused, match="已停用"):
            act()


def test_the_database_keeps_no_key_of_a_revoked_tablet(cast: Cast) -> None:
    tablet = put_up(cast)
    with pytest.raises(IntegrityError, match="device_revoked_has_no_key"), transaction.atomic():
        Device.objects.filter(pk=tablet.device.pk).update(revoked_at=NOW)


# --- whose they are ---------------------------------------------------------------------------------------------


def test_only_those_who_look_after_a_window_put_tablets_there(cast: Cast) -> None:
    for person in (cast.wu, cast.song, cast.qian, cast.gu, cast.meng, cast.zhou):
        with pytest.raises(PermissionDenied):
            add_device(name="一号", window=cast.window, by=person, at=NOW)
    for person in (cast.zheng, cast.xu):
        add_device(name="一号", window=cast.window, by=person, at=NOW)
    assert Device.objects.count() == 2


def test_a_tablet_moves_only_between_windows_one_looks_after(cast: Cast) -> None:
    tablet = put_up(cast)
    elsewhere = Window.objects.exclude(Q(unit=cast.unit) | Q(unit__path__startswith=cast.unit.path)).first()
    mine = Window.objects.exclude(pk=cast.window.pk).filter(unit=cast.unit).first()
    assert elsewhere is not None
    assert mine is not None
    with pytest.raises(PermissionDenied):
        change_device(tablet.device, window=elsewhere, by=cast.zheng, at=NOW)
    assert change_device(tablet.device, window=mine, by=cast.zheng, at=NOW)
    assert Device.objects.get().window == mine
    assert trail("device.change").after == {"window": str(mine)}
    for person in (cast.song, cast.wu):
        with pytest.raises(PermissionDenied):
            revoke_device(tablet.device, note="x", by=person, at=NOW)
        with pytest.raises(PermissionDenied):
            issue_code(tablet.device, by=person, at=NOW)


def test_the_set_that_is_seen_is_the_set_that_may_be_changed(cast: Cast) -> None:
    """`visible_to` says in SQL what `looks_after` says of one."""
    for number, window in enumerate(Window.objects.filter(closed_on=None).select_related("hall__unit", "unit")[:40]):
        add_device(name=f"{number}", window=window, by=cast.xu, at=NOW)
    for person in cast.everybody.values():
        seen = set(Device.objects.visible_to(person).values_list("pk", flat=True))
        allowed = set()
        for device in Device.objects.all():
            try:
                issue_code(device, by=person, at=NOW)
            except PermissionDenied:
                continue
            allowed.add(device.pk)
        assert seen == allowed, person
    assert Device.objects.visible_to(cast.xu).count() == 40
    assert 0 < Device.objects.visible_to(cast.zheng).count() < 40


# --- the sign of life -------------------------------------------------------------------------------------------


def told(device: Device) -> set[str]:
    notices = Notice.objects.filter(kind="device.silent", url__endswith=f"/{device.pk}/")
    return set(notices.values_list("staff__username", flat=True))


def test_a_silence_is_told_once_and_again_when_there_is_another(cast: Cast) -> None:
    tablet = put_up(cast, at=NOW)
    assert watch_devices(at=NOW + 5 * MINUTE) == 0
    assert watch_devices(at=NOW + 6 * MINUTE) == 1
    assert "zheng" in told(tablet.device)
    assert told(tablet.device).isdisjoint({"wu", "song", "xu"})
    assert watch_devices(at=NOW + 7 * MINUTE) == 0
    assert Notice.objects.filter(staff=cast.zheng).count() == 1
    assert "A12 评价器" in Notice.objects.get(staff=cast.zheng).text
    note_pulse(tablet.device, at=NOW + 8 * MINUTE)
    assert watch_devices(at=NOW + 12 * MINUTE) == 0
    assert watch_devices(at=NOW + 14 * MINUTE) == 1
    assert Notice.objects.filter(staff=cast.zheng).count() == 2


def test_nights_and_days_off_are_no_silence(cast: Cast) -> None:
    put_up(cast, at=NOW)
    evening, saturday = NOW.replace(hour=17, minute=1), NOW + timedelta(days=5)
    assert watch_devices(at=evening) == 0
    assert watch_devices(at=saturday) == 0
    tomorrow = (NOW + timedelta(days=1)).replace(hour=8, minute=34)
    assert watch_devices(at=tomorrow) == 0
    assert watch_devices(at=tomorrow + MINUTE) == 1


def test_what_is_not_in_use_is_not_missed(cast: Cast) -> None:
    add_device(name="没登记", window=cast.window, by=cast.zheng, at=NOW)
    revoke_device(put_up(cast).device, note="坏了", by=cast.zheng, at=NOW)
    closed = Window.objects.exclude(pk=cast.window.pk).filter(unit=cast.unit)[0]
    put_up(cast, window=closed)
    Window.objects.filter(pk=closed.pk).update(closed_on=NOW.date())
    assert watch_devices(at=NOW + 10 * MINUTE) == 0


def test_where_nobody_supervises_the_administrators_are_told(cast: Cast) -> None:
    tablet = put_up(cast)
    cast.zheng.memberships.update(valid_to=NOW.date() - timedelta(days=1))
    assert watch_devices(at=NOW + 6 * MINUTE) == 1
    assert told(tablet.device) == {"xu"}


def test_the_limit_follows_the_settings_and_the_calendar(cast: Cast, settings: object) -> None:
    settings.KIOSK_SILENT_MINUTES = 20  # type: ignore[attr-defined]
    assert silence_limit(NOW) == NOW - timedelta(minutes=20)
    national_day = datetime(2026, 10, 1, 10, 0, tzinfo=NOW.tzinfo)
    assert silence_limit(national_day) is None


def test_a_stray_key_is_reported_to_the_hall_and_on_the_trail_once_an_hour(cast: Cast) -> None:
    tablet = put_up(cast)
    for minutes in (0, 1, 59):
        report_stray(tablet.device, network="203.0.113.0/24", at=NOW + minutes * MINUTE)
    assert AuditEntry.objects.filter(action="device.stray", success=False).count() == 1
    assert trail("device.stray").after == {"enrolled": HERE, "seen": "203.0.113.0/24"}
    notice = Notice.objects.get(staff=cast.zheng, kind="device.stray")
    assert "203.0.113.0/24" in notice.text
    report_stray(tablet.device, network="198.51.100.0/24", at=NOW + 59 * MINUTE)
    report_stray(tablet.device, network="198.51.100.0/24", at=NOW + 130 * MINUTE)
    assert AuditEntry.objects.filter(action="device.stray").count() == 3


# --- calls ------------------------------------------------------------------------------------------------------


def test_a_call_is_a_service_before_the_window_for_a_while(cast: Cast) -> None:
    service = call(cast)
    assert called_at(cast.window, NOW + 14 * MINUTE) == service
    assert called_at(cast.window, NOW + 15 * MINUTE) is None
    assert (service.source, service.staff, service.unit) == ("hall", cast.rated, cast.window.unit)
    later = call(cast, number="370600202611230002", at=NOW + MINUTE)
    assert called_at(cast.window, NOW + MINUTE) == later
    call(cast, at=NOW + 2 * MINUTE)
    assert called_at(cast.window, NOW + 16 * MINUTE) == service, "called again, shown again"
    assert Service.objects.count() == 2
    assert CalledService.objects.count() == 1


def test_what_was_rated_is_offered_no_more(cast: Cast) -> None:
    service = call(cast)
    cast.submit(5, service=service)
    assert offered_at(cast.window, NOW).called is None
    again = call_service(
        window=cast.window,
        item=cast.item,
        project_number=service.project_number,
        service_number=1,
        served_at=NOW,
        at=NOW,
    )
    assert again.until is None


def test_a_service_of_another_window_is_not_called_here(cast: Cast) -> None:
    call(cast)
    other = Window.objects.exclude(pk=cast.window.pk).select_related("unit__region", "hall")[0]
    with pytest.raises(ServedElsewhere):
        call(cast, window=other)
    assert called_at(other, NOW) is None


def test_without_a_call_todays_unrated_services_are_offered(cast: Cast) -> None:
    yesterday = cast.service(at=NOW - timedelta(days=1))
    rated, mine = cast.service(), cast.service()
    cast.submit(4, service=rated)
    offered = offered_at(cast.window, NOW)
    assert offered.services == [mine]
    assert yesterday not in offered.services
    mark = offered.mark
    assert offered_at(cast.window, NOW).mark == mark
    call(cast)
    assert offered_at(cast.window, NOW).mark != mark
    assert mine in offered_at(cast.window, NOW, others=True).services


# --- keys of window systems -------------------------------------------------------------------------------------


def test_a_key_speaks_for_one_hall_until_it_ends(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        add_window_key(hall=cast.window.hall, name="叫号", by=cast.song, at=NOW)
    key, secret = add_window_key(hall=cast.window.hall, name="叫号", by=cast.xu, at=NOW)
    assert key_with_secret(secret) == key
    assert secret not in str(list(WindowKey.objects.values())) + str(list(AuditEntry.objects.values()))
    with pytest.raises(PermissionDenied):
        revoke_window_key(key, note="x", by=cast.song, at=NOW)
    assert revoke_window_key(key, note="换系统", by=cast.xu, at=NOW)
    assert not revoke_window_key(key, note="换系统", by=cast.xu, at=NOW)
    assert key_with_secret(secret) is None
    assert AuditEntry.objects.filter(action="window_key.revoke").count() == 1
