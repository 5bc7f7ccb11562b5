"""Signing in as people do it: password, lock-out, second factor, time limits, ageing passwords, single sign-on."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from common.models import AuditEntry
from organizations import actions
from organizations.adapters import SignOnAdapter
from organizations.checks import no_demo_accounts
from organizations.models import Staff
from organizations.passwords import CharacterClassesValidator, must_change
from tests.factories import NOW, PASSWORD

LOGIN = "/accounts/login/"
PAGE = "/accounts/sessions/"
NEW_PASSWORD = "Penglai+Tower+27"


@pytest.fixture(autouse=True)
def _fresh_limits(db):
    cache.clear()
    yield
    cache.clear()


def sign_in(client, username="wu", password=PASSWORD, **more):
    return client.post(LOGIN, {"login": username, "password": password, **more})


def is_in(client):
    return client.get(PAGE).status_code == 200


def trail(action):
    return AuditEntry.objects.filter(action=action).order_by("pk")


class TestPassword:
    def test_in_and_out_are_on_the_trail(self, cast, client):
        assert sign_in(client, next=PAGE).url == PAGE
        assert is_in(client)
        assert trail("account.login").get().actor == cast.wu
        assert trail("account.login").get().address == "127.0.0.1"
        assert client.post("/accounts/logout/").status_code == 302
        assert not is_in(client)
        assert trail("account.logout").get().actor == cast.wu

    def test_every_wrong_sign_in_reads_the_same(self, cast, client):
        actions.disable_staff(cast.wei, note="离职", by=cast.xu, at=NOW)
        pages = [
            sign_in(Client(), "wu", "wrong").content.decode(),
            sign_in(Client(), "nobody", PASSWORD).content.decode(),
            sign_in(Client(), "wei", PASSWORD).content.decode(),
        ]
        said = {re.search(r"<li>(.*?)</li>", page)[1] for page in pages}
        assert len(said) == 1
        assert "工号或密码不对" in said.pop()
        refused = list(trail("account.refused"))
        assert [entry.success for entry in refused] == [False] * 3
        assert [(entry.object_id, entry.reason) for entry in refused] == [
            ("wu", "password"),
            ("?", "password"),
            ("wei", "disabled"),
        ]

    def test_locked_after_five_and_open_again_after_fifteen_minutes(self, cast):
        began = timezone.now()
        with time_machine.travel(began, tick=False) as clock:
            for _try in range(5):
                sign_in(Client(), password="wrong")
            locked = sign_in(Client())
            assert "已暂时锁定" in locked.content.decode()
            assert trail("account.refused").last().reason == "locked"
            other = Client()
            assert sign_in(other, "sun").status_code == 302
            clock.move_to(began + timedelta(minutes=14, seconds=59))
            assert sign_in(Client()).status_code == 200
            clock.move_to(began + timedelta(minutes=15, seconds=1))
            assert sign_in(Client()).status_code == 302

    def test_nobody_signs_up_or_resets_by_mail(self, client):
        for path in ("signup", "password/reset", "email", "confirm-email", "3rdparty", "login/code"):
            assert client.get(f"/accounts/{path}/").status_code == 404

    def test_demo_accounts_stay_out_of_production(self, cast, settings):
        Staff.objects.filter(pk=cast.wu.pk).update(demo=True)
        client = Client()
        assert sign_in(client).status_code == 302
        assert is_in(client)
        settings.PRODUCTION = True
        assert not is_in(client)
        assert sign_in(Client()).status_code == 200
        assert [error.id for error in no_demo_accounts(None)] == ["organizations.E001"]
        with pytest.raises(CommandError):
            call_command("createsuperuser", interactive=False, username="root", name="根")

    def test_disabling_ends_running_sessions_at_once(self, cast):
        client = Client()
        sign_in(client)
        assert is_in(client)
        actions.disable_staff(cast.wu, note="离职", by=cast.xu, at=timezone.now())
        assert not is_in(client)

    def test_other_devices_are_ended(self, cast):
        here, there = Client(), Client()
        sign_in(here)
        sign_in(there)
        assert is_in(there)
        assert "退出其他设备" in here.get(PAGE).content.decode()
        here.post(PAGE)
        assert is_in(here)
        assert not is_in(there)
        assert trail("account.end_sessions").get().after == {"count": 1}


class TestTimeLimits:
    @pytest.mark.parametrize(("name", "idle", "whole"), [("wu", 30 * 60, 12 * 3600), ("gu", 15 * 60, 8 * 3600)])
    def test_idle_and_absolute(self, cast, name, idle, whole):
        began = timezone.now()
        with time_machine.travel(began, tick=False) as clock:
            kept, idler, worker = Client(), Client(), Client()
            for client in (kept, idler, worker):
                client.force_login(getattr(cast, name))
                assert is_in(client)
            clock.move_to(began + timedelta(seconds=idle - 1))
            assert is_in(kept)
            clock.move_to(began + timedelta(seconds=idle + 1))
            assert not is_in(idler)
            for second in range(0, whole, idle - 60):
                clock.move_to(began + timedelta(seconds=second))
                assert is_in(worker)
            clock.move_to(began + timedelta(seconds=whole - 1))
            assert is_in(worker)
            clock.move_to(began + timedelta(seconds=whole + 1))
            assert not is_in(worker)

    def test_what_was_typed_comes_back(self, cast):
        began = timezone.now()
        with time_machine.travel(began, tick=False) as clock:
            client = Client()
            client.force_login(cast.xu)
            address = reverse("structure-region-add")
            assert client.get(address).status_code == 200
            clock.move_to(began + timedelta(minutes=16))
            typed = {"code": "370602099000", "name": "没写完的街道", "password": "secret"}
            answer = client.post(address, typed)
            assert answer.url == f"{LOGIN}?next=/accounts/kept/"
            assert "登录后可以接着提交" in client.get(answer.url).content.decode()
            assert sign_in(client, "xu", next="/accounts/kept/").url == "/accounts/kept/"
            page = client.get("/accounts/kept/").content.decode()
            assert "没写完的街道" in page
            assert f'action="{address}"' in page
            assert "secret" not in page

    def test_somebody_else_does_not_see_it(self, cast):
        began = timezone.now()
        with time_machine.travel(began, tick=False) as clock:
            client = Client()
            client.force_login(cast.xu)
            client.get(reverse("structure-region-add"))
            clock.move_to(began + timedelta(minutes=16))
            client.post(reverse("structure-region-add"), {"name": "私密"})
            sign_in(client, "wu")
            assert client.get("/accounts/kept/").url == reverse("desk")


class TestSecondFactor:
    @staticmethod
    def code(secret, at=None):
        return format_hotp_value(hotp_value(secret, int(at or time.time()) // 30))

    def test_nothing_else_is_open_before_it_is_set_up(self, cast, settings):
        settings.MFA_REQUIRED = True
        client = Client()
        sign_in(client)
        for name in ("desk", "structure-home", "usersessions_list", "mfa_index"):
            assert client.get(reverse(name)).url == reverse("mfa_activate_totp")
        assert client.post(reverse("structure-region-add"), {}).url == reverse("mfa_activate_totp")

    def test_set_up_and_used(self, cast, settings):
        settings.MFA_REQUIRED = True
        began = timezone.now()
        with time_machine.travel(began, tick=False) as clock:
            client = Client()
            sign_in(client)
            asked = client.get(reverse("mfa_activate_totp"))
            if asked.status_code == 302:
                client.post(asked.url, {"password": PASSWORD})
                asked = client.get(reverse("mfa_activate_totp"))
            page = asked.content.decode()
            secret = re.search(r"<code>(\w+)</code>", page)[1]
            assert "data:image/svg+xml" in page
            wrong = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
            assert "验证码不对" in wrong.content.decode()
            secret = re.search(r"<code>(\w+)</code>", wrong.content.decode())[1]
            done = client.post(reverse("mfa_activate_totp"), {"code": self.code(secret)})
            assert done.url == reverse("mfa_view_recovery_codes")
            codes = re.findall(r"<li><code>(\w+)</code>", client.get(done.url).content.decode())
            assert len(codes) == 10
            assert is_in(client)
            stored = Authenticator.objects.get(user=cast.wu, type="totp")
            assert secret not in str(stored.data)

            clock.move_to(began + timedelta(minutes=2))
            again = Client()
            assert sign_in(again).url == reverse("mfa_authenticate")
            assert not is_in(again)
            assert "验证码不对" in again.post(reverse("mfa_authenticate"), {"code": "123123"}).content.decode()
            assert trail("account.refused").last().reason == "code"
            used = self.code(secret)
            assert again.post(reverse("mfa_authenticate"), {"code": used}).status_code == 302
            assert is_in(again)

            replayed = Client()
            sign_in(replayed)
            assert replayed.post(reverse("mfa_authenticate"), {"code": used}).status_code == 200
            recovered = Client()
            sign_in(recovered)
            assert recovered.post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code == 302
            assert is_in(recovered)
            spent = Client()
            sign_in(spent)
            assert spent.post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code == 200

    def test_it_cannot_be_given_up_where_required(self, cast, settings):
        settings.MFA_REQUIRED = True
        TOTP.activate(cast.wu, "JBSWY3DPEHPK3PXP")
        client = Client()
        client.force_login(cast.wu)
        address = reverse("mfa_deactivate_totp")
        asked = client.get(address)
        client.post(asked.url, {"password": PASSWORD})
        assert "不能停用" in client.get(address).content.decode()
        client.post(address)
        assert Authenticator.objects.filter(user=cast.wu).exists()

    def test_disabled_between_password_and_code(self, cast):
        TOTP.activate(cast.wu, "JBSWY3DPEHPK3PXP")
        client = Client()
        assert sign_in(client).url == reverse("mfa_authenticate")
        Staff.objects.filter(pk=cast.wu.pk).update(is_active=False)
        answer = client.post(reverse("mfa_authenticate"), {"code": self.code("JBSWY3DPEHPK3PXP")})
        assert answer.status_code in {302, 403}
        assert not is_in(client)
        assert not trail("account.login").exists()

    def test_a_lost_telephone(self, cast, settings):
        settings.MFA_REQUIRED = True
        TOTP.activate(cast.wu, "JBSWY3DPEHPK3PXP")
        client = Client()
        client.force_login(cast.wu)
        assert is_in(client)
        actions.reset_second_factor(cast.wu, note="手机丢失", by=cast.gu, at=timezone.now())
        assert not Authenticator.objects.filter(user=cast.wu).exists()


class TestPasswordRules:
    def test_age(self):
        assert must_change(None, NOW, None)
        assert not must_change(NOW - timedelta(days=90), NOW, 90)
        assert must_change(NOW - timedelta(days=90, seconds=1), NOW, 90)
        assert not must_change(NOW - timedelta(days=9000), NOW, None)

    @pytest.mark.parametrize("password", ["alllowercase", "12345678901", "lower12345", "UPPERlower"])
    def test_three_of_four_kinds(self, password):
        with pytest.raises(ValidationError):
            CharacterClassesValidator().validate(password)

    def test_three_kinds_are_enough(self):
        assert CharacterClassesValidator().validate("lower12345-") is None

    def test_a_one_time_password_opens_the_change_page_alone(self, cast):
        password = actions.issue_password(cast.wei, by=cast.xu, at=timezone.now())
        client = Client()
        sign_in(client, "wei", password)
        change = reverse("account_change_password")
        assert client.get(reverse("desk")).url == change
        assert "一次性密码" in client.get(change).content.decode()
        asked = {"oldpassword": password, "password1": password, "password2": password}
        assert "不能和现在的一样" in client.post(change, asked).content.decode()
        asked |= {"password1": "onlyletters", "password2": "onlyletters"}
        assert "三种" in client.post(change, asked).content.decode()
        asked |= {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
        assert client.post(change, asked).status_code == 302
        assert is_in(client)
        assert trail("staff.change_password").get().actor == cast.wei

    @pytest.mark.parametrize(("days", "sent"), [(90, True), (None, False)])
    def test_profiles(self, cast, settings, days, sent):
        """dengbao3 wants a change every 90 days, nist none."""
        settings.PASSWORD_MAX_AGE_DAYS = days
        Staff.objects.filter(pk=cast.wu.pk).update(password_changed_at=timezone.now() - timedelta(days=91))
        client = Client()
        client.force_login(cast.wu)
        assert is_in(client) != sent

    def test_the_profiles_differ_in_their_validators(self):
        """Read anew, since the profile is chosen when the settings are loaded."""
        found = {}
        for profile in ("dengbao3", "nist"):
            found[profile] = _settings_of(profile)
        assert found["dengbao3"] == (90, 10, True)
        assert found["nist"] == (None, 12, False)


def _settings_of(profile):
    source = (
        "import os; os.environ['PASSWORD_PROFILE'] = %r\n"
        "import reviews_portal.settings as s\n"
        "v = s.AUTH_PASSWORD_VALIDATORS\n"
        "print((s.PASSWORD_MAX_AGE_DAYS, v[0]['OPTIONS']['min_length'],"
        " any('CharacterClasses' in x['NAME'] for x in v)))"
    )
    done = subprocess.run([sys.executable, "-c", source % profile], capture_output=True, text=True, check=True)
    return ast.literal_eval(done.stdout)


class TestSingleSignOn:
    @staticmethod
    def login(claims):
        return SimpleNamespace(account=SimpleNamespace(extra_data=claims), user=None)

    @staticmethod
    def request():
        request = RequestFactory().get("/")
        request.session, request.csp_nonce = {}, ""
        request.user = SimpleNamespace(is_authenticated=False)
        request._messages = FallbackStorage(request)
        return request

    @pytest.mark.parametrize("place", ["userinfo", "id_token"])
    def test_an_account_is_found_by_its_number(self, cast, place):
        login = self.login({place: {"preferred_username": "wu", "email": "other@example.invalid"}})
        SignOnAdapter().pre_social_login(self.request(), login)
        assert login.user == cast.wu

    @pytest.mark.parametrize("claims", [{"preferred_username": "nobody"}, {"email": "wu@example.invalid"}, {}])
    def test_none_is_made(self, cast, claims):
        before = Staff.objects.count()
        with pytest.raises(ImmediateHttpResponse) as answer:
            SignOnAdapter().pre_social_login(self.request(), self.login({"userinfo": claims}))
        assert answer.value.response.status_code == 403
        assert Staff.objects.count() == before
        assert trail("account.refused").last().reason == "sign_on"

    def test_a_disabled_account_stays_out(self, cast):
        actions.disable_staff(cast.wu, note="离职", by=cast.xu, at=NOW)
        with pytest.raises(ImmediateHttpResponse):
            SignOnAdapter().pre_social_login(self.request(), self.login({"userinfo": {"preferred_username": "wu"}}))

    def test_without_settings_there_is_no_provider(self, client):
        assert client.post("/accounts/oidc/sso/login/").status_code == 404
