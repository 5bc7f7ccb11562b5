"""Rules of rows beyond the fifty broken kinds: places, keys, reasons, services; and properties of any row."""

from __future__ import annotations

import csv
import io
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.enums import FaultCode, RowOutcome
from evaluations.faults import TEXTS, explain
from evaluations.models import Service
from evaluations.readers import Inspection, Unreadable, inspect, rows
from evaluations.rows import (
    Limits,
    Lookups,
    Problem,
    RatingRow,
    ServiceRow,
    rating_parser,
    results,
    service,
    service_parser,
)
from evaluations.rows.shape import MEMO_MAX, keep
from tests.evaluations.test_rows import (
    FIELDS,
    GOOD,
    ITEM,
    LIMITS,
    LOOKUPS,
    TZ,
    doubts,
    good,
    parse,
    parse_row,
    said,
    wrong,
)

ANY_TEXT = st.text(max_size=40) | st.text(st.sampled_from("15０\ud800\0\u200b \n,、#=N/A.E+-:"), max_size=12)


# --- reasons and keys -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", ["1", "2"])
@pytest.mark.parametrize("text", ["", " ", "\u3000\n", "\u200b\u2060"])
def test_a_negative_rating_needs_a_reason(level: str, text: str) -> None:
    words = ("不满意和非常不满意必须有标签或文字。", "请补上至少一个标签或一段文字。")
    assert wrong(level=level, text=text) == [("text", "REASON_MISSING", *words)]
    assert wrong(level=level, text=text, tags=" ,、")[0][1] == "REASON_MISSING"


def test_a_reason_is_a_tag_or_a_text_and_never_demanded_of_the_content() -> None:
    assert good(level="2", tags="207").tags == ("207",)
    assert good(level="1", text="。").text == "。"
    assert good(level="3").text == ""
    lenient = Limits(**{**vars(LIMITS), "negative_requires_reason": False})
    found = rating_parser(FIELDS, LOOKUPS, lenient, require_default_flag=True)(
        1, [(GOOD | {"level": "1"}).get(field, "") for field in FIELDS]
    )
    assert isinstance(found, RatingRow)


def test_a_rating_without_any_number_of_its_own() -> None:
    words = ("没有办件编号,也没有来源方的评价编号,无法识别重复。", "请至少填写其中一个编号。")
    assert wrong(project_number="") == [("project_number", "KEY_MISSING", *words)]
    assert good(project_number="", source_rating_id="P1").source_rating_id == "P1"
    assert wrong(project_number="x" * 61)[0][1] == "TOO_LONG"
    assert wrong(project_number="#N/A")[0][2] == "内容是 Excel 的错误值“#N/A”。"


@pytest.mark.parametrize("number", ["0", "-1", "1.5", "一", "32768", "99999999"])
def test_numbers_of_the_service(number: str) -> None:
    assert wrong(service_number=number)[0][:2] == ("service_number", "NUMBER_WRONG")
    assert wrong(assess_number=number)[0][:2] == ("assess_number", "NUMBER_WRONG")


def test_channels() -> None:
    assert wrong(channel="9") == [
        ("channel", "CHANNEL_UNKNOWN", "渠道“9”没有对照。", "请核对渠道代码;若无误,请管理员为该来源补充对照。")
    ]
    assert wrong(channel="")[0][1] == "CHANNEL_MISSING"
    lookups = Lookups(**{**vars(LOOKUPS), "channels": {"": "web"}})
    found = rating_parser(FIELDS, lookups, LIMITS, require_default_flag=True)(
        1, [(GOOD | {"channel": " "}).get(field, "") for field in FIELDS]
    )
    assert isinstance(found, RatingRow)
    assert found.channel == "web"


def test_every_fault_of_a_row_is_named_at_once() -> None:
    found = wrong(project_number="1E+9", level="6", tags="510", rated_at="", channel="x", is_default="x")
    assert [name for _, name, *_ in found] == [
        "KEY_SCIENTIFIC",
        "LEVEL_WRONG",
        "TIME_MISSING",
        "CHANNEL_UNKNOWN",
        "FLAG_WRONG",
    ]


# --- places ---------------------------------------------------------------------------------------------------


def test_the_unit_named_goes_before_the_items_and_that_before_the_windows() -> None:
    assert good(item_code=ITEM, window_code="YT-A01").unit == 1
    assert good(unit_code="", item_code=ITEM, window_code="YT-A01").unit == 7
    found = good(unit_code="", window_code="YT-A01")
    assert (found.unit, found.window, found.hall, found.item) == (9, 30, 3, None)


def test_33_characters_are_a_handling_item() -> None:
    found = good(item_code=ITEM + "01")
    assert (found.item, found.handling_item) == (70, ITEM + "01")
    assert good(item_code=ITEM).handling_item == ""


def test_a_number_alone_waits_for_its_service() -> None:
    found = parse(unit_code="", level="1", text="没人")
    assert isinstance(found, Problem)
    reason = "只有办件编号,没有部门,要等办件数据到了才能归属。"
    fix = "请上传对应的办件数据;到达后这一行会自动入库。"
    assert (found.outcome, said(found.faults)) == (
        RowOutcome.HELD,
        [("project_number", "SERVICE_FIRST", reason, fix)],
    )
    assert isinstance(found.row, RatingRow)
    assert found.row.level == 1


def test_without_number_and_unit_there_is_nothing_to_wait_for() -> None:
    assert wrong(project_number="", source_rating_id="1", unit_code="")[0][:2] == ("unit_code", "UNIT_MISSING")


def test_an_unknown_staff_number_is_a_doubt_and_shows_no_number() -> None:
    found = doubts(staff_number="13800000000")
    assert found == [
        ("staff_number", "STAFF_UNKNOWN", "工号不认识,评价没有关联到人。", "请核对工号,或请管理员登记该工作人员。")
    ]


@pytest.mark.parametrize("name", ["好" * 61, "演\u200b示", "演\0示"])
def test_names_that_are_none_are_not_kept(name: str) -> None:
    found = good(name=name)
    assert (found.name, [warning.code for warning in found.warnings]) == ("", [FaultCode.NAME_ODD])


# --- columns --------------------------------------------------------------------------------------------------


def test_columns_in_any_order_and_some_not_read() -> None:
    columns = ["level", None, "unit_code", "rated_at", "project_number", None, "channel"]
    found = rating_parser(columns, LOOKUPS, LIMITS, require_default_flag=False)(
        2, ["5", "?", "370600-SPJ", "2026-11-20 09:30:00", "1", "!", "1"]
    )
    assert isinstance(found, RatingRow)
    assert (found.level, found.unit, found.channel, found.phone) == (5, 1, "web", "")


@pytest.mark.parametrize("columns", [["level", "level"], ["levels"]])
def test_columns_that_mean_the_same_or_nothing(columns: list[str | None]) -> None:
    with pytest.raises(ValueError, match="twice or unknown"):
        rating_parser(columns, LOOKUPS, LIMITS, require_default_flag=False)
    with pytest.raises(ValueError, match="twice or unknown"):
        service_parser(columns, LOOKUPS, LIMITS)


def test_limits_of_length_are_those_of_the_columns() -> None:
    fields = {field.name: field for field in Service._meta.get_fields()}
    assert fields["project_number"].max_length == results.KEY_MAX
    assert fields["service_name"].max_length == results.STEP_MAX


# --- services -------------------------------------------------------------------------------------------------

SERVED = {
    "project_number": "37060020260001",
    "service_name": "申报",
    "item_code": ITEM,
    "served_at": "2026-11-20 09:30:00",
}


def parse_service(**cells: str) -> ServiceRow | Problem:
    parser = service_parser(service.FIELDS, LOOKUPS, LIMITS)
    return parser(3, [(SERVED | cells).get(field, "") for field in service.FIELDS])


def service_faults(**cells: str) -> list[str]:
    found = parse_service(**cells)
    assert isinstance(found, Problem)
    return [fault.code.name for fault in found.faults]


def test_a_good_service() -> None:
    assert parse_service(window_code="YT-A01", staff_number="wu", phone="13800000000", applicant="演示") == ServiceRow(
        line=3,
        project_number="37060020260001",
        service_number=1,
        service_name="申报",
        unit=7,
        item=70,
        handling_item="",
        hall=3,
        window=30,
        staff=5,
        served_at=datetime(2026, 11, 20, 9, 30, tzinfo=TZ),
        applicant="演示",
        phone="13800000000",
        warnings=(),
    )


def test_what_a_service_needs() -> None:
    assert service_faults(project_number="") == ["KEY_MISSING"]
    assert service_faults(item_code="") == ["ITEM_MISSING"]
    assert service_faults(served_at="") == ["TIME_MISSING"]
    assert service_faults(service_name="步" * 31) == ["TOO_LONG"]
    found = parse_service(item_code="Y" * 31)
    assert isinstance(found, Problem)
    assert (found.outcome, [fault.code for fault in found.faults]) == (RowOutcome.QUARANTINED, [FaultCode.ITEM_UNKNOWN])


# --- properties -----------------------------------------------------------------------------------------------


@given(st.dictionaries(st.sampled_from(FIELDS), ANY_TEXT, max_size=6))
@settings(max_examples=400, deadline=None)
def test_any_cells_give_a_row_or_named_faults(cells: dict[str, str]) -> None:
    found = parse(**cells)
    if isinstance(found, Problem):
        assert found.faults
        assert all(str(reason) and str(fix) for reason, fix in map(explain, found.faults))
        return
    assert found.text == cells.get("text", "")
    for fault in found.warnings:
        explain(fault)
    "".join([found.text, found.project_number, found.source_rating_id, found.name, found.phone]).encode()
    assert "\0" not in found.text + found.project_number + found.name
    assert LIMITS.oldest <= found.rated_at <= LIMITS.now + LIMITS.future


@given(st.lists(st.dictionaries(st.sampled_from(FIELDS), ANY_TEXT, max_size=3), max_size=8))
@settings(max_examples=200, deadline=None)
def test_what_came_before_changes_nothing(content: list[dict[str, str]]) -> None:
    """Cells seen before are remembered; a parser that saw none must say the same."""
    for cells in content:
        row = [(GOOD | cells).get(field, "") for field in FIELDS]
        fresh = rating_parser(FIELDS, LOOKUPS, LIMITS, require_default_flag=True)
        assert parse_row(1, row) == fresh(1, row) == fresh(1, row)


def test_a_day_at_the_edge_is_not_remembered_as_a_whole() -> None:
    """Day and clock time were each seen in a good row; together they are out of bounds all the same."""
    limits = Limits(**{**vars(LIMITS), "oldest": datetime(2019, 12, 1, 12, tzinfo=TZ)})
    parser = rating_parser(
        ["source_rating_id", "level", "rated_at", "channel", "unit_code"], LOOKUPS, limits, require_default_flag=False
    )
    for at in ("2026-11-20 01:00:00", "2026-11-20 23:00:00", "2019-12-01 23:00:00", "2026-11-23 01:00:00"):
        assert isinstance(parser(1, ["1", "5", at, "3", "370600-SPJ"]), RatingRow)
    for at, code in (("2019-12-01 01:00:00", FaultCode.TIME_TOO_OLD), ("2026-11-23 23:00:00", FaultCode.TIME_FUTURE)):
        found = parser(1, ["1", "5", at, "3", "370600-SPJ"])
        assert isinstance(found, Problem)
        assert [fault.code for fault in found.faults] == [code]


@given(st.text(st.characters(exclude_characters="\0"), max_size=200))
@settings(max_examples=300, deadline=None)
def test_a_text_comes_through_file_and_row_unchanged_or_is_named(text: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["project_number", "level", "text", "rated_at", "channel", "unit_code"]])
    csv.writer(out).writerows([["1", "5", text, "2026-11-20 09:30:00", "3", "370600-SPJ"]])
    data = io.BytesIO(out.getvalue().encode("utf-8-sig", "surrogatepass"))
    try:
        found = inspect(data, "a.csv")
    except Unreadable as refusal:
        code = refusal.fault.code
    else:
        code = None
        row = _through(data, found)
        assert row.text == text
    assert code in (None, FaultCode.SURROGATE, FaultCode.QUOTE_UNCLOSED)


def _through(data: io.BytesIO, found: Inspection) -> RatingRow:
    parser = rating_parser(found.names, LOOKUPS, LIMITS, require_default_flag=False)
    [(line, cells)] = rows(data, found)
    row = parser(line, cells)
    assert isinstance(row, RatingRow)
    return row


@given(
    st.datetimes(datetime(2019, 12, 2), datetime(2026, 11, 22)).map(lambda at: at.replace(microsecond=0)),
    st.sampled_from(["%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y%m%d%H%M%S", "%Y-%m-%dT%H:%M:%S+08:00"]),
)
@settings(max_examples=300, deadline=None)
def test_every_moment_is_the_one_that_was_written(at: datetime, form: str) -> None:
    assert good(rated_at=at.strftime(form)).rated_at == at.replace(tzinfo=TZ)


@pytest.mark.parametrize("field", ["unit_code", "window_code"])
@pytest.mark.parametrize("cell", ["13800001234", "11010519491231002X"])
def test_nor_in_a_column_of_codes(field: str, cell: str) -> None:
    assert all(cell[3:11] not in reason for _, _, reason, _ in wrong(RowOutcome.QUARANTINED, **{field: cell}))


@pytest.mark.parametrize("cell", ["13800001234", "1" * 30, "a13800001234b"])
@pytest.mark.parametrize(
    "field", ["level", "channel", "is_default", "service_number", "tags", "rated_at", "staff_number"]
)
def test_a_phone_in_the_wrong_column_is_not_repeated_in_the_report(field: str, cell: str) -> None:
    found = parse(**{field: cell})
    faults = found.faults if isinstance(found, Problem) else found.warnings
    assert faults
    assert all(cell[1:11] not in "".join(explain(fault)) for fault in faults)


def test_memory_of_cells_is_limited() -> None:
    memo: dict[str, int] = {}
    for number in range(MEMO_MAX + 10):
        keep(memo, str(number), number)
    assert len(memo) == MEMO_MAX
    memo.clear()
    keep(memo, "x" * 1000, 1)
    assert memo == {}


def test_every_fault_has_a_reason_and_a_remedy() -> None:
    assert set(TEXTS) == set(FaultCode)
