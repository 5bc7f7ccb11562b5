"""The desk's pages on tablets and keys: who sees which, what is shown once, and how silence is marked."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.models import AuditEntry
from evaluations.actions import add_device, add_window_key, report_stray, revoke_device
from evaluations.models import Device, WindowKey
from evaluations.tasks import watch_devices
from evaluations.views.devices import chip
from organizations.models import Hall, Staff, Window
from reviews_portal.words import kind_words
from tests.factories import NOW, Cast
from tests.support.tablet import put_up

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
LIST, ADD, KEYS = "/desk/devices/", "/desk/devices/add/", "/desk/devices/keys/"
MINUTE = timedelta(minutes=1)


def desk(person: Staff) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text_of(response: Any) -> str:
    return response.content.decode()


def place(window: Window) -> str:
    return f"{window.hall.code}/{window.number}"


def test_a_supervisor_puts_up_a_tablet_and_sees_its_code_once(cast: Cast) -> None:
    client = desk(cast.zheng)
    answer = client.post(ADD, {"name": "一号机", "window": place(cast.window)})
    page = text_of(answer)
    code = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", page)
    assert code is not None
    assert "只显示这一次,30 分钟内有效" in page
    assert "<svg" in page
    device = Device.objects.get()
    assert (device.name, device.window, device.takes_text) == ("一号机", cast.window, False)
    assert code[0] not in text_of(client.get(reverse("device", args=[device.pk])))
    assert code[0].replace("-", "") not in str(list(AuditEntry.objects.values()))
    tablet = Client()
    assert tablet.post("/kiosk/", {"code": code[0]}).status_code == 302
    assert "一号机" in text_of(client.get(LIST))


def test_only_ones_own_windows_are_offered_and_taken(cast: Cast) -> None:
    client = desk(cast.song)
    offered = text_of(client.get(ADD))
    assert f'value="{place(cast.window)}"' not in offered
    refused = client.post(ADD, {"name": "一号机", "window": place(cast.window)})
    assert refused.status_code == 200
    assert "error-summary" in text_of(refused)
    assert "一号机" in text_of(refused)
    assert not Device.objects.exists()
    assert f'value="{place(cast.window)}"' in text_of(desk(cast.xu).get(ADD))


def test_strangers_meet_404_and_other_roles_403(cast: Cast) -> None:
    tablet = put_up(cast)
    pages = [reverse(name, args=[tablet.device.pk]) for name in ("device", "device-code", "device-revoke")]
    for person, status in ((cast.song, 404), (cast.wu, 403), (cast.qian, 403), (cast.gu, 403)):
        client = desk(person)
        assert [client.get(page).status_code for page in pages] == [status] * 3
        assert [client.post(page, {"note": "x"}).status_code for page in pages] == [status] * 3
    assert "A12 评价器" not in text_of(desk(cast.song).get(LIST))
    assert Client().get(LIST).status_code == 302


def test_signs_of_life_in_words_and_shapes(cast: Cast) -> None:
    tablet = put_up(cast, name="在线机")
    put_up(cast, name="失联机", at=NOW - 12 * MINUTE)
    waiting, _code = add_device(name="待登记", window=cast.window, by=cast.zheng, at=NOW)
    add_device(name="过期", window=cast.window, by=cast.zheng, at=NOW - 40 * MINUTE)
    revoked = put_up(cast, name="停用机")
    revoke_device(revoked.device, note="坏", by=cast.zheng, at=NOW)
    client = desk(cast.zheng)
    with time_machine.travel(NOW + 2 * MINUTE, tick=False):
        page = text_of(client.get(LIST))
        silent = text_of(client.get(LIST, {"only": "silent"}))
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.S)
    states = {
        name: row for name in ("在线机", "失联机", "待登记", "过期", "停用机") for row in rows if f">{name}<" in row
    }
    assert "2 分钟前" in states["在线机"]
    assert "due-open" in states["在线机"]
    assert "失联 14 分钟" in states["失联机"]
    assert "due-overdue" in states["失联机"]
    assert "等待登记" in states["待登记"]
    assert "登记码已过期" in states["过期"]
    assert "已停用" in states["停用机"]
    assert all('<svg class="icon"' in row for row in states.values()), "a shape beside each word"
    assert "失联机" in silent
    assert "在线机" not in silent
    assert re.search(r'失联 <span class="count">1</span>', page)
    assert tablet.device.pk != waiting.pk


def test_at_night_nothing_is_marked(cast: Cast) -> None:
    put_up(cast)
    with time_machine.travel(NOW.replace(hour=20), tick=False):
        client = desk(cast.zheng)
        page = text_of(client.get(LIST))
    assert "due-overdue" not in page
    assert "10 小时前" in page


def test_five_minutes_are_no_silence_yet(cast: Cast) -> None:
    tablet = put_up(cast)
    device = Device.objects.select_related("pulse").get(pk=tablet.device.pk)
    for minutes, state in ((5, "open"), (6, "overdue")):
        at = NOW + minutes * MINUTE
        assert chip(device, at=at, silent=at - 5 * MINUTE).state == state


def test_the_notice_of_a_silence_leads_to_the_device(cast: Cast) -> None:
    tablet = put_up(cast)
    with time_machine.travel(NOW + 6 * MINUTE, tick=False):
        assert watch_devices() == 1
        page = text_of(desk(cast.zheng).get("/desk/notices/"))
    assert "评价器失联,请到窗口看一看" in page
    assert reverse("device", args=[tablet.device.pk]) in page
    assert kind_words("device.stray") == "评价器的密钥从别的网络使用,已拒绝"


def test_a_stray_key_is_on_the_list_and_on_the_page(cast: Cast) -> None:
    tablet = put_up(cast)
    report_stray(tablet.device, network="203.0.113.0/24", at=NOW)
    client = desk(cast.zheng)
    assert "从别的网络使用" in text_of(client.get(LIST))
    assert "203.0.113.0/24" in text_of(client.get(reverse("device", args=[tablet.device.pk])))


def test_a_tablet_is_moved_renamed_and_may_take_text(cast: Cast) -> None:
    tablet = put_up(cast)
    other = Window.objects.filter(unit=cast.unit).exclude(pk=cast.window.pk).select_related("hall")[0]
    client = desk(cast.zheng)
    page = reverse("device", args=[tablet.device.pk])
    assert client.post(page, {"name": "二号机", "window": place(other), "takes_text": "on"}).status_code == 302
    device = Device.objects.get()
    assert (device.name, device.window, device.takes_text) == ("二号机", other, True)
    assert str(other) in text_of(tablet.client().get("/kiosk/"))


def test_a_new_code_is_made_by_a_press_and_shown_once(cast: Cast) -> None:
    tablet = put_up(cast)
    client = desk(cast.zheng)
    address = reverse("device-code", args=[tablet.device.pk])
    asked = text_of(client.get(address))
    assert "原来的平板不再能用" in asked
    assert Device.objects.get().code_hash == ""
    assert re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", text_of(client.post(address)))
    assert Device.objects.get().code_hash


def test_revoking_asks_for_the_reason(cast: Cast) -> None:
    tablet = put_up(cast)
    client = desk(cast.zheng)
    address = reverse("device-revoke", args=[tablet.device.pk])
    assert "error-summary" in text_of(client.post(address, {"note": ""}))
    assert client.post(address, {"note": "丢失"}).status_code == 302
    again = client.post(address, {"note": "丢失"})
    assert "这台评价器已停用" in text_of(again)


def test_keys_are_made_for_ones_halls_shown_once_and_ended(cast: Cast) -> None:
    hall = cast.window.hall
    client = desk(cast.xu)
    page = text_of(client.post(f"{KEYS}add/", {"hall": hall.code, "name": "叫号系统"}))
    secret = re.search(r"wk_[\w-]{20,}", page)
    assert secret is not None
    listed = text_of(client.get(KEYS))
    assert "叫号系统" in listed
    assert secret[0] not in listed
    assert "/api/v1/window/called" in listed
    key = WindowKey.objects.get()
    assert client.post(f"{KEYS}{key.pk}/revoke/", {"note": "换"}).status_code == 302
    assert WindowKey.objects.get().revoked_at
    stranger = desk(cast.song)
    assert stranger.get(f"{KEYS}{key.pk}/revoke/").status_code == 404
    assert "叫号系统" not in text_of(stranger.get(KEYS))
    refused = stranger.post(f"{KEYS}add/", {"hall": hall.code, "name": "x"})
    assert "error-summary" in text_of(refused)
    assert WindowKey.objects.count() == 1


def test_the_supervisor_of_the_halls_unit_looks_after_every_window_in_it(cast: Cast) -> None:
    hall = Hall.objects.select_related("unit").get(pk=cast.window.hall.pk)
    cast.song.memberships.update(unit=hall.unit)
    add_window_key(hall=hall, name="叫号系统", by=Staff.objects.get(username="song"), at=NOW)
    put_up(cast)
    client = desk(cast.song)
    assert "A12 评价器" in text_of(client.get(LIST))
    assert "叫号系统" in text_of(client.get(KEYS))


def test_the_list_costs_the_same_with_one_and_with_ten(cast: Cast) -> None:
    client = desk(cast.zheng)
    client.get(LIST)
    counts = []
    for _ in range(2):
        put_up(cast)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
        for _more in range(9):
            put_up(cast)
    assert 4 < counts[0] == counts[1]


def test_a_long_list_has_pages(cast: Cast) -> None:
    for _ in range(51):
        add_device(name="机", window=cast.window, by=cast.zheng, at=NOW)
    client = desk(cast.zheng)
    page = text_of(client.get(LIST))
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following is not None
    assert len(re.findall(r"/desk/devices/\d+/", text_of(client.get(LIST + following[1].replace("&amp;", "&"))))) == 1
    for broken in ("x", "9" * 40, "-1", "\u202e"):
        assert client.get(LIST, {"after": broken}).status_code < 500
