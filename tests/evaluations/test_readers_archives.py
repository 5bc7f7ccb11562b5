"""Formats and archives: what a file is, what a zip may hold, and that none of it costs more memory than it should."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from evaluations.readers import ReadLimits, Unreadable, inspect, rows
from tests.corpus.tables import ROW, archive, bomb, far_corners, json_lines, laughs, row, table, workbook
from tests.evaluations.test_readers import look, refusal
from tests.support.source import ROOT

# --- formats --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("评价.xlsx", table(ROW)),
        ("评价.csv", workbook(["办件编号", "满意度"], ["1", "5"])),
        ("评价.zip", workbook(["办件编号"], ["1"])),
        ("评价.xlsx", archive({"a.csv": table(ROW)})),
        ("评价.csv", b"<html><table><tr><td>"),
        ("评价.csv", b"%PDF-1.7"),
        ("评价.ndjson", b"\x1f\x8b\x08"),
        ("评价.zip", b"Rar!\x1a\x07"),
    ],
    ids=["text", "workbook as text", "workbook as archive", "archive as workbook", "page", "paper", "gzip", "rar"],
)
def test_an_extension_that_lies(name: str, data: bytes) -> None:
    extension = name.rpartition(".")[2]
    reason = f"文件名以 .{extension} 结尾,内容却不是这种格式。"
    fix = "请不要直接改扩展名,用原程序另存为需要的格式。"
    assert refusal(data, name) == ("FORMAT_DIFFERS", 0, "", reason, fix)


@pytest.mark.parametrize("name", ["a.docx", "a", "csv", "a.csv.exe", ".ods"])
def test_formats_that_are_not_read(name: str) -> None:
    assert refusal(table(ROW), name)[:4] == ("FORMAT_UNKNOWN", 0, "", "不支持这种文件。")


@pytest.mark.parametrize("name", ["a.CSV", "a.txt", "a.b.tsv"])
def test_names_of_text(name: str) -> None:
    assert look(table(ROW, delimiter="\t"), name).rows == 1


# --- zip ------------------------------------------------------------------------------------------------------


def test_each_file_of_a_zip_is_a_part() -> None:
    packed = archive(
        {
            "一月/评价.csv": table(ROW, row(c1="1"), encoding="gbk"),
            "__MACOSX/一月/._评价.csv": b"x",
            "二月.xlsx": workbook(["满意度", "办件编号"], ["5", "7"]),
            "三月.jsonl": json_lines({"办件编号": "8", "满意度": 2}),
        }
    )
    whole = look(packed, "评价.zip")
    assert (whole.format, whole.rows, len(whole.parts)) == ("zip", 4, 3)
    assert [(p.member, p.format, p.rows, p.negatives) for p in whole.parts] == [
        ("一月/评价.csv", "csv", 2, (1,)),
        ("二月.xlsx", "xlsx", 1, ()),
        ("三月.jsonl", "ndjson", 1, (0,)),
    ]
    read = [list(rows(io.BytesIO(packed), part)) for part in whole.parts]
    assert read == [[(2, ROW), (3, row(c1="1"))], [(2, ["5", "7"])], [(1, ["8", "2"])]]
    assert list(rows(io.BytesIO(packed), whole.parts[0], start=1)) == [(3, row(c1="1"))]
    with pytest.raises(ValueError, match="parts"):
        next(rows(io.BytesIO(packed), whole))


def test_a_broken_file_of_a_zip_is_named() -> None:
    with pytest.raises(Unreadable) as caught:
        look(archive({"好.csv": table(ROW), "坏.csv": table(ROW, row(c3="\0"))}), "a.zip")
    assert (caught.value.member, caught.value.line) == ("坏.csv", 3)


@pytest.mark.parametrize(
    "path", ["../a.csv", "/etc/a.csv", "C:/a.csv", "..\\a.csv", "x/../../a.csv", "\\\\host\\a.csv", "a\n.csv"]
)
def test_paths_that_lead_out(path: str) -> None:
    words = ("压缩包里有绝对路径、上级目录或链接。", "请把数据文件直接放在压缩包里,重新压缩后上传。")
    assert refusal(archive({"好.csv": table(ROW), path: table(ROW)}), "a.zip") == ("ARCHIVE_PATH", 0, "", *words)


def test_links() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        link = zipfile.ZipInfo("a.csv")
        link.external_attr = 0o120777 << 16
        made.writestr(link, "/etc/passwd")
    assert refusal(out.getvalue(), "a.zip")[0] == "ARCHIVE_PATH"


def test_zip_in_zip() -> None:
    inner = archive({"a.csv": table(ROW)})
    words = ("压缩包里还有压缩包。", "请先解开里面的压缩包,再把数据文件压缩上传。")
    assert refusal(archive({"b.zip": inner}), "a.zip") == ("ARCHIVE_NESTED", 0, "", *words)
    assert refusal(archive({"b.csv": inner}), "a.zip")[0] == "FORMAT_DIFFERS"


def test_too_many_files() -> None:
    assert refusal(archive({f"{n}.csv": table(ROW) for n in range(101)}), "a.zip") == (
        "ARCHIVE_TOO_MANY",
        0,
        "",
        "压缩包里的文件超过 100 个。",
        "请分几个压缩包上传。",
    )


def test_a_directory_too_large_to_look_at() -> None:
    data = archive({f"{n:05d}.csv": b"" for n in range(20_000)})
    assert refusal(data, "a.zip")[3] == "压缩包里的文件超过 10485 个。"


def test_a_second_directory_that_overrules_the_first() -> None:
    """The one for more than 65,535 files may name any size; what has it is larger than we read."""
    data = archive({"a.csv": table(ROW)})
    at = data.rfind(b"PK\x05\x06")
    start = data.find(b"PK\x01\x02")
    second = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 1, 1, at - start, start)
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, at, 1)
    made = data[:at] + second + locator + data[at:]
    assert zipfile.ZipFile(io.BytesIO(made)).namelist() == ["a.csv"]
    assert refusal(made, "a.zip")[0] == "ARCHIVE_BOMB"


def test_a_file_that_unpacks_to_a_hundred_times_its_size() -> None:
    reason = "解压后的大小或压缩比超出限制(最多 8192 MB、200 倍)。"
    expected = ("ARCHIVE_BOMB", 0, "", reason, "请拆成几个较小的文件上传。")
    assert refusal(bomb("a.csv", megabytes=40), "a.zip") == expected


def test_files_that_are_more_than_is_allowed_together() -> None:
    data = archive({"a.csv": table(ROW), "b.csv": table(ROW)})
    with pytest.raises(Unreadable, match="archive_bomb"):
        inspect(io.BytesIO(data), "a.zip", limits=ReadLimits(unpacked=len(table(ROW)) * 2 - 1))


def test_an_archive_that_understates_its_size() -> None:
    """The directory says 9 bytes; the checksum of the first nine is then another."""
    data = bytearray(archive({"a.csv": table(ROW)}))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (9).to_bytes(4, "little")
    assert refusal(bytes(data), "a.zip")[:4] == ("ARCHIVE_BROKEN", 0, "", "压缩包不完整或已损坏。")


def test_locked_cut_and_empty_archives() -> None:
    data = bytearray(archive({"a.csv": table(ROW)}))
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(data), "a.zip")[0] == "ARCHIVE_LOCKED"
    assert refusal(bytes(data[:-30]), "a.zip")[0] == "ARCHIVE_BROKEN"
    assert refusal(archive({}), "a.zip")[0] == refusal(archive({"a/": b""}), "a.zip")[0] == "EMPTY_FILE"


# --- memory ---------------------------------------------------------------------------------------------------

PROBE = """
import os, resource, sys
from evaluations.readers import Unreadable, inspect, rows

def used():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) >> 20

before = used()
for path in sys.argv[1:]:
    try:
        found = inspect(path, os.path.basename(path))
        count = sum(1 for _ in rows(path, found))
        print(count, end=" ")
    except Unreadable as refusal:
        print(refusal.fault.code.name, end=" ")
print(used() - before)
"""


def probe(*paths: Path) -> tuple[list[str], int]:
    """What became of files in a process of their own, and by how many MB it grew at most."""
    done = subprocess.run([sys.executable, "-c", PROBE, *paths], cwd=ROOT, capture_output=True, text=True, check=True)
    *results, grown = done.stdout.split()
    return results, int(grown)


def test_large_files_take_no_more_memory_than_small_ones(tmp_path: Path) -> None:
    big, endless, quote = tmp_path / "big.csv", tmp_path / "endless.csv", tmp_path / "quote.csv"
    lines = table(ROW) + table(*[ROW] * 20_000)[len(table()) :]
    with big.open("wb") as out, quote.open("wb") as other:
        other.write(b'a,b\n1,"')
        for _ in range(20):
            out.write(lines)
            other.write(lines.replace(b'"', b""))
    endless.write_bytes(b"a,b\n" + b"x" * 100_000_000)
    results, grown = probe(big, endless, quote)
    assert results == ["400039", "LINE_TOO_LONG", "QUOTE_UNCLOSED"]
    assert grown <= 80


def test_hostile_files_end_nothing(tmp_path: Path) -> None:
    made = {
        "corners.xlsx": far_corners(),
        "laughs.xlsx": laughs(),
        "bomb.zip": bomb("a.csv", megabytes=300),
        "bomb.xlsx": bomb("xl/workbook.xml", megabytes=300),
    }
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
    results, grown = probe(*(tmp_path / name for name in made))
    assert results == ["SHEET_TOO_LARGE", "SHEET_BROKEN", "ARCHIVE_BOMB", "ARCHIVE_BOMB"]
    assert grown <= 80
