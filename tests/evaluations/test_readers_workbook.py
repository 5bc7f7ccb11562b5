"""Workbooks: exact texts, checked against calamine, or a named refusal; none ends the process (reliability.md §7.4)."""

from __future__ import annotations

import io
import itertools
import zipfile
from datetime import date, datetime, time, timedelta

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from evaluations.readers import inspect, rows
from evaluations.readers.cells import Kind, column_name, column_number, kind_of, moment_text, number_text
from tests.corpus.tables import HEADER, ROW, SHEET, bomb, far_corners, laughs, members, sheet_xml, spoilt, workbook
from tests.evaluations.test_readers import look, refusal

SAVE_XLSX = "请另存为 .xlsx 或“CSV UTF-8”后上传。"
BROKEN = ("SHEET_BROKEN", "", "工作簿的内容不完整或不符合标准。", SAVE_XLSX)


def cells(data: bytes) -> list[tuple[int, list[str]]]:
    found = inspect(io.BytesIO(data), "评价.xlsx")
    return list(rows(io.BytesIO(data), found))


def written(*values: object) -> list[str]:
    """What one row of cells reads like."""
    return cells(workbook([f"c{n}" for n in range(len(values))], list(values)))[0][1]


def by_hand(xml: str, *, before: str = "") -> bytes:
    """A workbook whose sheet is this XML."""
    return spoilt(workbook(HEADER, ROW), SHEET, sheet_xml(xml, before=before))


# --- what is written ------------------------------------------------------------------------------------------


def test_a_sheet_reads_like_a_table() -> None:
    bad = [*ROW[:1], "1", *ROW[2:]]
    data = workbook(HEADER, ROW, [], bad, ["", " "])
    found = look(data, "评价.xlsx")
    assert (found.format, found.sheet, found.rows, found.blanks) == ("xlsx", "评价", 2, 1)
    assert (found.header, found.negatives) == (tuple(HEADER), (1,))
    assert cells(data) == [(2, ROW), (4, bad)]
    assert list(rows(io.BytesIO(data), found, start=1)) == [(4, bad)]


def test_a_table_that_begins_further_down_and_to_the_right() -> None:
    data = workbook([], ["", *HEADER], ["", *ROW])
    assert look(data, "a.xlsx").header == ("", *HEADER)
    assert cells(data) == [(3, ["", *ROW])]


def test_numbers_are_exact_or_show_that_they_are_not() -> None:
    """Kind 38: eighteen digits typed into Excel have lost their end; the validator refuses the form."""
    values = [5, 13800000000, 4.5, 999_999_999_999_999, -3, 0.1, 0, 1e-7]
    assert written(*values) == ["5", "13800000000", "4.5", "999999999999999", "-3", "0.1", "0", "1e-07"]
    assert written(370600000000001234, 1e15) == ["3.70600000000001E+17", "1.00000000000000E+15"]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("1.38E10", "13800000000"),
        ("13800000000.0", "13800000000"),
        ("370600000000001216", "3.70600000000001E+17"),
        ("007", "7"),
        ("0.30000000000000004", "0.30000000000000004"),
        ("-0", "0"),
    ],
)
def test_numbers_as_other_programs_write_them(raw: str, text: str) -> None:
    assert cells(by_hand(f'<row><c t="n"><v>1</v></c></row><row><c><v>{raw}</v></c></row>')) == [(2, [text])]


def test_leading_zeros_that_only_a_format_shows_are_gone() -> None:
    """Kind 39: the code then looked up is another one, and is named."""
    assert written((12, "000000"), "000012") == ["12", "000012"]


def test_dates_are_taken_from_date_cells_only() -> None:
    """Kind 34: a serial number stays a number, and is refused where a time is wanted."""
    moment = datetime(2026, 11, 23, 10, 5, 7)
    assert written(moment, (moment, "yyyy/m/d h:mm"), (46349.5, "General"), 46349) == [
        "2026-11-23 10:05:07",
        "2026-11-23 10:05:07",
        "46349.5",
        "46349",
    ]
    midnight = datetime(2026, 11, 23)
    assert written(
        (date(2026, 11, 23), "yyyy-mm-dd"), (midnight, "yyyy-mm-dd hh:mm"), (time(9, 36), "hh:mm"), True
    ) == [
        "2026-11-23",
        "2026-11-23 00:00:00",
        "09:36:00",
        "1",
    ]


@pytest.mark.parametrize(
    ("number", "code", "kind"),
    [
        (0, "General", Kind.NUMBER),
        (14, "", Kind.DATE),
        (22, "", Kind.MOMENT),
        (31, "", Kind.DATE),
        (49, "", Kind.NUMBER),
        (164, '[$-804]yyyy"年"m"月"d"日" h:mm;@', Kind.MOMENT),
        (165, "[Red]0.00;[DBNum1]0", Kind.NUMBER),
        (166, "0.00E+00", Kind.NUMBER),
        (167, '"day"0', Kind.NUMBER),
        (168, "h:mm AM/PM", Kind.TIME),
        (169, "mm-dd", Kind.DATE),
        (170, "\\d0", Kind.NUMBER),
        (172, "yyyy" + "[" * 100_000, Kind.NUMBER),
        (171, "#,##0.00_);(#,##0.00)", Kind.NUMBER),
    ],
)
def test_what_formats_mean(number: int, code: str, kind: Kind) -> None:
    assert kind_of(number, code) is kind


def test_every_second_of_a_day_survives() -> None:
    start = datetime(2026, 11, 23)
    for second in range(86_400):
        serial = 46349 + second / 86_400
        assert moment_text(float(f"{serial:.15G}"), Kind.MOMENT, datetime(1899, 12, 30)) == (
            start + timedelta(seconds=second)
        ).isoformat(sep=" ")


@pytest.mark.parametrize("serial", ["-1", "0.5", "59", "60", "2958466", "1e300"])
def test_serial_numbers_that_are_no_day_stay_numbers(serial: str) -> None:
    assert "-" not in number_text(serial, Kind.MOMENT, datetime(1899, 12, 30)).lstrip("-")


def test_the_other_epoch() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"date_1904": True, "default_date_format": "yyyy-mm-dd hh:mm:ss"})
    book.add_worksheet().write_column(0, 0, ["a", datetime(2026, 11, 23, 10, 5, 7)])
    book.close()
    assert cells(out.getvalue()) == [(2, ["2026-11-23 10:05:07"])]


def test_texts_stay_as_they_are() -> None:
    said = ["00012", " x\ny ", "_x0041_", "𠮷", "@SUM", "-", "#N/A"]
    assert written(*said) == said


def test_texts_in_pieces_and_with_how_they_are_read_aloud() -> None:
    inside = "<is><r><t>政</t></r><r><t>务</t></r><rPh><t>zhengwu</t></rPh></is>"
    data = by_hand(
        f'<row><c t="inlineStr">{inside}</c><c t="str"><f>1+1</f><v>二_x000D_</v></c></row><row><c><v>1</v></c></row>'
    )
    assert inspect(io.BytesIO(data), "a.xlsx").header == ("政务", "二\r")
    shared = members(workbook(["甲"], ["乙"]))["xl/sharedStrings.xml"].replace(
        "<t>甲</t>".encode(), "<r><t>甲</t></r><r><t>子</t></r><rPh><t>jia</t></rPh>".encode()
    )
    assert look_header(spoilt(workbook(["甲"], ["乙"]), "xl/sharedStrings.xml", shared)) == ("甲子",)


def look_header(data: bytes) -> tuple[str, ...]:
    return inspect(io.BytesIO(data), "a.xlsx").header


def test_an_error_value_comes_out_as_it_is_shown() -> None:
    """For the validator to name: nothing is an answer too, and was not given."""
    data = by_hand('<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2" t="e"><v>#DIV/0!</v></c></row>')
    assert cells(data) == [(2, ["#DIV/0!"])]


def test_cells_beyond_the_header() -> None:
    assert cells(workbook(HEADER, [*ROW, "", "x"], [*ROW[:3]])) == [
        (2, [*ROW, "", "x"]),
        (3, [*ROW[:3], "", "", "", ""]),
    ]


def test_prefixed_names() -> None:
    xml = by_hand("<x:row><x:c><x:v>1</x:v></x:c></x:row><x:row><x:c><x:v>2</x:v></x:c></x:row>")
    data = spoilt(xml, SHEET, members(xml)[SHEET].replace(b"<worksheet ", b'<worksheet xmlns:x="x" '))
    assert cells(data) == [(2, ["2"])]


def test_names_of_columns() -> None:
    assert [column_name(n) for n in (0, 1, 26, 27, 702, 703)] == ["", "A", "Z", "AA", "ZZ", "AAA"]
    assert all(column_number(column_name(n)) == n for n in range(1, 2000))


# --- the second opinion ---------------------------------------------------------------------------------------

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2099, 1, 1)).map(lambda at: at.replace(microsecond=0))
NUMBERS = st.integers(-(10**14), 10**14) | st.floats(-1e6, 1e6).map(lambda value: round(value, 6))
VALUES = TEXTS | MOMENTS.filter(lambda at: at.time() != time(0)) | NUMBERS | st.booleans()


def by_calamine(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)


@given(st.lists(st.lists(VALUES, min_size=3, max_size=3), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_another_reader_sees_the_same(content: list[list[object]]) -> None:
    data = workbook(["a", "b", "c"], *content, ["x", "y", "z"])
    seen = list(CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).iter_rows())
    expected = [[by_calamine(value) for value in line] for line in seen[1:]]
    assert cells(data) == [(number, line) for number, line in enumerate(expected, 2) if "".join(line).strip()]


# --- which sheet ----------------------------------------------------------------------------------------------


def test_the_sheet_with_the_columns_is_meant() -> None:
    guide = [["填写说明"], ["每行一条"]]
    assert look(workbook(sheets={"说明": guide, "数据": [HEADER, ROW], "空": []}), "a.xlsx").sheet == "数据"


def test_hidden_sheets_are_not_read() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    for name in ("一", "二"):
        book.add_worksheet(name).write_row(0, 0, HEADER)
        book.get_worksheet_by_name(name).write_row(1, 0, ROW)
    book.get_worksheet_by_name("二").hide()
    book.close()
    assert look(out.getvalue(), "a.xlsx").sheet == "一"


def test_two_such_sheets_are_not_guessed_between() -> None:
    words = ("有几个工作表都像数据:一月、二月。", "请只保留一个数据工作表,其余另存为别的文件。")
    assert refusal(workbook(sheets={"一月": [HEADER, ROW], "二月": [HEADER, ROW]}), "a.xlsx") == (
        "SHEET_UNCLEAR",
        0,
        "",
        *words,
    )


@pytest.mark.parametrize(
    ("content", "fault"),
    [([], "EMPTY_FILE"), ([[""]], "EMPTY_FILE"), ([HEADER], "HEADER_ONLY"), ([ROW], "COLUMN_MISSING")],
)
def test_sheets_without_data(content: list[list[str]], fault: str) -> None:
    assert refusal(workbook(sheets={"a": content}), "a.xlsx")[0] == fault


# --- hostile --------------------------------------------------------------------------------------------------


def test_two_cells_in_far_corners() -> None:
    words = (
        "工作表太大(最多 1000 列、3000000 段不同的文字)。",
        "请删除数据右侧多余的内容;数据确实很多时,另存为“CSV UTF-8”上传。",
    )
    assert refusal(far_corners(), "a.xlsx") == ("SHEET_TOO_LARGE", 1048576, "", *words)


@pytest.mark.parametrize(
    "xml",
    [
        '<row r="2"><c r="A1"><v>1</v></c></row>',
        '<row><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="2"><c/></row><row r="2"><c/></row>',
        '<row r="0"/>',
        '<row r="99999999"/>',
        *(f'<row r="1"><c r="{bad}"><v>1</v></c></row>' for bad in ("A0", "1A", "ABCD1", "A12345678", "A-1", "A１")),
        '<row><c t="s"><v>999</v></c></row>',
        '<row><c t="s"><v>x</v></c></row>',
        '<row><c t="s"><v>-1</v></c></row>',
        '<row><c s="-1"><v>1</v></c></row>',
        "<row><c><v>1_0</v></c></row>",
        '<row><c s="999"><v>1</v></c></row>',
        "<row><c><v>NaN</v></c></row>",
        "<row><c><v>1e999</v></c></row>",
        "<row><c><v>eins</v></c></row>",
        "<a>" * 60,
        "".join(f"<a{n}/>" for n in range(600)),
        "<row>",
        '<a b="' + "x" * 6_000_000 + '"/>',
    ],
    ids=itertools.count(),
)
def test_sheets_that_can_be_read_in_two_ways_or_not_at_all(xml: str) -> None:
    fault, _line, *words = refusal(by_hand(xml), "a.xlsx")
    assert (fault, *words) == BROKEN


def test_counts_that_ask_for_memory_are_not_believed() -> None:
    """calamine reserves what the attribute says, and the process ends."""
    data = workbook(HEADER, ROW)
    for path in ("xl/sharedStrings.xml", "xl/styles.xml"):
        data = spoilt(data, path, members(data)[path].replace(b'ount="', b'ount="4294967295'))
    assert cells(data) == [(2, ROW)]


def test_a_cell_beyond_reason() -> None:
    data = by_hand(f'<row><c t="str"><v>{"x" * 5_000_000}</v></c></row>')
    assert refusal(data, "a.xlsx")[0] == "CELL_TOO_LARGE"
    shared = f"<sst><si><t>{'x' * 5_000_000}</t></si></sst>".encode()
    assert refusal(spoilt(workbook(HEADER, ROW), "xl/sharedStrings.xml", shared), "a.xlsx")[0] == "CELL_TOO_LARGE"


def test_entities_that_multiply() -> None:
    assert refusal(laughs(), "a.xlsx") == (BROKEN[0], 0, *BROKEN[1:])


def test_no_document_type_is_needed() -> None:
    rows_of_two = "<row><c><v>1</v></c></row><row><c><v>2</v></c></row>"
    assert cells(by_hand(rows_of_two)) == [(2, ["2"])]
    assert refusal(by_hand(rows_of_two, before="<!DOCTYPE worksheet>"), "a.xlsx")[0] == "SHEET_BROKEN"


def test_a_part_that_unpacks_to_a_hundred_times_its_size() -> None:
    assert refusal(bomb("xl/workbook.xml", megabytes=40), "a.xlsx")[0] == "ARCHIVE_BOMB"


def test_macros() -> None:
    words = ("文件带有宏,出于安全不接收。", SAVE_XLSX)
    book = workbook(HEADER, ROW)
    assert refusal(book, "a.xlsm") == ("FORMAT_MACRO", 0, "", *words)
    assert refusal(spoilt(book, "xl/vbaProject.bin", b"x"), "a.xlsx")[0] == "FORMAT_MACRO"
    types = b'<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
    assert refusal(spoilt(book, "[Content_Types].xml", types), "a.xlsx")[0] == "FORMAT_MACRO"


@pytest.mark.parametrize("path", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels"])
@pytest.mark.parametrize("content", [b"<a><b></a>", b"", b"\xff\xfe<", b'<?xml version="1.0" encoding="klingon"?><a/>'])
def test_a_broken_part(path: str, content: bytes) -> None:
    fault, _line, *words = refusal(spoilt(workbook(HEADER, ROW), path, content), "a.xlsx")
    assert (fault, *words) == BROKEN


@pytest.mark.parametrize("path", [SHEET, "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"])
def test_a_missing_part(path: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in members(workbook(HEADER, ROW)).items():
            if name != path:
                made.writestr(name, data)
    assert refusal(out.getvalue(), "a.xlsx")[0] == "SHEET_BROKEN"


def test_old_and_locked_excel() -> None:
    words = ("这是旧版 Excel(.xls)或加了密码的文件,不能读取。", SAVE_XLSX)
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert refusal(old, "a.xls") == refusal(old, "a.xlsx") == ("FORMAT_OLD_EXCEL", 0, "", *words)
