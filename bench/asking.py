"""Requests as partners and citizens send them, made beforehand."""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

import bench.ready  # noqa: F401 - makes Django ready
from bench.load import request
from bench.rows import Kind, Ratings, message
from common.actors import SYSTEM
from common.ids import keyed_hash, new_token, uuid7
from evaluations.actions import make_partitions_ahead
from evaluations.actions.partners import register_partner
from evaluations.enums import LinkKind, Scope, SigningMethod
from evaluations.envelopes import HmacKey, new_nonce, sign
from evaluations.keys import THE_SERVICE
from evaluations.models import RatingLink, Service, ServiceKey, Source

# So many a minute that the limit is kept count of and never reached.
OFTEN = 100_000_000
JSON = {"Content-Type": "application/json"}


@dataclass
class Partner:
    """A system that sends ratings, and signs each request."""

    app_id: str
    key: HmacKey

    @classmethod
    def registered(cls) -> Partner:
        """A new one, for the source of the halls."""
        source = Source.objects.get(pk="hall")
        make_partitions_ahead(today=timezone.localdate())
        partner, secret = register_partner(
            "演示系统",
            source=source,
            scopes=tuple(Scope),
            method=SigningMethod.HMAC,
            by=SYSTEM,
            at=timezone.now(),
            per_minute=OFTEN,
        )
        return cls(partner.app_id, HmacKey(secret.encode()))

    def signed(self, route: str, said: Any) -> bytes:
        """A signed request."""
        body = json.dumps(said, ensure_ascii=False).encode()
        headers = sign(body, app_id=self.app_id, key=self.key, at=timezone.now(), nonce=new_nonce())
        return request(reverse(route), body, {**JSON, **headers.as_http()})


def numbered(ratings: Ratings, count: int) -> Iterator[tuple[str, Kind]]:
    """Numbers nobody has used, and what is said under them; negative ones among them as in a file."""
    every = ratings.negatives
    for number in range(count):
        negative = number % every == every // 2
        yield f"3706{ratings.series}{number:08d}", ratings.negative(number) if negative else _drawn(ratings, number)


def _drawn(ratings: Ratings, number: int) -> Kind:
    return ratings.kinds[number % len(ratings.kinds)]


def single(partner: Partner, ratings: Ratings, count: int) -> list[bytes]:
    """Signed requests of one rating each."""
    at = timezone.localtime()
    return [partner.signed("api-ratings", message(kind, number, at)) for number, kind in numbered(ratings, count)]


def batched(partner: Partner, ratings: Ratings, count: int, each: int) -> list[bytes]:
    """Signed requests of many ratings each."""
    at, every = timezone.localtime(), list(numbered(ratings, count * each))
    return [
        partner.signed(
            "api-batches",
            {
                "batch": f"{ratings.series}-{place}",
                "ratings": [message(kind, number, at) for number, kind in every[place * each : (place + 1) * each]],
            },
        )
        for place in range(count)
    ]


def bare(ratings: Ratings, count: int) -> list[bytes]:
    """The same ratings for the view that stores and asks nothing."""
    return [
        request("/bare", json.dumps(_plain(kind, number)).encode(), JSON) for number, kind in numbered(ratings, count)
    ]


def _plain(kind: Kind, number: str) -> dict[str, Any]:
    return {
        "project_number": number,
        "level": max(kind.level, 3),
        "tags": kind.tags.split(",") if kind.tags else [],
        "text": kind.text,
        "unit": kind.place.unit,
        "item": kind.place.item,
    }


def serialised(path: str, ratings: Ratings, count: int, each: int) -> list[bytes]:
    """Batches for the DRF views."""
    at, every = timezone.localtime().isoformat(), list(numbered(ratings, count * each))
    unit, item = ("unit", "item") if path.endswith("looked-up") else ("unit_id", "item_id")
    bodies = [
        [
            {
                **{name: value for name, value in _plain(kind, number).items() if name not in ("unit", "item")},
                "channel": "kiosk",
                "is_default": False,
                "target": "service",
                "source": "hall",
                "service_number": 1,
                "rated_at": at,
                unit: kind.place.unit,
                item: kind.place.item,
            }
            for number, kind in every[place * each : (place + 1) * each]
        ]
        for place in range(count)
    ]
    return [request(path, json.dumps(body, ensure_ascii=False).encode(), JSON) for body in bodies]


def forms(ratings: Ratings, count: int) -> list[bytes]:
    """Presses of the button on the page behind a one-time link, each on a service of its own."""
    every = list(numbered(ratings, count))
    secret = secrets.token_hex(16)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"{settings.CSRF_COOKIE_NAME}={secret}"}
    return [
        request(reverse("rate-link", args=[token]), _pressed(kind, secret), headers)
        for token, (_number, kind) in zip(_links(every), every, strict=True)
    ]


def _pressed(kind: Kind, secret: str) -> bytes:
    fields = [("csrfmiddlewaretoken", secret), ("nonce", new_token()), ("level", str(kind.level)), ("text", kind.text)]
    fields += [("tags", tag) for tag in kind.tags.split(",") if tag]
    fields.append(("phone", "13800000001" if kind.level < 3 else ""))
    return urlencode(fields).encode()


def _links(every: Sequence[tuple[str, Kind]]) -> list[str]:
    """Services given an hour ago, and a link to each."""
    now = timezone.now()
    served, tokens = now - timedelta(hours=1), [new_token() for _ in every]
    services = [_service(number, kind, served, now) for number, kind in every]
    Service.objects.bulk_create(services, batch_size=1000)
    ServiceKey.objects.bulk_create([_key(service) for service in services], batch_size=1000)
    links = [_link(token, service.pk, now) for token, service in zip(tokens, services, strict=True)]
    RatingLink.objects.bulk_create(links, batch_size=1000)
    return tokens


def _service(number: str, kind: Kind, served: datetime, now: datetime) -> Service:
    return Service(
        id=uuid7(served),
        source="hall",
        project_number=number,
        item_id=kind.place.item,
        unit_id=kind.place.unit,
        served_at=served,
        received_at=now,
    )


def _key(service: Service) -> ServiceKey:
    return ServiceKey(
        project_number=service.project_number,
        source=service.source,
        service_number=service.service_number,
        assess_number=THE_SERVICE,
        row=service.pk,
    )


def _link(token: str, service: uuid.UUID, now: datetime) -> RatingLink:
    return RatingLink(
        token_hash=keyed_hash("rating-link", token),
        service_id=service,
        kind=LinkKind.SLIP,
        made_at=now,
        expires_at=now + timedelta(days=1),
    )
