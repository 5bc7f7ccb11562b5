"""Files and lists for machines: complete, safe in a spreadsheet, and without what is not shown."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from django.test import Client

from assessment.actions import refresh
from disclosure.actions import withhold_disclosure
from disclosure.enums import Reason
from disclosure.queries.open_data import CASES, FIGURES
from rectification.enums import State
from tests.disclosure.press import SAID, Press
from tests.factories import NOW, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
DATA = "/cases/data/"


def sheet(client: Client, name: str) -> list[dict[str, str]]:
    raw = client.get(DATA + name).getvalue()  # type: ignore[attr-defined]
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))


def test_the_sheet_of_cases_holds_what_is_shown_and_no_more(client: Client, press: Press, cast: Cast) -> None:
    public = press.public(state=State.CLOSED)
    withheld = press.draft("不该公开的话")
    withhold_disclosure(withheld, by=cast.lin, at=NOW, reason=Reason.PRIVACY, note="认得出")
    [row] = sheet(client, "cases.csv")
    assert list(row) == [column.name for column in CASES]
    assert (row["number"], row["level"], row["result"], row["on_time"]) == (public.number, "1", "rectified", "true")
    assert (row["problem"], row["verdict"], row["working_days"]) == (SAID, "satisfied", "0")


def test_json_says_the_same(client: Client, press: Press) -> None:
    assert json.loads(client.get(DATA + "cases.json").getvalue()) == []  # type: ignore[attr-defined]
    press.public(state=State.CLOSED)
    press.public("电话没人接")
    rows = json.loads(client.get(DATA + "cases.json").getvalue())  # type: ignore[attr-defined]
    assert [row["problem"] for row in rows] == ["电话没人接", SAID]
    assert rows[1]["level"] == 1
    assert rows[1]["on_time"] is True
    assert rows[0]["replied_on"] is None


@pytest.mark.parametrize("text", ["=1+1", "+86", "-2", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")'])
def test_no_spreadsheet_takes_a_text_for_a_formula(client: Client, press: Press, text: str) -> None:
    press.public(text)
    [row] = sheet(client, "cases.csv")
    assert not row["problem"].startswith(("=", "+", "-", "@", "\t", "\r"))


def test_quotes_commas_and_lines_survive(client: Client, press: Press) -> None:
    press.public('他说"不行",\n让我,再来')
    [row] = sheet(client, "cases.csv")
    assert row["problem"] == '他说"不行",\n让我,再来'


def test_the_sheet_of_figures_adds_up(client: Client, cast: Cast) -> None:
    for level in (5, 5, 4, 1):
        cast.submit(level)
    refresh(at=NOW)
    rows = sheet(client, "figures.csv")
    assert list(rows[0]) == [column.name for column in FIGURES]
    [rated] = [row for row in rows if row["origin"] == "active"]
    assert (rated["month"], rated["unit_code"], rated["level_5"], rated["negative"]) == (
        "2026-11-01",
        cast.unit.code,
        "2",
        "1",
    )
    [served] = [row for row in rows if not row["origin"]]
    assert (served["services"], served["rated"], served["level_5"]) == ("4", "4", "")


def test_the_page_explains_every_column_and_whose_word_the_licence_waits_for(client: Client) -> None:
    page = client.get(DATA).content.decode()
    for column in (*CASES, *FIGURES):
        assert f"<code>{column.name}</code>" in page
    assert "以市里正式确认的为准" in page


def test_the_feed_is_whole_and_tells_no_hour(client: Client, press: Press, settings: Any) -> None:
    settings.DISCLOSURE_CROWD = 0
    public = press.public()
    feed = ET.fromstring(client.get("/cases/feed.xml").content)
    [item] = feed.iter("item")
    assert item.findtext("link") == f"{settings.PORTAL_URL}/cases/{public.number}/"
    assert SAID in (item.findtext("description") or "")
    assert " 00:00:00 " in (item.findtext("pubDate") or "")
    assert " 00:00:00 " in (feed.findtext("channel/lastBuildDate") or "")


def test_machines_are_told_no_day_that_people_are_not(client: Client, press: Press) -> None:
    press.public(state=State.CLOSED)
    assert b"<pubDate>" not in client.get("/cases/feed.xml").content
    assert b"<lastmod>" not in client.get("/sitemap-cases.xml").content


def test_the_sitemap_leads_to_every_public_page(client: Client, press: Press, cast: Cast, settings: Any) -> None:
    public = press.public()
    withheld = press.draft()
    withhold_disclosure(withheld, by=cast.lin, at=NOW, reason=Reason.PRIVACY, note="认得出")
    index = ET.fromstring(client.get("/sitemap.xml").content)
    found = []
    for part in index.findall(".//{*}loc"):
        assert part.text
        pages = ET.fromstring(client.get(part.text.removeprefix(settings.PORTAL_URL)).content)
        found += [place.text.removeprefix(settings.PORTAL_URL) for place in pages.findall(".//{*}loc") if place.text]
    assert f"/cases/{public.number}/" in found
    assert f"/cases/units/{cast.unit.code}/" in found
    assert withheld.number not in str(found)
    for place in found:
        assert client.get(place).status_code == 200, place


@pytest.mark.parametrize("address", ["/sitemap-nothing.xml", "/sitemap-cases.xml?p=99", "/sitemap-cases.xml?p=x"])
def test_a_part_that_is_none_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_robots_are_told_where_to_look_and_where_not(client: Client, settings: Any) -> None:
    rules = client.get("/robots.txt").content.decode().splitlines()
    assert f"Sitemap: {settings.PORTAL_URL}/sitemap.xml" in rules
    assert "Disallow: /desk/" in rules
    assert not any(rule.startswith("Disallow: /cases") for rule in rules)
