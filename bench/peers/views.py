"""The barest view that stores a rating, and batches through a DRF serializer as its tutorial writes it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from rest_framework import serializers

from common.ids import uuid7
from evaluations.models import Evaluation

COLUMNS = (
    "id, rated_at, received_at, level, tags, text, channel, origin, is_default, target, topic, source, project_number,"
    " service_number, assess_number, unit_id, item_id, negative, consent_version"
)
INSERT = f"INSERT INTO evaluations_evaluation ({COLUMNS}) VALUES ({', '.join(['%s'] * 19)})"
FIELDS = ["level", "tags", "text", "channel", "is_default", "target", "source", "project_number", "service_number"]

# Most ratings have no tag; a ModelSerializer would refuse them.
EMPTY_TAGS = {"tags": {"allow_empty": True}}


def healthz(request: HttpRequest) -> HttpResponse:
    return _answer({"alive": True})


def bare(request: HttpRequest) -> HttpResponse:
    """One JSON object, one INSERT, nothing else: no signature, no check, no key, no case, no changed day."""
    said, now = json.loads(request.body), datetime.now(UTC)
    row: tuple[Any, ...] = (
        uuid7(now),
        now,
        now,
        said["level"],
        said["tags"],
        said["text"],
        "kiosk",
        "imported",
        False,
        "service",
        "",
    )
    row += ("hall", said["project_number"], 1, 1, said["unit"], said["item"], False, "")
    with connection.cursor() as cursor:
        cursor.execute(INSERT, row)
    return _answer({"id": str(row[0])}, 201)


class Plain(serializers.ModelSerializer[Evaluation]):
    """Unit and item as numbers that nobody looks up: in DRF's favour."""

    unit_id = serializers.IntegerField()
    item_id = serializers.IntegerField()
    rated_at = serializers.DateTimeField()

    class Meta:
        model = Evaluation
        fields = [*FIELDS, "rated_at", "unit_id", "item_id"]
        extra_kwargs = EMPTY_TAGS


class LookedUp(serializers.ModelSerializer[Evaluation]):
    """Unit and item as a ModelSerializer makes them by itself: looked up one by one."""

    class Meta:
        model = Evaluation
        fields = [*FIELDS, "rated_at", "unit", "item"]
        extra_kwargs = EMPTY_TAGS


def drf_plain(request: HttpRequest) -> HttpResponse:
    """Many ratings through DRF and bulk_create."""
    return _batch(request, Plain)


def drf_looked_up(request: HttpRequest) -> HttpResponse:
    """The same with units and items looked up."""
    return _batch(request, LookedUp)


def _batch(request: HttpRequest, kind: type[serializers.ModelSerializer[Evaluation]]) -> HttpResponse:
    serializer = kind(data=json.loads(request.body), many=True)
    serializer.is_valid(raise_exception=True)
    now = datetime.now(UTC)
    with transaction.atomic():
        made = Evaluation.objects.bulk_create(
            [
                Evaluation(id=uuid7(row["rated_at"]), received_at=now, origin="imported", negative=False, **row)
                for row in serializer.validated_data
            ]
        )
    return _answer({"stored": len(made)}, 201)


def _answer(said: dict[str, Any], status: int = 200) -> HttpResponse:
    body = json.dumps(said).encode()
    return HttpResponse(body, status=status, content_type="application/json", headers={"Content-Length": len(body)})
