"""差评分析: every number is its list, for every role; what nobody may read is not there; one class for all who ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from assessment import actions
from assessment.actions import refresh
from assessment.enums import Grain
from assessment.metrics import BY_CODE
from assessment.metrics import Facts as Measurable
from assessment.periods import Period
from assessment.queries import facts_of, rules_now
from common.actors import SYSTEM
from organizations.models import Staff, Unit
from oversight.analysing import UNCLASSED
from oversight.models import QuarterNotice
from oversight.queries import paper_of
from oversight.queries.analysis import bads_of, campaign_candidates, new_topics
from rectification.actions import suspend_case, void_case
from rectification.enums import State
from rectification.models import Case
from tests.factories import NOW, Cast

SignIn = Callable[[Staff], Client]
PAGE = "/desk/analysis/"
Q3, Q4 = (Period(date(2026, month, 1), Grain.QUARTER) for month in (7, 10))
TEXTS = ["电话一直忙音", "窗口排队半天", "要材料又要证明", "态度差", "", "", "谢谢王小明帮忙"]


def moment(month: int, day: int) -> datetime:
    return timezone.make_aware(datetime(2026, month, day, 10, 0))


def cases(cast: Cast, draw: Random, units: list[Unit], count: int) -> list[Case]:
    """Cases of three quarters, of every class and none, at several units; some void."""
    found = []
    for _number in range(count):
        at = moment(4, 2) + timedelta(days=draw.randint(0, 230), hours=draw.randint(0, 6))
        cast.unit = draw.choice(units)
        case = cast.rate(1, at=at, text=draw.choice(TEXTS), phone="")
        if draw.random() < 0.2:
            cast.upto(case, State.DISPATCHED, at=at)
        found.append(case)
    return found


@pytest.fixture
def city(cast: Cast, monday: object, settings: Any) -> Cast:
    settings.RANK_MIN_SAMPLE = 1
    top = cast.unit
    units = [top, top, cast.other_unit, Unit.objects.select_related("region").get(code="370602-GAJ")]
    made = cases(cast, Random(5), units, 40)
    cast.unit = top
    for case in made[::5]:
        case.refresh_from_db()
        actions.correct_class(case, "咨询与电话", "说的是电话", by=cast.qian, at=NOW)
    refresh(at=NOW)
    return cast


def numbers(context: Any) -> Iterator[tuple[int, str]]:
    """Every number of the page with its list."""
    yield context["total"].value, context["total"].url
    yield context["before"].value, context["before"].url
    lines = [
        *context["classes"],
        *(line for line, _begin in context["candidates"]),
        *context["matters"],
        *context["repeats"],
        *context["topics"],
    ]
    lines += [line for table in context["tables"] for line in table.lines]
    for line in lines:
        for number in line.numbers:
            yield number.value, number.url


def listed(client: Client, address: str) -> list[str]:
    found, more = [], address
    while more:
        context = client.get(more).context
        assert not context["form"].errors, more
        found += [row.number for row in context["rows"]]
        more = address.partition("?")[0] + context["next_url"] if context["next_url"] else ""
    return found


@pytest.mark.timeout(300)
def test_numbers_are_their_lists_for_every_role(sign_in: SignIn, city: Cast) -> None:
    draw, checked, kinds = Random(2026), 0, set[str]()
    browsers = {name: sign_in(city.everybody[name]) for name in ("qian", "zhou", "zheng", "he", "song")}
    for name, client in browsers.items():
        for period in ("2026-Q2", "2026-Q3", "2026-Q4"):
            unit = city.unit.code if name in ("qian", "zhou") and draw.random() < 0.5 else ""
            context = client.get(f"{PAGE}?period={period}&unit={unit}").context
            assert not context["form"].errors
            found = list(numbers(context))
            for value, url in draw.sample(found, min(len(found), 12)):
                assert len(listed(client, url)) == value, f"{name} {url}"
                checked += 1
                kinds |= {part.split("=")[0] for part in url.partition("?")[2].split("&")}
    assert checked >= 60
    assert {"group", "channel", "holder", "item", "again"} <= kinds


def test_the_classes_are_those_of_the_metric(sign_in: SignIn, city: Cast) -> None:
    for period in (Q3, Q4):
        facts = Measurable.sum(rules_now(), list(facts_of(period, Unit.objects.all()).values()))
        bads = bads_of(period)
        assert BY_CODE["repeat"].whole.count(facts) == sum(bad.group != UNCLASSED for bad in bads)
        assert BY_CODE["repeat"].part.count(facts) == sum(bad.again for bad in bads)
        assert set(facts.loop.bad) == {bad.case for bad in bads}


def test_the_notice_reads_the_same(sign_in: SignIn, city: Cast) -> None:
    paper = paper_of(QuarterNotice(begins=Q3.begins), at=NOW)
    [table] = [table for table in paper.tables if table.name == "差评原因"]
    context = sign_in(city.qian).get(f"{PAGE}?period={Q3.name}").context
    told = [[str(cell) for cell in row] for row in table.rows]
    shown = [[line.label, *(str(one.value) for one in line.numbers), line.words[1]] for line in context["classes"]]
    assert told == shown
    [over] = [table for table in paper.tables if table.name == "可立项专项整治"]
    assert len(over.rows) == len(context["candidates"])


def test_a_class_over_its_threshold_may_become_a_campaign(sign_in: SignIn, city: Cast, settings: Any) -> None:
    settings.CAMPAIGN_CLASS_MIN = 3
    found = campaign_candidates(Q3)
    assert found
    assert all(len(pair.bads) >= 3 and pair.group != UNCLASSED for pair in found)
    page = sign_in(city.qian).get(f"{PAGE}?period={Q3.name}").content.decode()
    assert "可立项专项整治" in page
    settings.CAMPAIGN_CLASS_MIN = 1000
    assert campaign_candidates(Q3) == []
    assert "可立项专项整治" not in sign_in(city.qian).get(f"{PAGE}?period={Q3.name}").content.decode()


def test_everybody_reads_their_own_part_only(sign_in: SignIn, city: Cast) -> None:
    def holders(person: Staff, unit: str = "") -> set[str]:
        client, found = sign_in(person), set()
        for period in ("2026-Q2", "2026-Q3", "2026-Q4"):
            answer = client.get(f"{PAGE}cases/?period={period}&unit={unit}")
            found |= {row.unit for row in answer.context["rows"]}
        return found

    assert holders(city.qian) >= {city.unit.code, city.other_unit.code, "370602-GAJ"}
    assert holders(city.he) == {"370602-GAJ"}
    assert city.other_unit.code not in holders(city.zheng)
    assert holders(city.song) == {city.other_unit.code}
    for person in (city.wu, city.lin, city.zhao, city.xu):
        for address in (PAGE, f"{PAGE}cases/"):
            assert sign_in(person).get(address).status_code == 403
    answer = sign_in(city.song).get(f"{PAGE}?unit={city.unit.code}&period=2026-Q3")
    assert answer.context["form"].errors["unit"]
    assert city.unit.name not in answer.content.decode().split("<main")[1]


def test_what_the_address_gets_wrong_is_said(sign_in: SignIn, city: Cast) -> None:
    client = sign_in(city.qian)
    for wrong in ("period=2026-08", "period=2026-13", "unit=zzz", "again=7", "term=" + "字" * 61):
        answer = client.get(f"{PAGE}cases/?{wrong}")
        assert "error-summary" in answer.content.decode(), wrong
    assert client.get(f"{PAGE}cases/?term=%20&group=x&from=99999999999").status_code == 200
    assert client.post(PAGE).status_code == 405


def test_a_void_case_is_in_no_count(sign_in: SignIn, city: Cast, monday: Any) -> None:
    before = bads_of(Q4)
    case = city.upto(city.rate(1), State.DISPATCHED)
    assert len(bads_of(Q4)) == len(before) + 1
    voided(case, at=NOW)
    assert len(bads_of(Q4)) == len(before)


def voided(case: Case, *, at: datetime) -> None:
    suspend_case(case, by=SYSTEM, at=at)
    void_case(case, by=SYSTEM, at=at, note="误评")


def test_a_correction_moves_a_case_on_the_page_and_not_on_a_past_day(sign_in: SignIn, city: Cast, monday: Any) -> None:
    [first, *_] = [bad for bad in bads_of(Q4) if bad.classed.name != "收费与支付"]
    case = Case.objects.select_related("unit__region").get(pk=first.case)
    past = timezone.now()
    monday.shift(timedelta(hours=1))
    actions.correct_class(case, "收费与支付", "说的是收费", by=city.qian, at=timezone.now())
    client = sign_in(city.qian)
    assert case.number in listed(client, f"{PAGE}cases/?period=2026-Q4&group=收费与支付")
    assert case.number not in listed(client, f"{PAGE}cases/?period=2026-Q4&group={first.group}")
    assert {bad.case: bad for bad in bads_of(Q4, at=past)}[first.case].classed == first.classed


def test_new_topics_name_nobody(cast: Cast, monday: Any, sign_in: SignIn) -> None:
    """Seven complaints about one thing that nobody had before, and about one person whose name is not shown."""
    for number in range(40):
        cast.rate(
            1, at=moment(4, 2) + timedelta(days=2 * number), text=f"材料{'甲乙丙丁戊己庚辛'[number % 8]}要补", phone=""
        )
    for number in range(7):
        cast.rate(1, at=NOW - timedelta(days=number), text="预约系统黑屏,找王小明也没用", phone="")
    found = new_topics(Q4, bads_of(Q4), None, at=NOW)
    assert "预约系统黑屏" in {topic.words for topic in found}
    assert not [topic for topic in found if "王" in topic.words or "小明" in topic.words]
    refresh(at=NOW)
    client = sign_in(cast.qian)
    [line] = [line for line in client.get(f"{PAGE}?period=2026-Q4").context["topics"] if "黑屏" in line.label]
    assert [number.value for number in line.numbers] == [7, 0]
    assert len(listed(client, line.numbers[0].url)) == 7
    assert listed(client, line.numbers[1].url) == []


def test_an_empty_quarter_says_so(sign_in: SignIn, cast: Cast, monday: Any) -> None:
    page = sign_in(cast.qian).get(PAGE).content.decode()
    assert "本季度没有有效差评" in page
    assert "没有同类问题复发" in page


def test_the_page_asks_as_many_questions_for_many_cases(
    sign_in: SignIn, city: Cast, django_assert_max_num_queries: Any
) -> None:
    client = sign_in(city.qian)
    client.get(f"{PAGE}?period=2026-Q3")
    with django_assert_max_num_queries(130):
        assert client.get(f"{PAGE}?period=2026-Q3").status_code == 200
