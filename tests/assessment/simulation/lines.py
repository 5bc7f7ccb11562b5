"""Rows of the real tables by COPY: what the search reads is what a portal's doors would have written."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from common.ids import uuid7
from evaluations.models import Evaluation, RatingTrace, Service

SOURCE = "hall"


@dataclass
class Given:
    """A service and where it was given."""

    unit: int
    window: int
    number: str
    served_at: datetime
    rated: bool = False


@dataclass
class Said:
    """A rating, and from where it came."""

    unit: int
    window: int
    at: datetime
    level: int = 5
    tags: tuple[str, ...] = ()
    text: str = ""
    channel: str = "window_qr"
    origin: str = "active"
    service: Given | None = None
    received_at: datetime | None = None
    device: str = ""
    network: str = ""
    tablet: int | None = None
    staff: bool = False
    evaluator: uuid.UUID | None = None
    entered_by: int | None = None
    source: str = SOURCE


@dataclass
class Lines:
    """What is to be written, and how.

    case: to which every negative rating is tied. item: of every service.
    """

    case: int
    item: int
    services: list[str] = field(default_factory=list)
    ratings: list[str] = field(default_factory=list)
    traces: list[str] = field(default_factory=list)

    def serve(self, given: Iterable[Given]) -> None:
        for one in given:
            moment = one.served_at.isoformat()
            self.services.append(
                f"{uuid7(one.served_at)}\t{SOURCE}\t{one.number}\t1\t{self.item}\t{one.unit}\t{one.window or NULL}\t"
                f"{moment}\t{moment}\t\t\n"
            )

    def rate(self, said: Iterable[Said]) -> None:
        for one in said:
            pk, number = uuid7(one.at), one.service.number if one.service else ""
            cells = (
                pk,
                one.at.isoformat(),
                (one.received_at or one.at).isoformat(),
                one.level,
                "{" + ",".join(one.tags) + "}",
                one.text,
                one.channel,
                one.origin if one.service or one.origin != "active" else "unmatched",
                "t" if one.origin == "default" else "f",
                "service" if one.service else "window",
                one.source,
                number,
                1 if one.service else 0,
                1,
                one.unit,
                self.item,
                one.window or NULL,
                one.evaluator or NULL,
                self.case if one.level <= 2 else NULL,
                one.entered_by or NULL,
                "t" if one.level <= 2 else "f",
                "",
                "",
            )
            self.ratings.append("\t".join(map(str, cells)) + "\n")
            if one.device or one.network or one.tablet or one.staff:
                self.traces.append(
                    f"{pk}\t{one.device}\t{one.network}\t{one.tablet or NULL}\t{'t' if one.staff else 'f'}\n"
                )

    def write(self) -> None:
        """Sends all of it to the database and begins anew."""
        with connection.cursor() as cursor:
            for table, columns, lines in (
                (Service._meta.db_table, SERVICE, self.services),
                (Evaluation._meta.db_table, RATING, self.ratings),
                (RatingTrace._meta.db_table, TRACE, self.traces),
            ):
                cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", io.StringIO("".join(lines)))
                lines.clear()


NULL = "\\N"
SERVICE = (
    "id, source, project_number, service_number, item_id, unit_id, window_id, served_at, received_at,"
    " service_name, applicant_index"
)
RATING = (
    "id, rated_at, received_at, level, tags, text, channel, origin, is_default, target, source, project_number,"
    " service_number, assess_number, unit_id, item_id, window_id, evaluator_id, case_id, entered_by_id, negative,"
    " topic, consent_version"
)
TRACE = "evaluation_id, device, network, tablet_id, staff"
