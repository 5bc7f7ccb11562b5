"""Who keeps the sign of a window, and what renewing it leaves behind."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from common.ids import READABLE, readable_number
from common.models import AuditEntry
from organizations import actions
from organizations.access import sign_duty, sign_scope
from organizations.actions import Refused
from organizations.codes import sign_code_as_printed
from organizations.enums import Role
from organizations.models import RetiredSign, Window
from organizations.queries import halls_with_signs, sign_of
from tests.factories import NOW, Cast, staff

pytestmark = pytest.mark.django_db


def keeper_of_the_hall(cast: Cast):
    return staff("guan", "管大厅", (Role.UNIT_SUPERVISOR, cast.window.hall.unit))


def renew(window: Window, by, **more):
    facts = {"seen": window.sign_code, "reason": "台卡破损", "by": by, "at": NOW} | more
    return actions.renew_sign(window, **facts)


class TestWho:
    def test_the_unit_at_the_window_the_unit_of_the_hall_and_the_administrator(self, cast):
        mine = set(Window.objects.filter(unit=cast.unit))
        assert mine
        for who, expected in {
            cast.xu: set(Window.objects.all()),
            cast.zheng: set(Window.objects.filter(unit__path__startswith=cast.unit.path)),
            keeper_of_the_hall(cast): set(Window.objects.filter(hall__unit__path__startswith=cast.body.path))
            | set(Window.objects.filter(unit__path__startswith=cast.body.path)),
        }.items():
            assert set(Window.objects.kept_by(sign_scope(who.duties))) == expected, who

    def test_nobody_else(self, cast):
        for name, person in cast.everybody.items():
            if name not in {"xu", "zheng", "song"}:
                assert not Window.objects.kept_by(sign_scope(person.duties)).exists(), name

    def test_the_set_and_the_single_question_agree(self, cast):
        """One rule, asked of a table and of a row: for everybody and every window the same answer."""
        windows = list(Window.objects.select_related("unit", "hall__unit"))
        for person in [keeper_of_the_hall(cast), *cast.everybody.values()]:
            kept = set(Window.objects.kept_by(sign_scope(person.duties)))
            assert kept == {window for window in windows if sign_duty(person.duties, window)}, person

    def test_halls_are_counted_by_what_one_keeps(self, cast):
        found = {hall.code: hall.kept for hall in halls_with_signs(sign_scope(cast.zheng.duties))}
        expected = Window.objects.open().filter(unit__path__startswith=cast.unit.path)
        assert sum(found.values()) == expected.count()
        assert not halls_with_signs(sign_scope(cast.lin.duties))


class TestRenewing:
    def test_a_new_code_at_once_and_the_old_one_remembered(self, cast):
        old = cast.window.sign_code
        renewed = renew(cast.window, cast.zheng)
        assert renewed.sign_code != old
        assert sign_of(renewed.sign_code) == cast.window
        retired = sign_of(old)
        assert isinstance(retired, RetiredSign)
        assert (retired.window, retired.reason, retired.misused) == (cast.window, "台卡破损", False)

    def test_the_trail_says_who_why_and_what(self, cast):
        old = cast.window.sign_code
        renewed = renew(cast.window, cast.zheng)
        entry = AuditEntry.objects.latest("pk")
        assert (entry.action, entry.object_id) == ("window.renew_sign", cast.window.key)
        assert (entry.actor, entry.actor_role, entry.reason) == (cast.zheng, Role.UNIT_SUPERVISOR, "台卡破损")
        assert (entry.before, entry.after) == ({"sign_code": old}, {"sign_code": renewed.sign_code})

    def test_strangers_change_nothing(self, cast):
        for person in (cast.wu, cast.song, cast.lin, cast.qian, cast.gu):
            with pytest.raises(PermissionDenied):
                renew(cast.window, person)
        assert not RetiredSign.objects.exists()

    def test_a_unit_cannot_silence_its_own_window(self, cast):
        for person in (cast.zheng, keeper_of_the_hall(cast)):
            with pytest.raises(PermissionDenied):
                renew(cast.window, person, misused=True)
        renew(cast.window, cast.xu, misused=True)
        assert RetiredSign.objects.get().taken_until(30) == NOW
        assert AuditEntry.objects.latest("pk").action == "window.stop_sign"

    def test_a_second_press_does_not_renew_twice(self, cast):
        seen = cast.window.sign_code
        renew(cast.window, cast.zheng)
        with pytest.raises(Refused, match="刚刚已经换发"):
            renew(cast.window, cast.zheng, seen=seen)
        assert RetiredSign.objects.count() == 1

    def test_an_old_code_can_be_stopped_later(self, cast):
        renew(cast.window, cast.zheng)
        sign = RetiredSign.objects.get()
        assert sign.taken_until(30) == NOW + timedelta(days=30)
        with pytest.raises(PermissionDenied):
            actions.stop_retired_sign(sign, reason="有人在外面刷", by=cast.zheng, at=NOW)
        assert actions.stop_retired_sign(sign, reason="有人在外面刷", by=cast.xu, at=NOW)
        sign.refresh_from_db()
        assert sign.taken_until(30) == sign.retired_at
        assert not actions.stop_retired_sign(sign, reason="再按一次", by=cast.xu, at=NOW)


class TestCodes:
    @given(st.lists(st.sampled_from(["upper", "lower", "dash", "space", "wide"]), max_size=4))
    def test_a_code_is_known_however_it_is_typed(self, ways):
        code = typed = readable_number()
        for way in ways:
            typed = {
                "upper": typed.upper(),
                "lower": typed.lower(),
                "dash": typed.replace("-", ""),
                "space": f" {typed[:3]} {typed[3:]} ",
                "wide": "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c != " " else c for c in typed),
            }[way]
        assert sign_code_as_printed(typed) == code

    def test_new_codes_are_short_and_made_of_letters_that_cannot_be_mistaken(self, cast):
        for window in Window.objects.all()[:20]:
            assert set(window.sign_code) <= {*READABLE, "-"}
            assert len(window.sign_code) == 9

    def test_old_longer_codes_are_still_known_by_their_case(self, cast):
        Window.objects.filter(pk=cast.window.pk).update(sign_code="aB3-_xYzQw12ErTy")
        assert sign_of("aB3-_xYzQw12ErTy") == cast.window
        assert sign_of("AB3-_XYZQW12ERTY") is None
        assert sign_of("") is None


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


class TestPages:
    def test_renewing_needs_a_reason_and_keeps_what_was_typed(self, cast):
        url = reverse("signs-renew", args=[cast.window.pk])
        seen = cast.window.sign_code
        page = client_of(cast.zheng).post(url, {"seen": seen, "reason": " "}).content.decode()
        assert "请填写" in page
        assert f'value="{seen}"' in page
        done = client_of(cast.zheng).post(url, {"seen": seen, "reason": "台卡破损"})
        assert done.url == reverse("signs-window", args=[cast.window.pk])
        again = client_of(cast.zheng).post(url, {"seen": seen, "reason": "又按了一次"}).content.decode()
        assert "刚刚已经换发" in again
        assert "又按了一次" in again

    def test_only_the_administrator_is_asked_whether_it_was_misused(self, cast):
        url = reverse("signs-renew", args=[cast.window.pk])
        assert 'name="misused"' in client_of(cast.xu).get(url).content.decode()
        assert 'name="misused"' not in client_of(cast.zheng).get(url).content.decode()
        client_of(cast.zheng).post(url, {"seen": cast.window.sign_code, "reason": "破损", "misused": "on"})
        assert not RetiredSign.objects.get().misused

    def test_strangers_meet_404(self, cast):
        url = reverse("signs-renew", args=[cast.window.pk])
        for person in (cast.wu, cast.song, cast.lin, cast.gu):
            assert client_of(person).get(url).status_code == 404
            assert client_of(person).post(url, {"seen": cast.window.sign_code, "reason": "x"}).status_code == 404

    def test_stopping_is_the_administrators(self, cast):
        renew(cast.window, cast.zheng, at=timezone.now())
        sign = RetiredSign.objects.get()
        url = reverse("signs-stop", args=[sign.pk])
        assert client_of(cast.zheng).post(url, {"note": "x"}).status_code == 403
        window = reverse("signs-window", args=[cast.window.pk])
        assert url in client_of(cast.xu).get(window).content.decode()
        assert url not in client_of(cast.zheng).get(window).content.decode()
        assert client_of(cast.xu).post(url, {"note": "有人在外面刷"}).url == window
        assert "被冒用,已停用" in client_of(cast.zheng).get(window).content.decode()
