"""Files of ratings as another system exports them. All people and numbers in them are invented."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

from django.core.files.base import ContentFile

from common.actors import SYSTEM
from evaluations.actions.batches import start_batch
from evaluations.actions.running import run_batches
from evaluations.actions.uploads import receive_file
from evaluations.enums import BatchKind
from evaluations.models import Batch, Source
from tests.factories import NOW, Cast

NAMES = {
    "project_number": "办件编号",
    "level": "满意度",
    "tags": "测评标签",
    "text": "评价内容",
    "rated_at": "评价时间",
    "channel": "评价渠道",
    "is_default": "是否默认评价",
    "unit_code": "部门编码",
    "item_code": "事项编码",
    "phone": "手机号",
    "name": "评价人",
}
HEADER = list(NAMES.values())


def rating_cells(cast: Cast, number: int, level: int | str = 5, **more: str) -> list[str]:
    """One row, good as it is; `more` replaces cells by their canonical names."""
    values = {
        "project_number": f"3706002026FILE{number:06d}",
        "level": str(level),
        "rated_at": f"2026-11-20 10:{number // 60 % 60:02d}:{number % 60:02d}",
        "channel": "4",
        "is_default": "0",
        "unit_code": cast.unit.code,
        "item_code": cast.item.code,
        "text": "没有样本" if level in (1, 2) else "",
        "phone": "13800000001",
        "name": "王演示",
        **more,
    }
    return [values.get(name, "") for name in NAMES]


def csv_of(rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER, encoding: str = "utf-8-sig") -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def zip_of(**members: bytes) -> bytes:
    """A zip; names of members end in .csv."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.csv", content)
    return target.getvalue()


def received(
    content: bytes,
    name: str = "评价.csv",
    *,
    source: str = "hall",
    kind: BatchKind = BatchKind.RATINGS,
    now: bool = True,
) -> list[Batch]:
    """The batches that a person would see after sending a file."""
    where = Source.objects.get(pk=source)
    return receive_file(ContentFile(content, name), name, source=where, kind=kind, by=SYSTEM, at=NOW, now=now)


def taken_in(content: bytes, name: str = "评价.csv", *, dry_run: bool = False, **more: object) -> Batch:
    """A file sent, its guessed columns confirmed, and taken in."""
    [batch] = received(content, name, **more)  # type: ignore[arg-type]
    start_batch(batch, batch.plan["columns"], dry_run=dry_run, by=SYSTEM, at=NOW)
    run_batches(at=NOW)
    batch.refresh_from_db()
    return batch


def counts(batch: Batch) -> dict[str, int]:
    """What became of the rows, and that nothing is lost on the way."""
    names = ("received", "stored", "duplicates", "quarantined", "held", "refused")
    found = {name: getattr(batch, name) for name in names}
    assert found["received"] == sum(found.values()) - found["received"]
    return {name: count for name, count in found.items() if count}


def stored_files(folder: Path) -> list[str]:
    """The names of what lies in the storage."""
    return sorted(path.name for path in (folder / "intake").glob("*"))
