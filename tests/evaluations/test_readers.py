"""Files of ratings: the broken kinds 1 to 25 of reliability.md §7.3, by their numbers, errors word for word.

Kinds that come in whole say so by their content. What only the validator can name (16, 17, 25) goes on to it.
"""

from __future__ import annotations

import io
from pathlib import Path

import msgspec
import pytest

from evaluations.enums import FaultCode
from evaluations.readers import Inspection, ReadLimits, Unreadable, inspect, normalised, rows
from tests.corpus.tables import HEADER, ROW, json_lines, row, table, text

REQUIRED = ("办件编号", "满意度")
SAVE_UTF8 = "请用 Excel 或 WPS 打开原始数据,另存为“CSV UTF-8”后重新上传。"
EXPORT_AGAIN = "请从原系统重新导出后上传。"
QUOTES = "含逗号、换行或引号的内容要用一对英文双引号括起来,里面的引号写两遍。请改好后重新上传整个文件。"


def look(data: bytes, name: str = "评价.csv") -> Inspection:
    return inspect(
        io.BytesIO(data), name, required=REQUIRED, level="满意度", is_negative=lambda cell: cell in ("1", "2")
    )


def read(data: bytes, name: str = "评价.csv", *, start: int = 0) -> list[tuple[int, list[str]]]:
    return list(rows(io.BytesIO(data), look(data, name), start=start))


def cells(data: bytes, name: str = "评价.csv") -> list[list[str]]:
    return [found for _line, found in read(data, name)]


def refusal(data: bytes, name: str = "评价.csv") -> tuple[str, int, str, str, str]:
    """What is said about a file that is not taken: name of the fault, line, column, reason, remedy."""
    with pytest.raises(Unreadable) as caught:
        look(data, name)
    found = caught.value
    return found.fault.code.name, found.line, found.column, found.reason, found.fix


def mixed(line: int, before: str) -> tuple[str, int, str, str, str]:
    words = f"从这一行起,文字编码与前面不同(前面是 {before}),同一文件混用了两种编码。"
    return "ENCODING_MIXED", line, "", words, SAVE_UTF8


# --- encoding -------------------------------------------------------------------------------------------------

RARE = row(c3="𠮷野家㐂寿司,服务很好")


def test_01_rare_letters_of_gb18030() -> None:
    data = table(RARE, encoding="gb18030")
    assert look(data).encoding == "gb18030"
    assert cells(data) == [RARE]


def test_02_header_in_utf8_and_rows_in_gbk() -> None:
    data = text([HEADER]).encode() + text([ROW, ROW]).encode("gbk")
    assert refusal(data) == mixed(2, "UTF-8")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", ["\ufeff", ""])
def test_03_utf16_with_and_without_mark(encoding: str, mark: str) -> None:
    data = (mark + text([HEADER, RARE, row(c3="一上不丁")], delimiter="\t")).encode(encoding)
    assert look(data).encoding == ("utf-16" if mark else encoding)
    assert cells(data) == [RARE, row(c3="一上不丁")]


def test_04_byte_order_mark_of_utf8() -> None:
    data = table(ROW, encoding="utf-8-sig")
    found = look(data)
    assert (found.encoding, found.header[0]) == ("utf-8-sig", "办件编号")
    assert cells(data) == [ROW]


@pytest.mark.parametrize(("first", "then"), [("utf-8", "gbk"), ("utf-8-sig", "gb18030")])
def test_05_utf8_with_gbk_further_down(first: str, then: str) -> None:
    data = table(ROW, ROW, encoding=first) + text([ROW]).encode(then)
    assert refusal(data) == mixed(4, "UTF-8")


@pytest.mark.parametrize(
    "said", ["满意", "办得很快谢谢", "很好,服务热情", "等了三小时", "谢谢你", "好", "芝罘区公安局"]
)
def test_05_gbk_with_utf8_further_down(said: str) -> None:
    """Bytes of UTF-8 are mostly proper GBK: the words give them away, not the bytes."""
    plain = row(c2="510", c3="ok")
    data = table(ROW, ROW, encoding="gbk") + text([[*plain[:3], said, *plain[4:]]]).encode()
    assert refusal(data) == mixed(4, "GB18030")


def test_05_gbk_with_other_bytes_further_down() -> None:
    assert refusal(table(ROW, encoding="gbk") + b"1,5,,\xff\xfe,,,\n") == mixed(3, "GB18030")


def test_05_a_letter_between_two_pieces_of_the_file_is_no_mixture() -> None:
    """Its first half, at the end of the first megabyte, could be of either encoding."""
    data = b"id,text\n" + b"1,abcd\n" * ((1 << 20) // 7 - 2)
    data += b"1," + b"x" * ((1 << 20) - len(data) - 3) + "姹".encode("gbk") + b"\n"
    assert data[(1 << 20) - 1] == 0xE6
    assert inspect(io.BytesIO(data), "a.csv").encoding == "gb18030"


def test_05_names_of_rare_letters_are_not_a_mixture() -> None:
    """婊辨纯 in GBK is proper UTF-8 as well, but of letters that nobody writes."""
    data = table(row(c3="婊辨纯"), row(c3="汪淼"), encoding="gbk")
    assert cells(data)[0][3] == "婊辨纯"


def test_05_two_readings_are_not_guessed() -> None:
    data = text([["办件编号", "满意度"]]).replace("办件编号", "id").replace("满意度", "level").encode() + "路,5".encode(
        "gbk"
    )
    with pytest.raises(Unreadable) as caught:
        inspect(io.BytesIO(data), "a.csv", required=["id"])
    assert (caught.value.fault.code, caught.value.line) == (FaultCode.ENCODING_UNCLEAR, 2)
    assert caught.value.reason == "文字既可以按 UTF-8 也可以按 GBK 来读,无法确定。"


@pytest.mark.parametrize(("encoding", "cut"), [("utf-8", 1), ("utf-8", 2), ("gbk", 1), ("utf-16", 1), ("gb18030", 1)])
def test_06_cut_in_the_middle_of_a_letter(encoding: str, cut: int) -> None:
    data = table(ROW, row(c6="单位"), encoding=encoding, end="\n")
    end = len("\n".encode(encoding)) - len("".encode(encoding))
    assert refusal(data[: -end - cut]) == (
        "CHARACTER_CUT",
        3,
        "",
        "文件在一个字的中间结束,后面的内容很可能丢失了。",
        "请重新导出或重新传输完整的文件。",
    )


def test_06_cut_in_the_only_letter() -> None:
    """What is left of it is a whole letter in GBK."""
    assert refusal(b"a,b\n1,\xe6\xbb")[:2] == ("CHARACTER_CUT", 2)


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-16"])
def test_07_nul(encoding: str) -> None:
    data = table(ROW, row(c3="谢\0谢"), encoding=encoding)
    assert refusal(data) == ("NUL", 3, "", "含有空字符(NUL),文件可能损坏或不是文本。", EXPORT_AGAIN)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_08_half_of_a_pair(encoding: str) -> None:
    data = text([HEADER, ROW, row(c3="谢\ud800谢")]).encode(encoding, "surrogatepass")
    words = ("含有残缺的字符(孤立的代理项),无法保存。", EXPORT_AGAIN)
    assert refusal(data) == ("SURROGATE", 3, "", *words)
    assert refusal(b'{"a": "\\ud800"}\n', "a.ndjson") == ("SURROGATE", 1, "", *words)


def test_unknown_encodings() -> None:
    assert refusal(table(ROW, encoding="utf-32"))[0] == "ENCODING_UNKNOWN"
    assert refusal(b"a,b\n\xff\xff\xff\xff,2\n")[:2] == ("ENCODING_UNKNOWN", 2)


# --- shape ----------------------------------------------------------------------------------------------------


def test_09_missing_column() -> None:
    data = text([["满意度", "办件号"], ["5", "1"]]).encode()
    fix = "请在第一行表头写上这些列名;表头之前不要有标题行。"
    assert refusal(data) == ("COLUMN_MISSING", 1, "办件编号", "找不到必需的列:办件编号。", fix)


def test_09_one_of_several_names_suffices() -> None:
    data = io.BytesIO(text([["projectNo", "level"], ["1", "5"]]).encode())
    assert inspect(data, "a.csv", required=[("办件编号", "projectNo"), ("满意度", "level")]).rows == 1
    with pytest.raises(Unreadable, match="column_missing") as caught:
        inspect(data, "a.csv", required=[("评价编号", "assessNo")])
    assert caught.value.reason == "找不到必需的列:评价编号/assessNo。"


def test_10_more_columns_than_needed() -> None:
    data = text([[*HEADER, "备注", ""], [*ROW, "x", ""]]).encode()
    assert look(data).header[-2:] == ("备注", "")
    assert cells(data) == [[*ROW, "x", ""]]


def test_11_columns_in_another_order() -> None:
    found = look(text([HEADER[::-1], row(c1="1")[::-1]]).encode())
    assert found.names == tuple(HEADER[::-1])
    assert found.negatives == (0,)


def test_12_one_name_twice() -> None:
    data = text([[*HEADER, " 满意 度"], [*ROW, "1"]]).encode()
    fix = "请删除或改名其中一列,使每个列名只出现一次。"
    assert refusal(data) == ("COLUMN_TWICE", 1, "满意 度", "列名“满意 度”出现了不止一次。", fix)


def test_13_header_with_spaces_and_full_width() -> None:
    given = ["　办件编号 ", "满 意 度", "ＬｅｖｅｌＣＯＤＥ", "时间（北京）", "\ufeffx", "y", "z"]
    found = look(text([given, ROW]).encode())
    assert found.header == tuple(given)
    assert found.names == ("办件编号", "满意度", "levelcode", "时间(北京)", "x", "y", "z")
    assert normalised("Level Code") == normalised("ｌｅｖｅｌｃｏｄｅ")


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\r\n\r\n", b" ,\n"])
def test_14_empty_file(data: bytes) -> None:
    assert refusal(data) == ("EMPTY_FILE", 0, "", "文件里没有内容。", EXPORT_AGAIN)


def test_15_header_only() -> None:
    expected = ("HEADER_ONLY", 1, "", "文件只有表头,没有数据。", EXPORT_AGAIN)
    assert refusal(table()) == refusal(table() + b"\r\n,,,\r\n") == expected


def test_16_and_17_short_and_long_rows_come_out_as_they_are() -> None:
    """The validator names them (test_rows)."""
    assert read(table(ROW[:4], [*ROW, "x"], ROW)) == [(2, ROW[:4]), (3, [*ROW, "x"]), (4, ROW)]


def test_18_blank_lines_keep_the_numbers_true() -> None:
    data = b"\n" + table(ROW, end="\n") + b"\n , \n,,,,,,\n" + text([ROW, ROW], end="\n").encode()
    found = look(data)
    assert (found.rows, found.blanks) == (3, 4)
    assert [line for line, _ in read(data)] == [3, 7, 8]
    assert read(data, start=2) == [(8, ROW)]


def test_19_quote_never_closed() -> None:
    data = table(ROW) + b'37,1,108,"\xe6\xb2\xa1\xe5\x85\xb3\n' + table(ROW, ROW)
    words = "从这一行开始的引号没有成对,后面的行会被当成同一个单元格。"
    assert refusal(data) == ("QUOTE_UNCLOSED", 3, "", words, QUOTES)


def test_19_quote_closed_by_another_rows_quote() -> None:
    """Without a look at it, three rows would have become one that looks proper."""
    lines = ['a,1,"坏了,t,c,u,', "b,5,,t,c,u,", 'c,2,坏",t,c,u,']
    data = table(ROW, end="\n") + "\n".join(lines).encode() + b"\n"
    assert refusal(data)[:2] == ("QUOTE_UNCLOSED", 3)


def test_20_quotes_inside() -> None:
    assert cells(table(row(c3='他说"好"'))) == [row(c3='他说"好"')]
    unquoted = ",".join(row(c2="510", c3='他说"好"')).encode()
    assert cells(table() + unquoted) == [row(c2="510", c3='他说"好"')]
    stray = table() + ",".join(row(c2="510", c3='"他"说"好"')).encode()
    assert refusal(stray) == ("QUOTE_STRAY", 2, "", "结束的引号后面还有文字,无法确定单元格到哪里为止。", QUOTES)


def test_21_line_break_in_a_cell() -> None:
    said = row(c3="第一行\r\n第二行\n第三行")
    assert read(table(said, ROW)) == [(2, said), (5, ROW)]


@pytest.mark.parametrize("delimiter", ["\t", ";", "，", ","])
def test_22_other_separators(delimiter: str) -> None:
    data = table(ROW, delimiter=delimiter)
    assert look(data).delimiter == delimiter
    assert cells(data) == [ROW]


def test_22_separators_that_cannot_be_told_apart() -> None:
    data = "编号,满意;度\n1,2;3\n".encode()
    with pytest.raises(Unreadable) as caught:
        inspect(io.BytesIO(data), "a.csv")
    words = "表头按不同的分隔符都能分成多列,无法确定是哪一种。"
    assert (caught.value.reason, caught.value.fix) == (words, "请统一用英文逗号分隔后重新上传。")


def test_23_carriage_returns_only() -> None:
    assert read(table(ROW, row(c3="a\rb"), ROW, end="\r")) == [(2, ROW), (3, row(c3="a\rb")), (5, ROW)]


def test_24_a_million_rows(tmp_path: Path) -> None:
    path = tmp_path / "year.csv"
    with path.open("wb") as out:
        out.write(table())
        for first in range(0, 1_000_000, 1000):
            lines = (
                f"37{n:012d},{1 if n == 654_321 else 5},,,2026-11-20 09:30:00,3,u\r\n"
                for n in range(first, first + 1000)
            )
            out.write("".join(lines).encode())
    found = inspect(path, path.name, required=REQUIRED, level="满意度", is_negative=lambda cell: cell in ("1", "2"))
    assert (found.rows, found.negatives, len(found.preview)) == (1_000_000, (654_321,), 50)
    line, negative = next(rows(path, found, start=654_321))
    assert (line, negative[0], negative[1]) == (654_323, "37000000654321", "1")
    assert sum(1 for _ in rows(path, found, start=999_990)) == 10


def test_25_a_cell_of_a_megabyte_is_not_cut() -> None:
    said = row(c3="好" * 1_000_000)
    assert cells(table(said)) == [said]
    assert len(look(table(said)).preview[0][1][3]) == 201


def test_25_a_cell_beyond_reason() -> None:
    words = ("有一个单元格超过 4194304 个字符。", "请检查是否缺少引号,或误把附件内容放进了表格。")
    assert refusal(table(row(c3='",' + "好\n" * 40 + "x" * 5_000_000))) == ("CELL_TOO_LARGE", 2, "", *words)
    assert refusal(table(row(c3="x" * 9_000_000)))[0] == "LINE_TOO_LONG"


# --- reading on -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", range(6))
@pytest.mark.parametrize("end", ["\n", "\n\n"])
def test_reading_goes_on_from_any_row(start: int, end: str) -> None:
    data = table(*(row(c0=str(n), c3="a\nb" if n == 2 else "") for n in range(5)), end=end)
    assert read(data, start=start) == read(data)[start:]


def test_another_file_than_was_inspected() -> None:
    with pytest.raises(Unreadable) as caught:
        list(rows(io.BytesIO(table(ROW, ROW)), look(table(ROW))))
    assert (caught.value.fault.code, caught.value.reason) == (FaultCode.FILE_CHANGED, "文件与检查时不同。")


@pytest.mark.parametrize(("most", "complete"), [(20, True), (19, False)])
def test_negatives_are_kept_up_to_a_limit(most: int, complete: bool) -> None:
    data = io.BytesIO(table(*(row(c1=str(n % 5 + 1)) for n in range(50))))
    limits = ReadLimits(negatives=most)
    found = inspect(data, "a.csv", level="满意度", is_negative=lambda cell: cell in ("1", "2"), limits=limits)
    assert found.negatives == tuple(n for n in range(50) if n % 5 < 2)[:most]
    assert found.negatives_complete is complete


def test_an_inspection_can_be_kept_as_json() -> None:
    found = look(table(ROW))
    assert msgspec.json.decode(msgspec.json.encode(found), type=Inspection) == found


# --- JSON lines -----------------------------------------------------------------------------------------------


def test_json_values_as_they_were_written() -> None:
    one = {
        "办件编号": 370600000000001234567,
        "满意度": 5,
        "评价标签": ["510", 511],
        "文字评价": 'a"b,c\n\\',
        "默认": False,
    }
    two = {"满意度": "1", "办件编号": "x", "新": None}
    data = json_lines(one, two).replace(b'"x"', b"3.70E+17")
    found = look(data, "a.jsonl")
    assert (found.header, found.negatives) == (("办件编号", "满意度", "评价标签", "文字评价", "默认", "新"), (1,))
    assert cells(data, "a.jsonl") == [
        ["370600000000001234567", "5", "510,511", 'a"b,c\n\\', "0", ""],
        ["3.70E+17", "1", "", "", "", ""],
    ]


@pytest.mark.parametrize(
    ("line", "fault", "column", "reason"),
    [
        ('{"办件编号": 1', "JSON_BROKEN", "", "这一行不是完整的 JSON。"),
        ('[{"办件编号": 1}]', "JSON_NOT_OBJECT", "", "这一行不是 JSON 对象。"),
        ('{"办件编号": {"a": 1}}', "JSON_NESTED", "办件编号", "这一列的值里还有对象或文字列表。"),
        ('{"满意度": 5, "满意度": 1}', "JSON_KEY_TWICE", "满意度", "同一行里这个字段写了两次,无法确定用哪一个。"),
        ("[" * 100_000, "JSON_BROKEN", "", "这一行不是完整的 JSON。"),
        ('{"a": "\\u0000"', "JSON_BROKEN", "", "这一行不是完整的 JSON。"),
        ("\0", "NUL", "", "含有空字符(NUL),文件可能损坏或不是文本。"),
    ],
)
def test_json_that_is_refused(line: str, fault: str, column: str, reason: str) -> None:
    data = (
        b'{"\xe5\x8a\x9e\xe4\xbb\xb6\xe7\xbc\x96\xe5\x8f\xb7": 1, "\xe6\xbb\xa1\xe6\x84\x8f\xe5\xba\xa6": 5}\n\n'
        + line.encode()
    )
    assert refusal(data, "a.ndjson")[:4] == (fault, 3, column, reason)


def test_json_in_another_encoding() -> None:
    data = json_lines({"办件编号": "1", "满意度": "5"}) + '{"办件编号": "满意"}\n'.encode("gbk")
    assert refusal(data, "a.ndjson")[:2] == ("JSON_ENCODING", 2)
