"""等待处理的行 at the desk: codes mapped by looking for them, rows given up with a reason."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from common.models import AuditEntry
from evaluations.actions.releases import release_mapped
from evaluations.models import Batch, CodeMapping, Evaluation, LeftRow
from organizations.models import Staff
from tests.factories import NOW, Cast
from tests.support.rating_files import HEADER, counts, csv_of, rating_cells, taken_in


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path, monday: None) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def client_of(person: Staff) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


def asks(name: str, kind: str, code: str = "", source: str = "hall") -> str:
    return f"{reverse(name)}?source={source}&kind={kind}&code={code}"


@pytest.fixture
def batch(cast: Cast) -> Batch:
    """Five rows of an unknown unit, one of an unknown item, two of an unknown window, three without a service."""
    rows = [[*rating_cells(cast, n, 1 + n % 5, unit_code="OLD-1", item_code=""), ""] for n in range(5)]
    rows += [[*rating_cells(cast, 10, unit_code="", item_code="X" * 31), ""]]
    rows += [[*rating_cells(cast, n, unit_code="", item_code=""), "Z-9"] for n in (20, 21)]
    rows += [[*rating_cells(cast, n, unit_code="", item_code=""), ""] for n in (30, 31, 32)]
    return taken_in(csv_of(rows, [*HEADER, "窗口编码"]))


def test_what_waits_is_listed_by_code(cast: Cast, batch: Batch) -> None:
    for person in (cast.xu, cast.qian, cast.zhou):
        page = text(client_of(person).get(reverse("intake-waiting")))
        flat = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
        assert "OLD-1 单位编码 大厅窗口系统 5 2026-11-23" in flat
        assert f"{'X' * 31} 事项编码 大厅窗口系统 1" in flat
        assert "Z-9 窗口编码 大厅窗口系统 2" in flat
        assert "大厅窗口系统 3 2026-11-23" in flat
        assert (reverse("intake-give-up") in page) == (person == cast.xu)


@pytest.mark.parametrize(
    ("kind", "code", "words"), [("unit", "OLD-1", "公安局"), ("item", "X" * 31, ""), ("window", "Z-9", "")]
)
def test_a_code_is_mapped_by_looking_for_it(cast: Cast, batch: Batch, kind: str, code: str, words: str) -> None:
    words = words or {"item": cast.item.name, "window": cast.window.number}[kind]
    wanted = {"unit": cast.unit, "item": cast.item, "window": cast.window}[kind]
    client, address = client_of(cast.xu), asks("intake-map", kind, code)
    found = text(client.get(f"{address}&q={words}"))
    assert f'name="thing" value="{wanted.pk}"' in found
    answer = client.post(address, {"thing": wanted.pk})
    assert answer.url == reverse("intake-waiting")  # type: ignore[attr-defined]
    assert CodeMapping.objects.get(code=code).by == cast.xu
    before = LeftRow.objects.filter(settled_at=None, waits_for=code).count()
    assert release_mapped(at=NOW) == before > 0
    assert code not in text(client.get(reverse("intake-waiting"))).split("<h2>")[1]
    batch.refresh_from_db()
    assert counts(batch)["received"] == 11


def test_a_code_whose_zeros_were_eaten_is_suggested(cast: Cast) -> None:
    taken_in(csv_of([rating_cells(cast, 1, unit_code="00" + cast.unit.code, item_code="")]))
    page = text(client_of(cast.xu).get(asks("intake-map", "unit", "00" + cast.unit.code)))
    assert f'name="thing" value="{cast.unit.pk}"' in page


def test_nothing_is_mapped_to_what_is_not_there(cast: Cast, batch: Batch) -> None:
    client = client_of(cast.xu)
    assert "请按名称或编码查找" in text(client.get(asks("intake-map", "unit", "OLD-1")))
    assert "没有查到" in text(client.get(asks("intake-map", "unit", "OLD-1") + "&q=没有这个单位"))
    for thing in ("", "x", "0", "999999999", "9" * 40):
        page = text(client.post(asks("intake-map", "unit", "OLD-1"), {"thing": thing}, follow=True))
        assert "请从查到的结果里选一个" in page
    assert not CodeMapping.objects.exists()


@pytest.mark.parametrize(
    ("kind", "code", "source"),
    [
        ("unit", "NEW", "hall"),
        ("unit", "", "hall"),
        ("service", "OLD-1", "hall"),
        ("nonsense", "OLD-1", "hall"),
        ("unit", "OLD-1", "nowhere"),
        ("item", "OLD-1", "hall"),
    ],
)
def test_what_does_not_wait_is_not_found(cast: Cast, batch: Batch, kind: str, code: str, source: str) -> None:
    for name in ("intake-map", "intake-give-up"):
        assert client_of(cast.xu).get(asks(name, kind, code, source)).status_code == 404


def test_who_looks_on_maps_and_gives_up_nothing(cast: Cast, batch: Batch) -> None:
    for person in (cast.qian, cast.zhou, cast.wu, cast.gu):
        for name in ("intake-map", "intake-give-up"):
            client, address = client_of(person), asks(name, "unit", "OLD-1")
            assert client.get(address).status_code == 404
            assert client.post(address, {"thing": cast.unit.pk, "reason": "x"}).status_code == 404
    assert not CodeMapping.objects.exists()
    assert LeftRow.objects.filter(settled_at=None).count() == 11


class TestGivingUp:
    def test_a_code_with_a_warning_of_the_complaints_among_it(self, cast: Cast, batch: Batch) -> None:
        client, address = client_of(cast.xu), asks("intake-give-up", "unit", "OLD-1")
        page = text(client.get(address))
        assert "其中 2 条是差评" in page
        assert "只处理这一天以前" not in page
        assert "请填写“理由”" in text(client.post(address, {"reason": ""}))
        said = text(client.post(address, {"reason": "演示数据"}, follow=True))
        assert "已退回 5 行" in said
        batch.refresh_from_db()
        assert counts(batch) == {"received": 11, "quarantined": 3, "held": 3, "refused": 5}
        assert "演示数据" in text(client.get(reverse("intake-batch", args=[batch.pk])))
        assert AuditEntry.objects.get(action="rows.refuse").actor == cast.xu
        assert not Evaluation.objects.filter(batch=batch).exists()

    def test_services_before_a_day(self, cast: Cast, batch: Batch) -> None:
        client, address = client_of(cast.xu), asks("intake-give-up", "service")
        assert "请写成 2026-11-27" in text(client.post(address, {"reason": "x", "before": "23.11."}))
        for before, left in (("2026-11-23", 3), ("2026-11-24", 0)):
            client.post(address, {"reason": "办件不会再来", "before": before})
            assert LeftRow.objects.filter(settled_at=None, waits_kind="service").count() == left
