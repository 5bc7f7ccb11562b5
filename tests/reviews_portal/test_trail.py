"""The pages of the trail: what a search finds, in words; whether the chain is whole; who looked into the vault."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from common.actions import seal_audit
from common.models import AuditCheck, AuditEntry
from organizations.models import Staff
from organizations.tasks import check_audit
from tests.factories import NOW, Cast
from tests.organizations.test_trail import as_owner
from tests.reviews_portal.test_desk_pages import html

SignIn = Callable[[Staff], Client]
CHECKS = "/desk/audit/checks/"


# --- whether it is whole ---------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_chain_is_verified_from_the_page(live_cast: Cast, sign_in: SignIn) -> None:
    live_cast.rate(1)
    seal = seal_audit(at=NOW)
    assert seal is not None
    client = sign_in(live_cast.meng)
    assert "还没有核验过" in html(client, CHECKS)
    assert client.post(CHECKS, {"anchor": seal.hash[:16]}).url == CHECKS
    assert "正在核验" in html(client, CHECKS)
    assert client.post(CHECKS, {"anchor": ""}).status_code == 200
    check_audit()
    page = html(client, CHECKS)
    assert f"完整:{seal.row_count} 条记录与封存时一致,锚点一致。" in page
    assert [word for word in (seal.hash, "孟审管(meng)", "抄录的校验码") if word not in page] == []


@pytest.mark.django_db(transaction=True)
def test_a_broken_chain_is_said_plainly(live_cast: Cast, sign_in: SignIn) -> None:
    live_cast.rate(1)
    seal_audit(at=NOW)
    bad = AuditEntry.objects.earliest("pk").pk
    as_owner("common_auditentry", "UPDATE common_auditentry SET reason = 'x' WHERE id = %s", bad)
    client = sign_in(live_cast.zhou)
    client.post(CHECKS, {"anchor": ""})
    check_audit()
    page = html(client, CHECKS)
    assert "不完整:记录在封存后被改动" in page
    assert f"第 {bad} 号记录" in page
    assert "审计链核验不通过" in html(client, "/desk/notices/")


def test_what_was_typed_wrong_is_still_there(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.meng).post(CHECKS, {"anchor": "抄错了"}).content.decode()
    assert [word for word in ("抄错了", "请核对抄录的内容") if word not in page] == []
    assert not AuditCheck.objects.exists()
