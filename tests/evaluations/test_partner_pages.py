"""Partners and sources at the desk: a secret shown once, a switch with a reason, a profile checked before kept."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common.actors import SYSTEM
from common.models import AuditEntry
from evaluations.actions import partners
from evaluations.actions.messages import forget_codes
from evaluations.actions.partners import keys_of, note_seen, register_partner
from evaluations.actions.sources import ChangedMeanwhile, save_profile, version_of
from evaluations.enums import Scope, SigningMethod
from evaluations.envelopes import HmacKey, new_nonce, sign, sm2
from evaluations.models import Partner, Source
from evaluations.profiles import shipped_data
from organizations.models import Staff
from tests.factories import NOW, Cast

pytestmark = pytest.mark.django_db
GOOD = {"name": "演示叫号系统", "source": "hall", "scopes": ["ratings"], "method": "hmac", "per_minute": "60"}


@pytest.fixture(autouse=True)
def fresh(monday: None) -> None:
    forget_codes()


def client_of(person: Staff) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


def register(cast: Cast, **changed: Any) -> Any:
    return client_of(cast.xu).post(reverse("intake-partner-add"), {**GOOD, **changed})


class TestPartners:
    def test_the_secret_is_shown_once_and_works(self, cast: Cast, client: Client) -> None:
        page = text(register(cast))
        partner = Partner.objects.get()
        [app_id, secret] = re.findall(r"<code>(.+?)</code>", page)
        assert (app_id, secret) == (partner.app_id, keys_of(partner).key)
        assert (partner.scopes, partner.per_minute) == (["ratings"], 60)
        for again in ("intake-partners", "intake-partner"):
            args = [partner.app_id] if again == "intake-partner" else []
            assert secret not in text(client_of(cast.xu).get(reverse(again, args=args)))
        body = json.dumps({"projectNo": "1"}).encode()
        signed = sign(body, app_id=app_id, key=HmacKey(secret.encode()), at=timezone.now(), nonce=new_nonce())
        answer = client.post(reverse("api-ratings"), body, content_type="application/json", headers=signed.as_http())
        assert answer.status_code == 422
        assert secret not in str(AuditEntry.objects.get(action="partner.register").after)

    @pytest.mark.skipif(not sm2.available(), reason="no SM2 here")
    def test_one_that_signs_by_sm2_has_no_secret(self, cast: Cast) -> None:
        pair = sm2.generate()
        page = text(register(cast, method="sm2", public_key=pair.public))
        assert "只显示这一次" not in page
        assert keys_of(Partner.objects.get()).public in page

    @pytest.mark.skipif(not sm2.available(), reason="no SM2 here")
    def test_a_legacy_one_is_shown_our_public_key_whenever_it_is_needed(self, cast: Cast) -> None:
        page = text(register(cast, method="legacy", word="约定"))
        partner = Partner.objects.get()
        assert "约定" in page
        assert keys_of(partner).public in page
        assert keys_of(partner).private not in page
        later = text(client_of(cast.xu).get(reverse("intake-partner", args=[partner.app_id])))
        assert keys_of(partner).public in later
        assert "约定" not in later

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"name": ""}, "请填写“名称”"),
            ({"source": "portal"}, "这一项不能选"),
            ({"scopes": []}, "请选择“权限”"),
            ({"method": "sm2"}, "请填写对方的 SM2 公钥"),
            ({"method": "sm2", "public_key": "12"}, "这不是 SM2 公钥"),
            ({"per_minute": "0"}, "大于或等于1"),
        ],
    )
    def test_what_is_missing_or_wrong(self, cast: Cast, changed: dict[str, Any], said: str) -> None:
        page = text(register(cast, **changed))
        assert said in page
        assert not Partner.objects.exists()

    def test_without_sm2_a_legacy_one_is_refused_in_words(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(partners.sm2, "available", lambda: False)
        assert "不能做 SM2 运算" in text(register(cast, method="legacy"))

    def test_it_is_switched_off_and_on_with_a_reason(self, cast: Cast) -> None:
        register(cast)
        partner = Partner.objects.get()
        client, address = client_of(cast.xu), reverse("intake-partner", args=[partner.app_id])
        assert "请填写“理由”" in text(client.post(address, {"reason": ""}))
        for active, said in ((False, "已停用"), (True, "已启用")):
            assert said in text(client.post(address, {"reason": "换设备"}, follow=True))
            partner.refresh_from_db()
            assert partner.active == active
        trail = AuditEntry.objects.filter(action__startswith="partner.", reason="换设备")
        assert [entry.action for entry in trail.order_by("pk")] == ["partner.disable", "partner.enable"]

    def test_last_seen_to_the_minute_without_a_hot_row(self, cast: Cast) -> None:
        hall = Source.objects.get(pk="hall")
        made, _secret = register_partner(
            "演示", source=hall, scopes=[Scope.RATINGS], method=SigningMethod.HMAC, by=SYSTEM, at=NOW
        )
        seen = []
        for seconds in (0, 30, 59, 61, 100, 122):
            partner = Partner.objects.get(pk=made.pk)
            with CaptureQueriesContext(connection) as asked:
                note_seen(partner, at=NOW + timedelta(seconds=seconds))
            seen.append((len(asked), Partner.objects.get(pk=made.pk).last_seen_at))
        assert [queries for queries, _at in seen] == [1, 0, 0, 1, 0, 1]
        assert [at - NOW for _queries, at in seen] == [timedelta(seconds=n) for n in (0, 0, 0, 61, 61, 122)]


class TestSources:
    def save(self, cast: Cast, profile: Any, **changed: Any) -> Any:
        row = Source.objects.get(pk="shandong")
        written = profile if isinstance(profile, str) else json.dumps(profile)
        body = {"profile": written, "seen": version_of(row.profile), "active": "on", "feedback_url": "", **changed}
        return client_of(cast.xu).post(reverse("intake-source", args=["shandong"]), body, follow=True)

    def test_another_version_is_kept_with_the_one_before(self, cast: Cast) -> None:
        changed = shipped_data("shandong")
        changed["codes"]["channel"]["6"] = "sms"
        assert "半分钟内生效" in text(self.save(cast, changed, feedback_url="https://example.invalid/answers"))
        row = Source.objects.get(pk="shandong")
        assert row.profile["codes"]["channel"]["6"] == "sms"
        entry = AuditEntry.objects.get(action="source.change")
        assert "6" not in entry.before["profile"]["codes"]["channel"]
        assert entry.after["profile"]["codes"]["channel"]["6"] == "sms"
        assert entry.after["feedback_url"] == "https://example.invalid/answers"
        assert "没有改动" in text(self.save(cast, changed, feedback_url="https://example.invalid/answers"))

    def test_the_page_shows_what_it_would_save(self, cast: Cast) -> None:
        page = client_of(cast.xu).get(reverse("intake-source", args=["shandong"]))
        shown = page.context["form"]["profile"].value()
        assert json.loads(shown) == Source.objects.get(pk="shandong").profile
        assert shown.index('"name"') < shown.index('"evidence"') < shown.index('"fields"') < shown.index('"codes"')
        assert "没有改动" in text(self.save(cast, shown))

    @pytest.mark.parametrize(
        ("spoil", "said"),
        [
            (lambda p: p["codes"]["level"].update({"9": "9"}), "“codes.level.9”不对:“9”不是我方 level 的值"),
            (lambda p: p["fields"]["rating"].pop("level"), "“fields.rating.level”不对:必须写明来源方的名称"),
            (lambda p: p.update(colour="red"), "“colour”不对:没有这一项"),
            (lambda p: p.update(time_formats=["%H"]), "“time_formats”不对"),
        ],
    )
    def test_what_would_misread_is_refused_with_its_place(self, cast: Cast, spoil: Any, said: str) -> None:
        profile = shipped_data("shandong")
        spoil(profile)
        page = text(self.save(cast, profile)).replace("&#x27;", "'").replace("&quot;", '"')
        assert said in page
        assert "error-summary" in page
        assert Source.objects.get(pk="shandong").profile == shipped_data("shandong")

    @pytest.mark.parametrize(
        ("written", "said"),
        [
            ('{"code": 1,\n  "name" "x"}', "第 2 行第 10 个字符"),
            ("[1]", "应为一个 {…} 对象"),
            ("[" * 100_000, "层数或数字太大"),
            ('{"code": "\\ud800"}', "不能保存的字符"),
            ('{"code": "\\u0000"}', "不能保存的字符"),
            ("", "请填写"),
        ],
    )
    def test_what_is_no_json(self, cast: Cast, written: str, said: str) -> None:
        assert said in text(self.save(cast, written))

    def test_two_who_change_it_at_once(self, cast: Cast) -> None:
        row = Source.objects.get(pk="shandong")
        seen, mine = version_of(row.profile), {**row.profile, "version": "2"}
        facts = {"feedback_url": "", "active": True, "seen": seen, "by": SYSTEM, "at": NOW}
        assert save_profile(row, mine, **facts)
        with pytest.raises(ChangedMeanwhile):
            save_profile(row, {**mine, "version": "3"}, **facts)
        assert "别人改过" in text(self.save(cast, mine, seen=seen))

    def test_another_source_is_registered(self, cast: Cast) -> None:
        client, address = client_of(cast.xu), reverse("intake-source-add")
        body = {"code": "queue-2", "name": "二号叫号系统", "like": "default"}
        assert client.post(address, body).url == reverse("intake-source", args=["queue-2"])  # type: ignore[attr-defined]
        assert "已经有了" in text(client.post(address, body))
        assert "小写字母" in text(client.post(address, {**body, "code": "甲"}))
        assert Source.objects.get(pk="queue-2").profile == shipped_data("default")

    def test_who_only_looks_sees_it_without_a_form(self, cast: Cast) -> None:
        page = text(client_of(cast.zhou).get(reverse("intake-source", args=["shandong"])))
        assert "projectNo" in page
        assert "<textarea" not in page


def test_a_minute_passes_in_the_interface_too(cast: Cast, client: Client) -> None:
    hall = Source.objects.get(pk="hall")
    made, secret = register_partner(
        "演示", source=hall, scopes=list(Scope), method=SigningMethod.HMAC, by=SYSTEM, at=NOW
    )

    def call(second: int) -> Any:
        body = b"{}"
        with time_machine.travel(NOW + timedelta(seconds=second), tick=False):
            at = timezone.now()
            headers = sign(body, app_id=made.app_id, key=HmacKey(secret.encode()), at=at, nonce=new_nonce())
            client.post(reverse("api-ratings"), body, content_type="application/json", headers=headers.as_http())
        return Partner.objects.get().last_seen_at - NOW

    assert [call(second).seconds for second in (0, 20, 80)] == [0, 0, 80]
