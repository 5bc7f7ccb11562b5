"""摘编: one unit's own figures, score lines, overdue cases and demands, said alike on page, PDF, Word and Excel."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from assessment.models import UnitScore
from assessment.queries.sheets import sheet
from organizations.enums import Role
from organizations.models import Staff, Unit
from oversight import actions
from oversight.models import Extract, QuarterNotice
from oversight.paper import Figure, Paper, Table, load
from rectification.models import Case
from tests.assessment.quarters import FROZEN, Close
from tests.factories import Cast, staff
from tests.oversight.conftest import QUARTER
from tests.oversight.test_renderings import in_order, in_word, numbers_of_workbook, on_paper, squeezed

SignIn = Callable[[Staff], Client]
pytestmark = pytest.mark.django_db
KINDS = ("docx", "pdf", "xlsx")


@pytest.fixture
def notice(quarter: Cast) -> QuarterNotice:
    """Issued on a frozen quarter in which the bureau has a late case, with a demand that names two bureaus apart."""
    close = Close(quarter)
    close.adopt_both()
    close.late_case()
    close.freeze(close.upto_objections())
    made = actions.draft_notice(QUARTER, by=quarter.lin, at=FROZEN)
    demands = f"{quarter.unit.name}年底前完成专项整治。\n{quarter.other_unit.name}报送情况。\n各单位学习典型案例。"
    actions.write_notice(made, {"demands": demands}, by=quarter.lin, at=FROZEN)
    actions.submit_notice(made, by=quarter.lin, at=FROZEN)
    actions.approve_notice(made, by=quarter.qian, at=FROZEN)
    return actions.issue_notice(made, by=quarter.qian, at=FROZEN)


def paper_for(notice: QuarterNotice, unit: Unit) -> Paper:
    return load(Extract.objects.get(notice=notice, unit=unit).content)


def table(paper: Paper, head: str) -> Table:
    return next(one for one in paper.tables if one.name.startswith(head))


def words(paper: Paper) -> str:
    return "\n".join(str(block) for block in paper.blocks)


def file(client: Client, notice: QuarterNotice, code: str, kind: str) -> bytes:
    answer = client.get(reverse("circular-extract-file", args=[notice.pk, code, kind]))
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_page_pdf_word_and_excel_say_the_same_figures(notice: QuarterNotice, quarter: Cast, sign_in: SignIn) -> None:
    client, code = sign_in(quarter.zheng), quarter.unit.code
    paper = paper_for(notice, quarter.unit)
    wanted = [str(figure) for figure in paper.figures()]
    assert len(wanted) > 40
    page = client.get(reverse("circular-extract", args=[notice.pk, code])).content.decode()
    in_order(squeezed(html.unescape(page[page.index('class="paper"') :])), wanted)
    made = {kind: file(client, notice, code, kind) for kind in KINDS}
    in_order(on_paper(made["pdf"]), wanted)
    in_order(in_word(made["docx"]), wanted)
    numbers = numbers_of_workbook(made["xlsx"], paper)
    rounded = ["" if figure.rounded is None else Decimal(figure.rounded) for figure in paper.figures()]
    assert [one if one == "" else round(Decimal(str(one)), 6) for one in numbers] == rounded
    assert made == {kind: file(client, notice, code, kind) for kind in KINDS}


def test_the_score_is_told_line_by_line_with_the_numbers_of_cases(notice: QuarterNotice, quarter: Cast) -> None:
    paper = paper_for(notice, quarter.unit)
    score = UnitScore.objects.get(subject=f"unit:{quarter.unit.code}")
    lines = [line for item in sheet(score) for line in item.lines]
    rows = table(paper, "得分").rows
    assert [row[1] for row in rows] == [line.words for line in lines]
    points = [row[3].value for row in rows if isinstance(row[3], Figure)]
    assert points == [line.line.points for line in lines]
    late = Case.objects.filter(rated_unit=quarter.unit).order_by("received_at")[0].number
    assert any(row[2] == late and row[3].value < 0 for row in rows if isinstance(row[3], Figure)), rows
    assert f"得分{score.total}分" in words(paper)


def test_overdue_cases_are_listed_by_number_with_their_days(notice: QuarterNotice, quarter: Cast) -> None:
    rows = table(paper_for(notice, quarter.unit), "逾期清单").rows
    assert len(rows) == 1
    number, due, done, late = rows[0]
    case = Case.objects.get(number=number)
    assert due == case.deadlines.get(duty="rectify").due_at.date()
    assert (done, late) == ("未答复", late)
    assert isinstance(late, Figure)
    assert int(late.value or 0) > 5


def test_only_demands_that_concern_the_unit(notice: QuarterNotice, quarter: Cast) -> None:
    mine, others = words(paper_for(notice, quarter.unit)), words(paper_for(notice, quarter.other_unit))
    assert f"{quarter.unit.name}年底前完成专项整治。" in mine
    assert quarter.other_unit.name not in mine
    assert f"{quarter.other_unit.name}报送情况。" in others
    assert quarter.unit.name not in others
    for said in (mine, others):
        assert "各单位学习典型案例。" in said


def test_no_extract_has_a_line_of_another_unit(notice: QuarterNotice, quarter: Cast) -> None:
    """Every case and every score line in an extract is of the unit, and every unit with a score has one."""
    numbers = dict(Case.objects.values_list("number", "unit_id"))
    scored = set(UnitScore.objects.exclude(unit=None).values_list("unit", flat=True))
    extracts = list(Extract.objects.filter(notice=notice))
    assert scored <= {one.unit_id for one in extracts}
    assert len(extracts) >= 31 + 14
    for one in extracts:
        told = str(one.content)
        foreign = [number for number, unit in numbers.items() if unit != one.unit_id and number in told]
        assert not foreign, one


def test_a_countys_managing_body_reads_its_countys_score_too(notice: QuarterNotice, quarter: Cast) -> None:
    paper = paper_for(notice, quarter.county_body)
    names = [one.name for one in paper.tables]
    assert sum(name.startswith("得分") for name in names) == 2, names
    assert "得分 芝罘区" in names


def test_who_reads_whose(notice: QuarterNotice, quarter: Cast, sign_in: SignIn) -> None:
    """The unit its own, those above it what is below, a county what is in it, the city all; nobody else any."""
    below = Unit.objects.get(code="370602-GAJ")
    own = staff("near", "近主管", (Role.UNIT_SUPERVISOR, below))
    far = staff("far", "远督导", (Role.COUNTY_SUPERVISOR, Unit.objects.get(code="370613-SPJ")))
    expected = {
        quarter.zheng: (True, True),  # the bureau above the county's bureau
        quarter.qian: (True, True),
        quarter.zhou: (True, True),
        quarter.he: (False, True),
        own: (False, True),
        far: (False, False),
        quarter.song: (False, False),
    }
    for person, reads in expected.items():
        client = sign_in(person)
        for unit, may in zip((quarter.unit, below), reads, strict=True):
            for name, more in (("circular-extract", ()), ("circular-extract-file", ("pdf",))):
                answer = client.get(reverse(name, args=[notice.pk, unit.code, *more]))
                assert (answer.status_code == 200) == may, (person, unit.code, name, answer.status_code)


def test_lists_and_links(notice: QuarterNotice, quarter: Cast, sign_in: SignIn) -> None:
    address = reverse("circular-extract", args=[notice.pk, quarter.unit.code])
    assert address in sign_in(quarter.zheng).get(reverse("circular", args=[notice.pk])).content.decode()
    listed = sign_in(quarter.song).get(reverse("circular-extracts", args=[notice.pk])).content.decode()
    assert address not in listed
    assert reverse("circular-extract", args=[notice.pk, quarter.other_unit.code]) in listed
    assert sign_in(quarter.wu).get(reverse("circular-extracts", args=[notice.pk])).status_code == 403
    for bad in ("unknown", "370600-XXX"):
        assert sign_in(quarter.qian).get(reverse("circular-extract", args=[notice.pk, bad])).status_code == 404
    odd = reverse("circular-extract-file", args=[notice.pk, quarter.unit.code, "exe"])
    assert sign_in(quarter.qian).get(odd).status_code == 404


def test_what_was_kept_does_not_change_with_later_facts(notice: QuarterNotice, quarter: Cast) -> None:
    before = Extract.objects.get(unit=quarter.unit).content
    quarter.rate(1, at=FROZEN + timedelta(minutes=1))
    assert Extract.objects.get(unit=quarter.unit).content == before
    for change in (lambda one: one.delete(), lambda one: Extract.objects.filter(pk=one.pk).update(content={})):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(Extract.objects.get(unit=quarter.unit))
