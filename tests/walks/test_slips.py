"""意见箱、书面表: a clerk enters a pile of slips by keyboard alone, and the one bad slip among them goes its way.

What a person's hands and eyes take is reckoned by the keystroke-level model (Card, Moran and Newell 1983): 0.28 s for
a key, 1.35 s for each field somebody has to read off the slip; a Han character as two and a half keys of an input
method. What the portal takes is measured.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

from tests.walks.people import shoot
from tests.walks.steps import City

pytestmark = [pytest.mark.browser, pytest.mark.walk, pytest.mark.xdist_group("walks"), pytest.mark.timeout(240)]
A_KEY, A_FIELD, KEYS_OF_A_HAN = 0.28, 1.35, 2.5
SECONDS_A_SLIP = 15
HAN = re.compile(r"[\u3400-\u9fff]")
PHONE = "13905350107"
WINDOW = "YT-CITY/C04"
MAKE_SERVICES = """
from datetime import datetime, timedelta
from evaluations.actions import record_service
from organizations.models import ServiceItem, Window
at = datetime.fromisoformat("{at}")
window = Window.objects.select_related("unit").get(hall__code="YT-CITY", number="C04")
item = ServiceItem.objects.order_by("pk")[0]
for n in range({count}):
    number = f"370600{{at:%Y%m%d}}9{{n:05d}}"
    record_service(source="hall", project_number=number, item=item, unit=window.unit, window=window,
                   served_at=at - timedelta(minutes=n + 1), at=at)
    print("service", number)
"""


@dataclass
class Slip:
    """What stands on a piece of paper."""

    level: int
    number: str = ""
    tags: str = ""
    text: str = ""
    phone: str = ""

    @property
    def fields(self) -> int:
        return 1 + sum(map(bool, (self.number, self.tags, self.text, self.phone)))


@dataclass
class Hands:
    """Two hands on a keyboard, counted; they never touch the mouse."""

    page: Page
    scripts: bool
    keys: int = 0
    hans: int = 0
    seconds: list[float] = field(default_factory=list)

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press(key)
        self.keys += times

    def writes(self, words: str) -> None:
        hans = len(HAN.findall(words))
        self.keys, self.hans = self.keys + len(words) - hans, self.hans + hans
        self.page.keyboard.type(words)

    def enters(self, slip: Slip) -> None:
        """From the cursor in an empty line to the cursor in the next."""
        page = self.page
        expect(page.locator("input[name=level]")).to_be_focused()
        self.writes(str(slip.level))
        rest = [slip.number, slip.tags, slip.text, slip.phone]
        while rest and not rest[-1]:
            rest.pop()
        for place, words in enumerate(rest):
            # With scripts the level has moved on to the number by itself.
            if place or not self.scripts:
                self.press("Tab")
            self.writes(words)
        if slip.phone:
            self.press("Tab")
            self.press("Space")
        nonce = page.locator("input[name=nonce]").input_value()
        begun = time.perf_counter()
        self.press("Enter")
        expect(page.locator("input[name=nonce]")).not_to_have_value(nonce)
        expect(page.locator("input[name=level]")).to_be_focused()
        self.seconds.append(time.perf_counter() - begun)


def pile(numbers: list[str]) -> list[Slip]:
    """Twenty slips as they lie in a box: mostly a face, half with a number, some with words, two bad."""
    words = ("态度很好", "一次办完,谢谢", "比以前快多了,表也少了")
    slips = [Slip(5, number) for number in numbers[:8]]
    slips += [Slip(4, number, text=text) for number, text in zip(numbers[8:], words[:2], strict=True)]
    slips += [Slip(level) for level in (5, 5, 4, 5, 5, 3)]
    slips += [Slip(5, text=words[2]), Slip(3, tags="307")]
    return [*slips, Slip(2, tags="213", text="问了三个人,说法不一样"), Slip(1, text="等了两小时没人管", phone=PHONE)]


def test_slips(city: City) -> None:
    """代录 20 张(键盘) → 两件差评立案 → 留了电话的收到回执 → 查进度 → 转办."""
    city.clock.next_day(14)
    made = city.portal.manage("shell", "-v", "0", "-c", MAKE_SERVICES.format(at=city.clock.now().isoformat(), count=10))
    numbers = [line.split()[1] for line in made.splitlines() if line.startswith("service ")]
    lin = city.colleague("lin")
    lin.comes_to_desk()
    lin.page.locator("nav.rail:visible").get_by_role("link", name="代录").click()
    hands = Hands(lin.page, scripts=True)
    _sets_out(hands)
    before = _entered(city)
    slips = pile(numbers)
    hands.keys = hands.hans = 0
    for slip in slips:
        hands.enters(slip)
    assert _entered(city) - before == len(slips) == 20
    _report("代录 20 张", hands, slips)
    rows = lin.page.locator("table tbody tr")
    expect(rows).to_have_count(10)
    expect(rows.first).to_contain_text("等了两小时没人管")
    expect(lin.page.locator("input[name=place]")).to_have_value(WINDOW)
    shoot(lin.page, "slips-1-clerk")
    number = rows.first.locator("td").first.inner_text()

    writer = city.citizen("写单人", PHONE)
    city.strike()
    receipt = writer.gets_sms("您的评价已收到")
    writer.number, writer.code = number, re.search(r"查询码(\d{6})", receipt)[1]  # type: ignore[index]
    writer.tracks()
    writer.reads("等了两小时没人管")
    lin.prechecks_and_dispatches(number, _unit(city, number))


def _sets_out(hands: Hands) -> None:
    """The first line of a pile: box, today, window; by keyboard too. The date box has three parts."""
    expect(hands.page.locator("select[name=channel]")).to_be_focused()
    hands.press("ArrowDown")
    hands.press("Tab", 4)
    if not hands.page.locator("input[name=place]").evaluate("e => e === document.activeElement"):
        hands.press("Tab")
    hands.writes(WINDOW)
    hands.press("Tab")
    hands.writes("5")
    hands.press("Enter")
    expect(hands.page.locator(".note-success")).to_be_visible()
    assert hands.page.locator("select[name=channel]").input_value() == "box"
    print(f"\n第一张(含渠道、窗口): {hands.keys} 键")


def _entered(city: City) -> int:
    [(count,)] = city.portal.query("SELECT count(*) FROM evaluations_evaluation WHERE entered_by_id IS NOT NULL")
    return int(count)


def _unit(city: City, number: str) -> str:
    [(name,)] = city.portal.query("SELECT rated_unit_name FROM rectification_case WHERE number = %s", number)
    return str(name)


def _report(title: str, hands: Hands, slips: list[Slip]) -> None:
    """What a slip costs; fails when it is more than docs/ux.md §4.1 allows."""
    hand = hands.keys * A_KEY + hands.hans * KEYS_OF_A_HAN * A_KEY + sum(s.fields for s in slips) * A_FIELD
    machine = sum(hands.seconds)
    mean = (hand + machine) / len(slips)
    print(
        f"{title}: {hands.keys} 键 + {hands.hans} 汉字,每张 {hands.keys / len(slips):.1f} 键;"
        f" 手上 {hand / len(slips):.1f} 秒/张(按击键模型),系统 {machine / len(slips):.2f} 秒/张"
        f"(最长 {max(hands.seconds):.2f});合计 {mean:.1f} 秒/张"
    )
    assert mean <= SECONDS_A_SLIP


def test_slips_without_scripts(city: City) -> None:
    """The same line without JavaScript: one more key a slip, nothing else."""
    lin = city.colleague("lin")
    lin.comes_to_desk()
    context = city.browser.new_context(
        viewport={"width": 1280, "height": 900},
        java_script_enabled=False,
        locale="zh-CN",
        storage_state=lin.page.context.storage_state(),
    )
    try:
        page = context.new_page()
        page.goto(f"{city.portal.address}/desk/entry/?channel=paper&place={WINDOW}")
        hands = Hands(page, scripts=False)
        slips = [Slip(5), Slip(4, text="清楚"), Slip(3, tags="307"), Slip(2, tags="213", text="说不清楚"), Slip(5)]
        before = _entered(city)
        for slip in slips:
            hands.enters(slip)
        assert _entered(city) - before == len(slips)
        _report("无脚本 5 张", hands, slips)
        hands.writes("1")
        hands.press("Enter")
        expect(page.locator(".error-summary")).to_be_focused()
        expect(page.locator("input[name=level]")).to_have_value("1")
        shoot(page, "slips-2-refused")
    finally:
        context.close()
