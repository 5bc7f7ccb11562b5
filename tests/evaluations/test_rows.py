"""Rows: the broken kinds 16 to 50 of reliability.md §7.3, by their numbers, errors word for word.

Kinds 47 to 49 (a key twice, in the file or the database) are told apart here only by the fingerprint; who finds the
two rows is the import.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from evaluations.enums import FaultCode, RowOutcome
from evaluations.faults import Fault, explain
from evaluations.rows import Limits, Lookups, Problem, RatingRow, fingerprint, rating_parser
from evaluations.rows.rating import FIELDS

TZ = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=TZ)
LIMITS = Limits(
    now=NOW,
    oldest=datetime(2019, 12, 1, tzinfo=TZ),
    future=timedelta(minutes=10),
    text_max=500,
    negative_requires_reason=True,
    tz=TZ,
)
ITEM = "11370600990000017B3370010100100"
LOOKUPS = Lookups(
    units={"370600-SPJ": 1, "00370602": 2},
    items={ITEM: (70, 7)},
    windows={"YT-A01": (30, 3, 9, False), "YT-A02": (31, 3, 9, True)},
    staff={"wu": 5},
    tags={"510": (5, True), "511": (5, True), "108": (1, True), "207": (2, True), "101": (1, False)},
    channels={"3": "window_qr", "1": "web"},
)
GOOD = {
    "project_number": "37060020260001",
    "level": "5",
    "rated_at": "2026-11-20 09:30:00",
    "channel": "3",
    "is_default": "0",
    "unit_code": "370600-SPJ",
}
CHECK_TIME = "请写成 2026-11-23 10:05:00 这样的形式,年在前,带时分秒。"
MAP_CODE = "请核对编码;若无误,请管理员为该来源补充对照,之后可以重新处理这一行。"
parse_row = rating_parser(FIELDS, LOOKUPS, LIMITS, require_default_flag=True)


def parse(**cells: str) -> RatingRow | Problem:
    """A good row with some cells changed."""
    return parse_row(7, [(GOOD | cells).get(field, "") for field in FIELDS])


def good(**cells: str) -> RatingRow:
    found = parse(**cells)
    assert isinstance(found, RatingRow), found
    return found


def said(faults: tuple[Fault, ...]) -> list[tuple[str, str, str, str]]:
    return [(fault.column, fault.code.name, *explain(fault)) for fault in faults]


def wrong(outcome: RowOutcome = RowOutcome.REFUSED, **cells: str) -> list[tuple[str, str, str, str]]:
    """What is said about a row that is not taken in: column, name of the fault, reason, remedy."""
    found = parse(**cells)
    assert isinstance(found, Problem)
    assert (found.line, found.outcome) == (7, outcome)
    return said(found.faults)


def doubts(**cells: str) -> list[tuple[str, str, str, str]]:
    return said(good(**cells).warnings)


def test_a_good_row() -> None:
    cells = {"tags": "511、510", "text": "谢谢", "item_code": ITEM, "window_code": "YT-A01", "staff_number": "wu"}
    assert good(**cells, phone="138 0000-0000", name=" 演示 ", source_rating_id="P-1", assess_number="2") == RatingRow(
        line=7,
        project_number="37060020260001",
        service_number=1,
        assess_number=2,
        source_rating_id="P-1",
        level=5,
        tags=("511", "510"),
        text="谢谢",
        rated_at=datetime(2026, 11, 20, 9, 30, tzinfo=TZ),
        channel="window_qr",
        is_default=False,
        unit=1,
        item=70,
        handling_item="",
        hall=3,
        window=30,
        staff=5,
        phone="13800000000",
        name="演示",
        warnings=(),
    )


# --- shape ----------------------------------------------------------------------------------------------------


def test_16_short_row() -> None:
    found = parse_row(3, ["1", "2"])
    assert isinstance(found, Problem)
    words = ("这一行有 2 列,表头有 17 列。", "请检查是否漏了分隔符或换行位置不对。")
    assert said(found.faults) == [("", "ROW_SHORT", *words)]


def test_17_long_row() -> None:
    found = parse_row(3, [""] * 18)
    assert isinstance(found, Problem)
    words = ("这一行有 18 列,表头只有 17 列。", "内容里有分隔符时,要用一对英文双引号括起来。")
    assert said(found.faults) == [("", "ROW_LONG", *words)]


def test_25_a_text_too_long_is_an_error_and_never_cut() -> None:
    words = ("有 1000000 个字符,最多 500 个。", "请核对是否错列;内容不会被截断,需缩短后重新上传这一行。")
    assert wrong(text="好" * 1_000_000) == [("text", "TOO_LONG", *words)]
    assert good(text="好" * 500).text == "好" * 500
    assert good(text="a\r\n" * 250).text == "a\r\n" * 250


# --- values ---------------------------------------------------------------------------------------------------

LEVELS = "请填写 5(非常满意)、4(满意)、3(基本满意)、2(不满意)或 1(非常不满意)。"


@pytest.mark.parametrize("level", ["0", "6", "五", "", "5.0", "-1", "55", "非常满意", "²²", "٣"])
def test_26_levels_that_are_none(level: str) -> None:
    assert wrong(level=level) == [
        ("level", "LEVEL_WRONG", f"“{'22' if level == '²²' else level}”不是 1 到 5 的数字。", LEVELS)
    ]


def test_27_full_width_digits() -> None:
    found = good(
        level="５", project_number="３７-１", service_number="２", tags="５１０，５１１", channel="３", is_default="０"
    )
    assert (found.level, found.project_number, found.service_number, found.tags) == (5, "37-1", 2, ("510", "511"))
    assert good(rated_at="２０２６-11-20 09:30:00").rated_at == good().rated_at


def test_28_tags_of_another_level() -> None:
    reason = "标签“510”属于满意度 5,这一行的满意度是 1。"
    fix = "请核对满意度和标签,标签的第一位数字等于满意度。"
    assert wrong(level="1", tags="108,510") == [("tags", "TAG_LEVEL", reason, fix)]


def test_28_tags_nobody_knows() -> None:
    fix = "请填写三位标签编码,几个标签用逗号隔开,单元格设为“文本”格式。"
    assert wrong(tags="510,599") == [("tags", "TAG_UNKNOWN", "标签“599”不在国家标签目录里。", fix)]
    assert wrong(tags="510511")[0][1] == "TAG_UNKNOWN"
    assert [name for _, name, *_ in wrong(tags="1," * 500_000)] == ["TOO_LONG"]


def test_29_retired_tag() -> None:
    words = ("标签“101”是已停用的旧版标签,照原样保留。", "今后请使用现行标签。")
    assert doubts(level="1", tags="101") == [("tags", "TAG_RETIRED", *words)]


def test_30_unknown_unit_item_and_window_are_put_aside() -> None:
    found = parse(unit_code="37060299", item_code="X" * 31, window_code="B99", level="1", text="没人")
    assert isinstance(found, Problem)
    assert found.outcome is RowOutcome.QUARANTINED
    assert said(found.faults) == [
        ("unit_code", "UNIT_UNKNOWN", "部门编码“37060299”不认识,可能丢失了开头的 0。", MAP_CODE),
        ("item_code", "ITEM_UNKNOWN", f"事项编码“{'X' * 31}”不认识。", MAP_CODE),
        ("window_code", "WINDOW_UNKNOWN", "窗口编码“B99”不认识,可能丢失了开头的 0。", MAP_CODE),
    ]
    assert isinstance(found.row, RatingRow)
    assert (found.row.level, found.row.unit, found.row.text) == (1, None, "没人")


def test_31_closed_window() -> None:
    words = ("窗口“YT-A02”已经关闭,评价仍计入该窗口。", "请核对窗口编码。")
    assert doubts(window_code="YT-A02") == [("window_code", "WINDOW_CLOSED", *words)]
    assert good(window_code="YT-A02").window == 31


@pytest.mark.parametrize("at", ["2026-11-23 10:10:01", "2026-11-24 00:00:00", "2099-01-01 00:00:00"])
def test_32_and_33_times_to_come(at: str) -> None:
    words = (f"“{at}”晚于现在。", "请核对日期和时区;时间应为北京时间或带时区。")
    assert wrong(rated_at=at) == [("rated_at", "TIME_FUTURE", *words)]
    assert good(rated_at="2026-11-23 10:10:00")


@pytest.mark.parametrize("at", ["1970-01-01 00:00:00", "2019-11-30 23:59:59", "0001-01-01 00:00:00"])
def test_33_times_long_ago(at: str) -> None:
    words = (f"“{at}”早于 2019-12-01。", "请核对年份;确实是历史数据时,请管理员放宽期限。")
    assert wrong(rated_at=at) == [("rated_at", "TIME_TOO_OLD", *words)]
    assert good(rated_at="2019-12-01 00:00:00")


@pytest.mark.parametrize("at", ["46349", "46349.42"])
def test_34_serial_number_of_excel(at: str) -> None:
    reason = f"“{at}”像是 Excel 的日期序号,不是日期。"
    fix = "请把该列设为“日期时间”格式后重新上传,或写成 2026-11-23 10:05:00 的形式。"
    assert wrong(rated_at=at) == [("rated_at", "TIME_SERIAL", reason, fix)]


@pytest.mark.parametrize("at", ["05/06/07", "5/6/2026 10:00:00", "23-11-26 09:30:00", "1.2.2026"])
def test_35_dates_with_two_meanings(at: str) -> None:
    assert wrong(rated_at=at) == [("rated_at", "TIME_AMBIGUOUS", f"“{at}”分不清年、月、日。", CHECK_TIME)]


@pytest.mark.parametrize(
    "at",
    [
        "2026-11-20T01:30:00Z",
        "2026-11-20 01:30:00+00:00",
        "2026-11-20T09:30:00+08:00",
        "2026-11-19T17:30:00.000-0800",
        "2026/11/20 09:30:00",
        "2026/11/20 9:30:00",
        "20261120093000",
        "2026-11-20T09:30:00",
        "2026-11-20 09:30:00.0",
        " 2026-11-20 09:30:00 ",
    ],
)
def test_36_offsets_and_other_proper_forms(at: str) -> None:
    found = good(rated_at=at).rated_at
    assert found == datetime(2026, 11, 20, 9, 30, tzinfo=TZ)
    assert found.utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize(
    "at",
    [
        "2021-02-30 10:00:00",
        "2026-13-01 10:00:00",
        "2026-01-01 24:00:00",
        "2026-11-20T09:30:00+15:00",
        "20210230100000",
    ],
)
def test_37_days_and_hours_that_do_not_exist(at: str) -> None:
    shown = at if "-" in at else "202…"
    assert wrong(rated_at=at) == [("rated_at", "TIME_IMPOSSIBLE", f"“{shown}”这个时间不存在。", "请核对日期和时间。")]


@pytest.mark.parametrize("at", ["2026-11-20", "2026/1/5", "2026-11-20 09:30", "20261120"])
def test_dates_without_a_time_get_none(at: str) -> None:
    shown = "202…" if at.isdigit() else at
    reason = f"“{shown}”只有日期或没有秒,不会替您补上时间。"
    assert wrong(rated_at=at) == [("rated_at", "TIME_DATE_ONLY", reason, CHECK_TIME)]


def test_other_times() -> None:
    assert wrong(rated_at="") == [("rated_at", "TIME_MISSING", "没有时间。", CHECK_TIME)]
    assert wrong(rated_at="昨天") == [("rated_at", "TIME_UNREADABLE", "“昨天”不是认识的时间形式。", CHECK_TIME)]


@pytest.mark.parametrize("key", ["3.7E+17", "3.70600000000001E+17", "3.7e+17", "１.5E+10"])
def test_38_number_in_scientific_form(key: str) -> None:
    shown = key.replace("１", "1")
    reason = f"编号“{shown}”是科学计数法,后面的数字已经丢失。"
    fix = "请把该列设为“文本”格式,从原系统取回完整的编号后重新上传这一行。"
    assert wrong(project_number=key) == [("project_number", "KEY_SCIENTIFIC", reason, fix)]
    assert wrong(source_rating_id=key, project_number="") == [("source_rating_id", "KEY_SCIENTIFIC", reason, fix)]


def test_39_leading_zeros_lost() -> None:
    assert good(unit_code="00370602").unit == 2
    reason = "部门编码“370602”不认识,可能丢失了开头的 0。"
    assert wrong(RowOutcome.QUARANTINED, unit_code="370602") == [("unit_code", "UNIT_UNKNOWN", reason, MAP_CODE)]
    reason = "事项编码有 30 位,应为 31 位(实施编码)或 33 位(业务办理项编码)。"
    fix = "请核对编码;开头的 0 丢失时,请把该列设为“文本”格式。"
    assert wrong(item_code=ITEM[1:]) == [("item_code", "ITEM_LENGTH", reason, fix)]


def test_40_wrong_check_digit() -> None:
    words = ("证件号码的校验位不对。证件号码不会保存。", "请与来源方核对证件号码。")
    assert doubts(id_number="110105194912310021") == [("id_number", "ID_CHECK", *words)]
    assert doubts(id_number="11010519491231002x") == doubts(id_number=" ") == []
    assert "19491231" not in str(good(id_number="110105194912310021"))


@pytest.mark.parametrize(
    ("phone", "length"),
    [("1380000123", 10), ("138000012345", 12), ("138****0000", 7), ("无", 0), ("13800001234" + " " * 99, 0)],
)
def test_41_phone_of_ten_or_twelve_digits(phone: str, length: int) -> None:
    words = (f"电话号码有 {length} 位,不像能接通的号码,没有保存。", "请核对电话号码。")
    assert doubts(phone=phone) == [("phone", "PHONE_ODD", *words)]
    assert good(phone=phone).phone == ""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13800001234", "13800001234"),
        ("+86 138-0000-1234", "13800001234"),
        ("１３８００００１２３４", "13800001234"),
        ("0535-6000000", "05356000000"),
        ("+44 20 7946 0000", "+442079460000"),
        (" ", ""),
    ],
)
def test_phones_that_can_be_called(typed: str, kept: str) -> None:
    found = good(phone=typed)
    assert (found.phone, found.warnings) == (kept, ())


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://x","y")',
        "@SUM(A1)",
        "+1",
        "-1",
        "<script>alert(1)</script>",
        "{{ 7*7 }}",
        "'; DROP TABLE x",
        "\tx",
    ],
)
def test_42_to_44_formulas_and_scripts_are_words(text: str) -> None:
    """Made safe where they leave again; here they are what somebody wrote."""
    found = good(text=text)
    assert (found.text, found.warnings) == (text, ())


@pytest.mark.parametrize("text", ["反\u202e转", "\u2066隔离\u2069", "\u200f"])
def test_45_signs_that_turn_the_direction(text: str) -> None:
    reason = "文字里有改变显示方向的字符,看到的顺序可能不是写下的顺序。原文照存。"
    assert doubts(text=text) == [("text", "TEXT_DIRECTION", reason, "请留意文字是否被人为打乱。")]
    assert good(text=text).text == text


@pytest.mark.parametrize("text", ["投\u200b诉", "退\u2060费", "\ufeff好", "a\u200db"])
def test_46_zero_width_inside_a_word(text: str) -> None:
    words = ("文字里有看不见的字符。原文照存。", "请留意是否有人想避开关键词。")
    assert doubts(text=text) == [("text", "TEXT_INVISIBLE", *words)]
    assert good(text=text).text == text


def test_46_families_and_flags_are_no_hiding_place() -> None:
    assert doubts(text="👨‍👩‍👧 🏳️‍🌈 很好") == []


def test_46_hidden_signs_in_a_key_would_make_a_second_one() -> None:
    words = ("含有看不见的字符或空格,会让同一个编号变成两个。", "请从原系统重新复制,去掉多余的字符。")
    for key in ("37\u200b06", "37 06", "37\n06", "37\u202e06"):
        assert wrong(project_number=key) == [("project_number", "HIDDEN_CHARACTERS", *words)]


def test_47_to_49_what_was_said_tells_a_duplicate_from_a_contradiction() -> None:
    first = good(level="1", tags="108,101", text="没人")
    again = good(level="1", tags="101、108", text="没人", rated_at="2026-11-21 00:00:00", source_rating_id="9")
    assert fingerprint(first) == fingerprint(again)
    assert len(fingerprint(first)) == 20
    others = [
        good(level="1", tags="108,101", text="没人 "),
        good(level="2", tags="207", text="没人"),
        good(level="1", tags="108", text="没人"),
    ]
    assert len({fingerprint(row) for row in [first, *others]}) == 4


@pytest.mark.parametrize(
    ("code", "params", "reason", "fix"),
    [
        (FaultCode.DUPLICATE_IN_FILE, {"line": 5}, "与第 5 行编号相同,内容也相同。", "不必处理,重复的行只入库一次。"),
        (FaultCode.ALREADY_THERE, {}, "这条评价以前已经入库,内容相同。", "不必处理,不会重复计算。"),
        (
            FaultCode.OTHER_CONTENT,
            {},
            "同一编号已有评价,但内容不同;先到的保留,这一条没有入库。",
            "一次服务只评一次。请与来源方核对哪一条是真的。",
        ),
    ],
)
def test_47_to_49_the_words_for_them(code: FaultCode, params: dict[str, object], reason: str, fix: str) -> None:
    assert explain(Fault("project_number", code, params)) == (reason, fix)


def test_50_default_flag_missing() -> None:
    reason = "没有写明是不是系统默认评价。"
    fix = "请填写 1(系统默认)或 0(评价人自己评价);默认评价不能当作主动好评。"
    assert wrong(is_default="") == [("is_default", "FLAG_MISSING", reason, fix)]
    relaxed = rating_parser(FIELDS, LOOKUPS, LIMITS, require_default_flag=False)
    found = relaxed(1, [(GOOD | {"is_default": ""}).get(field, "") for field in FIELDS])
    assert isinstance(found, RatingRow)
    assert found.is_default is False
    assert good(is_default="是").is_default is good(is_default="true").is_default is True
    assert wrong(is_default="?")[0][1:3] == ("FLAG_WRONG", "“?”不是 1 或 0。")
