"""S1: a search of published cases against a tenth of a second. S2: what public pages ask and weigh."""

from __future__ import annotations

import gzip
import random
import re
import statistics
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from psycopg2.extras import execute_values

import bench.ready  # noqa: F401 - makes Django ready
from bench.figures.run import Run
from bench.rounds import LESS, Goal
from bench.town import FILLED
from common.ids import readable_number
from common.memory import forget_everything
from disclosure.actions import refresh_figures
from disclosure.enums import DateGrain, Result
from disclosure.models import PublicCase
from disclosure.queries.public import NEWEST, Asked, page_of, public_cases, summary
from disclosure.searching import normal, tokens
from evaluations.enums import RatingChannel
from evaluations.models import Tag
from organizations.models import ServiceItem, Unit
from rectification.enums import Stage, Verdict

LIMIT_MS, LIMIT_KB, LIMIT_QUERIES = 100.0, 40.0, 5.0
STEP, PAGE = 2000, 21
# One case in so many has these words, which nobody else uses.
RARE, RARE_EVERY = ("解押", "医疗废物"), 500
NOWHERE = "虹桥"
_WORDS = """窗口 材料 电话 排队 态度 现金 复印 证明 指南 网站 系统 预约 审批 时间 地点 工作 人员 咨询 办理 登记
护照 居住 社保 医保 公积 贷款 车辆 驾照 不动 产权 税务 发票 企业 注册 变更 注销 许可 备案 年检 补贴 养老 残疾 低保
学校 入学 转学 户口 迁移 身份 结婚 离婚 生育 保险 工伤 失业 就业 培训 消防 环保 食品 卫生 药品 建设 规划 房屋 租赁
买卖 抵押 公证 律师 法院 投诉 建议 回复 解释 整改 改正 已经 没有 不能 需要 要求 重复 提交 多次 三趟 跑腿 麻烦 耐心
热情 生硬 推诿 拖延 超时 按时 及时 准确 清楚 明白 模糊 错误 遗漏 完整 齐全 上午 下午 中午 周末 节假 值班 空岗 叫号
大厅 二楼 一楼 东区 西区 老人 孩子 家长 外地 本地 农村 城市 街道 社区 村里 乡镇 县里 市里 省里 国家 政策 文件 规定"""
VOCABULARY = tuple(_WORDS.split())


def public(run: Run) -> None:
    """S1 and S2 on as many published cases as the size has."""
    _fill(run)
    run.town.postgres.psql("VACUUM ANALYZE disclosure_publiccase", FILLED)
    for key, title, words in _searches():
        _searched(run, Goal(f"S1+{key}", title, "limit", "ours", "ms", 1, 0.5, LESS), words)
    refresh_figures(at=timezone.now())
    for name, address in _pages():
        _weighed(run, name, address)


# --- rows ---------------------------------------------------------------------------------------------------------


def _fill(run: Run) -> None:
    """Invents published cases until there are enough; those of an earlier run stay."""
    missing = run.size.public - PublicCase.objects.count()
    dice = random.Random(7)
    places = [list(Unit.objects.order_by("pk")), list(ServiceItem.objects.order_by("pk"))[:200]]
    labels = list(Tag.objects.filter(level__lte=2).values_list("label", flat=True))
    for start in range(0, missing, STEP):
        rows = [_case(dice, *places, labels, number) for number in range(start, min(start + STEP, missing))]
        made = PublicCase.objects.bulk_create(rows)
        found = [(row.pk, tokens(row.words)) for row in made]
        with connection.cursor() as cursor:
            statement = (
                "UPDATE disclosure_publiccase SET search = array_to_tsvector(made.tokens)"
                " FROM (VALUES %s) AS made (id, tokens) WHERE disclosure_publiccase.id = made.id"
            )
            execute_values(cursor.cursor, statement, found, "(%s, %s::text[])", page_size=500)


def _case(
    dice: random.Random, units: list[Unit], items: list[ServiceItem], labels: list[str], number: int
) -> PublicCase:
    unit, done = dice.choice(units), dice.random() < 0.9
    rare = "".join(RARE) if number % RARE_EVERY == 0 else ""
    problem, changed, reply = _text(dice, 14) + rare, _text(dice, 12) if done else "", _text(dice, 20) if done else ""
    item, tags = dice.choice(items).name, dice.sample(labels, 1)
    day = date(2026, 1, 1) + timedelta(days=dice.randrange(300))
    said = [unit.name, item, *tags, problem, changed, reply]
    return PublicCase(
        number=readable_number(),
        unit=unit,
        unit_name=unit.name,
        region_code="370600000000",
        item=item,
        channel=RatingChannel.SLIP,
        level=dice.choice((1, 2)),
        tags=tags,
        rated_on=day,
        rated_grain=DateGrain.DAY,
        stage=Stage.REPLIED if done else Stage.RECTIFYING,
        result=Result.RECTIFIED if done else Result.HANDLING,
        replied_on=day + timedelta(days=3) if done else None,
        working_days=dice.randrange(10) if done else None,
        on_time=True if done else None,
        verdict=Verdict.SATISFIED if done else "",
        problem=problem,
        changed=changed,
        reply=reply,
        published_on=day,
        changed_at=f"{day}T10:00:00+08:00",
        words=normal(" ".join(said)),
    )


def _text(dice: random.Random, words: int) -> str:
    return "".join(dice.choice(VOCABULARY) for _word in range(words))


# --- S1 -----------------------------------------------------------------------------------------------------------


def _searches() -> Iterator[tuple[str, str, str]]:
    """Key, title and words. A word that nobody wrote may still be made of pairs that many wrote."""
    yield "two", "search, 2 characters, in one case of 500", RARE[0]
    yield "two, common", "search, 2 characters, in a third of the cases", VOCABULARY[0]
    yield "two, absent", "search, 2 characters that stand nowhere", NOWHERE
    yield "four", "search, 4 characters, in one case of 500", RARE[1]
    yield "four, absent", "search, 4 characters of pairs that are there, nowhere together", _never_together()
    yield "words", "search, two common words", f"{VOCABULARY[0]} {VOCABULARY[1]}"


def _never_together() -> str:
    """The end of a word, a word, and the beginning of another, as no text has them."""
    dice = random.Random(11)
    while True:
        first, middle, last = dice.sample(VOCABULARY, 3)
        word = first[1] + middle + last[0]
        if not PublicCase.objects.filter(words__contains=word).exists():
            return word


def _searched(run: Run, goal: Goal, words: str) -> None:
    """The whole of what the list asks: who has these words, how many, and the first page."""
    figure = run.figure(goal)
    expected = PublicCase.objects.shown()
    for word in words.split():
        expected = expected.filter(words__contains=word)
    found, rows = _asked(words)
    run.check(f"{goal.key}: it finds what a look at every text finds", expected.count(), found)
    newest = list(expected.order_by("-pk").values_list("pk", flat=True)[:PAGE])
    run.check(f"{goal.key}: the newest first", newest, [row.pk for row in rows])
    figure.notes = {"cases": run.size.public, "found": found}
    for _round in range(run.size.rounds):
        taken = [_timed(lambda: _asked(words)) for _read in range(max(3, run.size.reads // 5))]
        figure.add(LIMIT_MS, statistics.median(taken))


def _asked(words: str) -> tuple[int, list[PublicCase]]:
    rows = public_cases(Asked(words=words))
    said = summary(rows)
    return said.found, page_of(rows, NEWEST, None, PAGE)


def _timed(ask: Callable[[], Any]) -> float:
    began = perf_counter()
    ask()
    return (perf_counter() - began) * 1000


# --- S2 -----------------------------------------------------------------------------------------------------------


def _pages() -> Iterator[tuple[str, str]]:
    one = PublicCase.objects.shown().select_related("unit").order_by("-pk")[0]
    yield "home", "/"
    yield "list", reverse("public-cases")
    yield "search", f"{reverse('public-cases')}?q={VOCABULARY[0]}&level=1"
    yield "nothing found", f"{reverse('public-cases')}?q={NOWHERE}&level=1&result=rectified"
    yield "case", reverse("public-case", args=[one.number])
    yield "units", reverse("public-units")
    yield "unit", reverse("public-unit", args=[one.unit.code])
    yield "figures", reverse("public-figures")
    yield "metrics", reverse("public-metrics")
    yield "data", reverse("public-data")


def _weighed(run: Run, name: str, address: str) -> None:
    """A page that nobody has asked for yet: questions to the database, bytes with everything it loads, time."""
    client = Client(headers={"host": "127.0.0.1"})
    asks = run.figure(Goal(f"S2+{name}, queries", f"{name}: queries", "budget", "asks", "queries", 1, None, LESS))
    weighs = run.figure(
        Goal(f"S2+{name}", f"{name}: gzipped with all it loads", "budget", "weighs", "KB", 1, 0.75, LESS)
    )
    taken = []
    for _round in range(run.size.rounds):
        forget_everything()
        with CaptureQueriesContext(connection) as asked:
            began = perf_counter()
            response = client.get(address)
            taken.append(round((perf_counter() - began) * 1000, 1))
        asks.add(LIMIT_QUERIES, len(asked))
        weighs.add(LIMIT_KB, _weight(response.content) / 1024)
    run.check(f"S2+{name} is shown", 200, response.status_code)
    asks.notes = {"milliseconds": taken}


def _weight(html: bytes) -> int:
    files = re.findall(r'(?:href|src)="[^"]*/static/([\w/-]+?)(?:\.[0-9a-f]{12})?\.(css|js)"', html.decode())
    packed = [html, *(Path(str(finders.find(f"{name}.{kind}"))).read_bytes() for name, kind in files)]
    return sum(len(gzip.compress(part)) for part in packed)
