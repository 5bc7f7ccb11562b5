"""What other systems have sent in the demo city: a file with some rows amiss, one to be confirmed, and a partner."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from common.actors import Actor
from evaluations.access.intake import RUNS_INTAKE
from evaluations.actions.batches import start_batch
from evaluations.actions.partners import register_partner
from evaluations.actions.running import run_batches
from evaluations.actions.uploads import receive_file
from evaluations.enums import BatchKind, Scope, ServiceSource, SigningMethod
from evaluations.models import Batch, Source
from organizations.actions.core import authorise
from organizations.models import ServiceItem, Staff, Window

HEADER = ["办件编号", "满意度", "测评标签", "评价内容", "评价时间", "评价渠道", "是否默认评价", "部门编码", "事项编码"]
PERSONAL = ["手机号", "评价人"]
ROWS = 60
# Row → cells that are amiss: what people who keep such files know.
AMISS: dict[int, dict[str, str]] = {
    7: {"满意度": "6"},
    13: {"评价时间": "05/06/07"},
    19: {"测评标签": "115", "满意度": "4"},
    23: {"办件编号": "3.70600E+17"},
    31: {"是否默认评价": ""},
    37: {"部门编码": "3706-OLD-08", "事项编码": ""},
    38: {"部门编码": "3706-OLD-08", "事项编码": ""},
    39: {"部门编码": "3706-OLD-08", "事项编码": ""},
    44: {"事项编码": "0" * 31, "部门编码": ""},
    51: {"部门编码": "", "事项编码": ""},
    52: {"部门编码": "", "事项编码": ""},
    57: {"手机号": "138000"},
}


def send_files(*, now: datetime) -> None:
    """Sends them as the system administrator would, and takes the first one in."""
    by = authorise(Staff.objects.get(username="xu"), RUNS_INTAKE)
    source = Source.objects.get(pk=ServiceSource.HALL)
    [batch] = _sent("评价器导出.csv", _table(HEADER, now), source, by, now)
    start_batch(batch, batch.plan["columns"], dry_run=False, by=by, at=now)
    run_batches(at=now, only=[batch.pk])
    _sent(
        "大厅平板(待核对).csv", _table(["结论" if name == "满意度" else name for name in HEADER], now), source, by, now
    )
    register_partner(
        "演示排队叫号系统",
        source=source,
        scopes=[Scope.SERVICES, Scope.RATINGS],
        method=SigningMethod.HMAC,
        by=by,
        at=now,
    )


def _sent(name: str, content: bytes, source: Source, by: Actor, now: datetime) -> list[Batch]:
    return receive_file(ContentFile(content, name), name, source=source, kind=BatchKind.RATINGS, by=by, at=now)


def _table(header: Sequence[str], now: datetime) -> bytes:
    """Sixty rows in GB 18030, as most offices send them; nobody in them is unhappy, so no case is born."""
    items = list(ServiceItem.objects.filter(unit__in=Window.objects.values("unit")).select_related("unit")[:20])
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([*header, *PERSONAL])
    writer.writerows(_row(number, items[number % len(items)], now) for number in range(ROWS))
    return text.getvalue().encode("gb18030")


def _row(number: int, item: ServiceItem, now: datetime) -> list[str]:
    at = timezone.localtime(now - timedelta(days=3, minutes=7 * number))
    cells = {
        "办件编号": f"3706002026DEMO{number:06d}",
        "满意度": str(5 if number % 9 else 4),
        "评价时间": f"{at:%Y-%m-%d %H:%M:%S}",
        "评价渠道": "评价器",
        "是否默认评价": "0",
        "部门编码": item.unit.code,
        "事项编码": item.code,
        "手机号": f"1380000{number:04d}",
        "评价人": "王演示",
        **AMISS.get(number, {}),
    }
    return [cells.get(name, "") for name in (*HEADER, *PERSONAL)]
