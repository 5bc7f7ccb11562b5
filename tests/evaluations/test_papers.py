"""Signs and slips on paper: what stands there, that the code leads exactly there, and who may print what."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common.ids import keyed_hash
from common.models import AuditEntry
from common.printing import pdf
from evaluations.actions import issue_slips
from evaluations.enums import Level, SignKind, SlipPaper
from evaluations.models import RatingLink
from evaluations.signs import in_order, sign_file, sign_sheets, slip_sheets, url_of
from organizations import actions
from organizations.enums import Role
from organizations.models import Hall, Window
from tests.factories import NOW, Cast, staff
from tests.support.paper import Paper

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
STAND_CODE, STICKER_CODE, SLIP_CODE = (26, 101, 91), (27.5, 53.5, 50), (18, None, 44)
LONG = {"hall": "黄渤海新区政务服务便民大厅" * 7, "number": "综合受理服务窗口二十五号", "name": "不动产登记" * 12}
PLAIN_URL = f"{settings.PORTAL_URL}/w/7KQ4-2M9X/"


def client_of(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def paper_of(response: Any) -> Paper:
    assert response["Content-Type"] == "application/pdf", response.content.decode()[:2000]
    return Paper(b"".join(response.streaming_content))


def printed(windows: list[Window], *kinds: SignKind) -> Paper:
    return Paper(pdf("print/sign.typ", sign_sheets(windows, kinds), at=NOW))


def window_of(cast: Cast, **more: str) -> Window:
    """A window that is only on paper, with whatever names."""
    facts = {"hall": "烟台市政务服务中心", "number": "A01", "name": "出入境", "sign_code": "7KQ4-2M9X"} | more
    hall = Hall(code="H", name=facts.pop("hall"), region=cast.unit.region, unit=cast.unit)
    return Window(hall=hall, unit=cast.unit, **facts)


class TestSigns:
    @pytest.mark.parametrize(
        ("kind", "size", "code"),
        [(SignKind.STAND, (210, 297), STAND_CODE), (SignKind.STICKER, (105, 148), STICKER_CODE)],
    )
    def test_paper_names_and_code(self, cast, kind, size, code):
        paper = printed([window_of(cast)], kind)
        assert (len(paper), paper.size()) == (1, size)
        for words in ("烟台市政务服务中心", "A01", "出入境", str(cast.unit), "扫一扫，评价本次服务", "12345"):
            assert words in paper.text(), words
        assert "被评价的工作人员看不到您是谁" in paper.text()
        assert "Scantoratetheserviceyouhavejusthad" in paper.text()
        assert PLAIN_URL.partition("://")[2].rstrip("/") in paper.text()
        assert paper.code(*code) == PLAIN_URL

    def test_the_code_holds_the_window_and_nothing_else(self, cast):
        assert url_of(cast.window.sign_code) == f"{settings.PORTAL_URL}/w/{cast.window.sign_code}/"

    def test_the_stand_is_for_old_eyes(self, cast):
        """A QR of 90 mm, no text under 18 pt, the sentence over 40 (ux.md §3)."""
        paper = printed([window_of(cast)], SignKind.STAND)
        sizes = paper.type_sizes()
        assert min(sizes.values()) >= 18, {letter: size for letter, size in sizes.items() if size < 18}
        assert sizes["次"] >= 40
        assert STAND_CODE[2] >= 90

    @pytest.mark.parametrize("kind", SignKind)
    def test_all_faces_in_the_words_of_the_page_and_no_leading_wording(self, cast, kind):
        text = printed([window_of(cast)], kind).text()
        places = [text.index(str(level.label)) for level in Level]
        assert places == sorted(places)
        for leading in ("好评", "五星", "满意请", "给个", "亲"):
            assert leading not in text

    def test_all_faces_weigh_the_same(self, cast):
        """Equally large, in one black, on one line: nothing but the mouth tells them apart."""
        picture = printed([window_of(cast)], SignKind.STAND).picture()
        columns = [picture.crop((int(100 + 380 * n), 2040, int(480 + 380 * n), 2200)) for n in range(5)]
        boxes = [column.point(lambda grey: 255 * (grey < 128)).getbbox() for column in columns]
        assert len({(right - left, top, bottom) for left, top, right, bottom in boxes}) == 1, boxes
        assert len({column.getextrema() for column in columns}) == 1

    @pytest.mark.parametrize("kind", SignKind)
    def test_the_longest_names_still_make_one_page_and_lose_nothing(self, cast, kind):
        cast.unit.name = "烟台黄渤海新区行政审批服务局" * 7
        paper = printed([window_of(cast, **LONG)], kind)
        assert len(paper) == 1
        width, under = (210, 54) if kind == SignKind.STAND else (105, 29)
        for words in (*LONG.values(), cast.unit.name):
            left, top, right, bottom = paper.room(words)
            assert 4 < left < right < width - 4, words
            assert 4 < top < bottom < under, words
        assert paper.code(*(STAND_CODE if kind == SignKind.STAND else STICKER_CODE)) == PLAIN_URL

    @pytest.mark.parametrize("address", ["https://a.cn", f"https://{'long-name.' * 6}yantai.example.gov.cn"])
    def test_any_address_fits(self, cast, settings, address):
        settings.PORTAL_URL = address
        paper = printed([window_of(cast)], SignKind.STAND, SignKind.STICKER)
        assert len(paper) == 2
        for page, place in enumerate((STAND_CODE, STICKER_CODE)):
            assert f"{address}/w/7KQ4-2M9X".partition("://")[2] in paper.text(page)
            assert paper.code(*place, page=page) == f"{address}/w/7KQ4-2M9X/"

    def test_rare_letters(self, cast):
        assert "𠮷䶮服务中心" in printed([window_of(cast, hall="𠮷䶮服务中心")], SignKind.STAND).text()

    def test_windows_in_the_order_people_count(self, cast):
        windows = [window_of(cast, number=number) for number in ("A10", "B1", "A2", "12", "A1", "3", "A2a")]
        assert [window.number for window in in_order(windows)] == ["3", "12", "A1", "A2", "A2a", "A10", "B1"]

    def test_file_names_are_taken_by_every_system(self, cast):
        assert sign_file([window_of(cast)]) == "评价二维码-烟台市政务服务中心-A01.pdf"
        assert sign_file([window_of(cast)] * 2) == "评价二维码-烟台市政务服务中心-2个窗口.pdf"
        name = sign_file([window_of(cast, hall='一/二\\三:"四" <五>' + "长" * 90)])
        assert not set('/\\:*?"<>| ') & set(name)
        assert len(name.encode()) <= 255

    def test_eighty_windows_are_eighty_pages_and_soon_there(self, cast):
        windows = [window_of(cast, number=f"A{n}", sign_code=f"7KQ4-2{n:03d}") for n in range(1, 81)]
        began = time.perf_counter()
        paper = printed(windows, SignKind.STAND)
        seconds = time.perf_counter() - began
        print(f"80 signs: {seconds:.2f} s, {len(paper.data) // 1024} kB")
        assert len(paper) == 80
        assert all(f"A{n}" in paper.text(n - 1) for n in range(1, 81))
        assert paper.code(*STAND_CODE, page=79) == f"{settings.PORTAL_URL}/w/7KQ4-2080/"
        assert seconds < 5, "a request may not hold a worker longer"


class TestPages:
    def test_a_whole_hall_in_one_file(self, cast):
        hall = cast.window.hall
        response = client_of(cast.xu).get(reverse("signs-hall", args=[hall.code]), {"kinds": "stand", "print": "1"})
        name = unquote(re.search(r"filename\*=utf-8''(.+)", response["Content-Disposition"])[1])
        assert response["Content-Disposition"].startswith("attachment")
        windows = in_order(hall.windows.open())
        assert name == f"评价二维码-{hall}-{len(windows)}个窗口.pdf"
        paper = paper_of(response)
        assert len(paper) == len(windows)
        for page in (0, len(windows) - 1):
            assert windows[page].number in paper.text(page)
            assert paper.code(*STAND_CODE, page=page) == url_of(windows[page].sign_code)

    def test_some_windows_in_two_kinds(self, cast):
        hall = cast.window.hall
        some = in_order(hall.windows.open())[1:3]
        chosen = {"kinds": ["sticker", "stand"], "windows": [window.pk for window in some], "print": "1"}
        paper = paper_of(client_of(cast.xu).get(reverse("signs-hall", args=[hall.code]), chosen))
        assert [paper.size(page) for page in range(4)] == [(105, 148)] * 2 + [(210, 297)] * 2

    def test_nothing_chosen_is_asked_for(self, cast):
        page = client_of(cast.xu).get(reverse("signs-hall", args=[cast.window.hall.code]), {"print": "1"})
        assert "请选台卡或贴纸" in page.content.decode()

    def test_a_name_that_cannot_be_printed_is_said_on_the_page(self, cast):
        actions.change_window(cast.window, name="政务🏛窗口", by=cast.xu, at=NOW)
        sign = reverse("signs-window", args=[cast.window.pk])
        page = client_of(cast.zheng).get(sign, {"print": "1", "kinds": "stand"})
        assert page.status_code == 200
        assert "🏛" in page.content.decode().partition("error-summary")[2].partition("</div>")[0]

    def test_a_supervisor_prints_their_own_windows_only(self, cast):
        hall = cast.window.hall
        url = reverse("signs-hall", args=[hall.code])
        paper = paper_of(client_of(cast.zheng).get(url, {"kinds": "stand", "print": "1"}))
        mine = hall.windows.open().filter(unit__path__startswith=cast.unit.path)
        assert 0 < len(paper) == mine.count() < hall.windows.count()
        foreign = hall.windows.exclude(unit__path__startswith=cast.unit.path)[0]
        refused = client_of(cast.zheng).get(url, {"kinds": "stand", "windows": foreign.pk, "print": "1"})
        assert "不能选" in refused.content.decode()
        assert client_of(cast.zheng).get(reverse("signs-window", args=[foreign.pk])).status_code == 404

    def test_whoever_runs_the_hall_prints_all_of_it(self, cast):
        guan = staff("guan", "管大厅", (Role.UNIT_SUPERVISOR, cast.window.hall.unit))
        url = reverse("signs-hall", args=[cast.window.hall.code])
        paper = paper_of(client_of(guan).get(url, {"kinds": "stand", "print": "1"}))
        assert len(paper) == cast.window.hall.windows.open().count()

    def test_strangers_meet_404(self, cast):
        hall, window = reverse("signs-hall", args=["YT-LK"]), reverse("signs-window", args=[cast.window.pk])
        for person in (cast.wu, cast.song, cast.lin, cast.gu, cast.qian):
            assert client_of(person).get(window).status_code == 404, person
            assert person == cast.song or client_of(person).get(hall).status_code == 404, person
        assert client_of(cast.xu).get(reverse("signs-hall", args=["NOWHERE"])).status_code == 404

    def test_a_closed_window_has_no_paper(self, cast):
        actions.close_window(cast.window, on=NOW.date(), note="撤窗", by=cast.xu, at=NOW)
        assert client_of(cast.xu).get(reverse("signs-window", args=[cast.window.pk])).status_code == 404
        closed = client_of(cast.xu).get(reverse("structure-window", args=[cast.window.pk])).content.decode()
        assert "打印二维码" not in closed

    def test_the_structure_pages_lead_here(self, cast):
        for page, sign in (
            (reverse("structure-hall", args=["YT-CITY"]), reverse("signs-hall", args=["YT-CITY"])),
            (reverse("structure-window", args=[cast.window.pk]), reverse("signs-window", args=[cast.window.pk])),
            (reverse("signs"), reverse("signs-hall", args=["YT-CITY"])),
        ):
            assert f'href="{sign}"' in client_of(cast.xu).get(page).content.decode()
        assert f'href="{reverse("signs")}"' in client_of(cast.zheng).get(reverse("desk-more")).content.decode()

    def test_more_rows_ask_no_more_questions(self, cast):
        """A longer hall and a longer list of slips cost as many queries as short ones."""

        def add_window(number: int) -> None:
            facts = {"hall": cast.window.hall, "unit": cast.other_unit, "by": cast.xu, "at": NOW}
            actions.add_window(number=f"Z{number}", name="演示", **facts)

        for person, address, add in (
            (cast.xu, reverse("signs-hall", args=[cast.window.hall.code]), add_window),
            (cast.wu, reverse("slips"), lambda _number: cast.service()),
        ):
            client, costs = client_of(person), []
            for number in range(4):
                add(number)
                with CaptureQueriesContext(connection) as queries:
                    assert client.get(address).status_code == 200
                costs.append(len(queries))
            assert len(set(costs[1:])) == 1, f"{address}: {costs}"


class TestSlips:
    def test_a_slip_leads_to_its_service_and_says_so(self, cast, client):
        service = cast.service()
        response = client_of(cast.wu).post(reverse("slips"), {"paper": "roll", "services": service.pk})
        paper = paper_of(response)
        assert len(paper) == 1
        assert paper.size()[0] == 80
        text = paper.text()
        for words in (service.project_number, str(service.item), str(cast.window), "2026年11月23日09:50"):
            assert "".join(words.split()) in text, words
        assert "请在此前评价2026年11月30日" in text
        assert "王演示" not in text
        assert cast.rated.name not in text
        entry = AuditEntry.objects.latest("pk")
        assert (entry.action, entry.object_id, entry.actor) == ("service.slip", str(service), cast.wu)

    def test_the_code_of_a_slip_is_its_one_time_link(self, cast, client):
        service = cast.service()
        [(_service, token)] = issue_slips([service], by=cast.wu, at=timezone.now())
        assert RatingLink.objects.get().token_hash == keyed_hash("rating-link", token)
        url = reverse("rate-link", args=[token])
        for paper, place in ((SlipPaper.ROLL, SLIP_CODE), (SlipPaper.SHEET, (30.5, None, 44))):
            sheet = Paper(pdf("print/slip.typ", slip_sheets([(service, token)], paper), at=NOW))
            assert sheet.code(*place) == f"{settings.PORTAL_URL}{url}"
        assert 'name="level"' in client.get(url).content.decode()

    def test_four_to_a_sheet(self, cast):
        pks = [cast.service().pk for _n in range(5)]
        paper = paper_of(client_of(cast.wu).post(reverse("slips"), {"paper": "sheet", "services": pks}))
        assert [paper.size(page) for page in range(len(paper))] == [(210, 297)] * 2
        assert paper.text(0).count("扫一扫，评价本次服务") == 4

    def test_the_longest_item_still_fits_its_quarter(self, cast):
        service = cast.service()
        service.item.name = "内地居民因私事往来港澳签注审批" * 13
        service.project_number = "3706" * 15
        issued = issue_slips([service], by=cast.wu, at=timezone.now())
        paper = Paper(pdf("print/slip.typ", slip_sheets(issued * 4, SlipPaper.SHEET), at=NOW))
        assert len(paper) == 1
        assert paper.text().count(service.item.name) == 4
        left, top, right, bottom = paper.room(service.item.name)
        assert 4 < left < right < 101
        assert top < bottom < 140
        assert paper.room("填办件编号和姓名；也可拨打12345")[3] < 145

    def test_only_unrated_services_of_today_are_offered(self, cast):
        waiting, rated, old = cast.service(), cast.service(), cast.service(at=NOW - timedelta(days=1))
        cast.submit(5, service=rated)
        page = client_of(cast.wu).get(reverse("slips")).content.decode()
        assert waiting.project_number in page
        assert rated.project_number not in page
        assert old.project_number not in page

    def test_an_older_one_by_its_number(self, cast):
        old = cast.service(at=NOW - timedelta(days=3))
        typed = f" {old.project_number.lower()} "
        assert (
            old.project_number
            in paper_of(client_of(cast.wu).post(reverse("slips"), {"paper": "roll", "number": typed})).text()
        )

    @pytest.mark.parametrize(
        ("days", "rated", "words"),
        [(0, True, "已经评价过了"), (30, False, "已过补评时间"), (None, False, "没有这个编号")],
    )
    def test_what_cannot_be_rated_is_not_printed(self, cast, days, rated, words):
        number = "370600TEST99999999"
        if days is not None:
            service = cast.service(at=NOW - timedelta(days=days))
            number = service.project_number
            if rated:
                cast.submit(5, service=service)
        page = client_of(cast.wu).post(reverse("slips"), {"paper": "sheet", "number": number}).content.decode()
        assert words in page
        assert f'value="{number}"' in page
        assert not RatingLink.objects.exists()

    def test_nothing_chosen_is_asked_for(self, cast):
        assert "请选办件" in client_of(cast.wu).post(reverse("slips"), {"paper": "roll"}).content.decode()

    def test_services_of_other_units_are_not_there(self, cast):
        service = cast.service()
        page = client_of(cast.sun).post(reverse("slips"), {"paper": "roll", "services": service.pk}).content.decode()
        assert "不能选" in page
        assert service.project_number not in page
        numbered = client_of(cast.sun).post(reverse("slips"), {"paper": "roll", "number": service.project_number})
        assert "没有这个编号" in numbered.content.decode()
        for person in (cast.sun, cast.xu, cast.lin):
            with pytest.raises(PermissionDenied):
                issue_slips([service], by=person, at=NOW)
        for person in (cast.xu, cast.lin, cast.qian):
            assert client_of(person).get(reverse("slips")).status_code == 403
        assert not RatingLink.objects.exists()

    def test_a_slip_that_cannot_be_printed_leaves_no_link(self, cast):
        service = cast.service()
        actions.change_window(cast.window, name="政务🏛窗口", by=cast.xu, at=NOW)
        page = client_of(cast.wu).post(reverse("slips"), {"paper": "roll", "services": service.pk}).content.decode()
        assert "🏛" in page
        assert re.search(rf'value="{service.pk}" checked', page)
        assert not RatingLink.objects.exists()
        assert not AuditEntry.objects.filter(action="service.slip").exists()
