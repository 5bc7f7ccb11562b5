"""A tablet on a window's desk, enrolled as a real one is, and a browser that holds its key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core import signing
from django.test import Client

from evaluations.actions import add_device, call_service, enrol_device
from evaluations.models import Device, Service
from tests.factories import NOW, Cast

HERE = "127.0.0.0/24"


@dataclass
class Tablet:
    """One device and its key."""

    device: Device
    secret: str

    @property
    def cookie(self) -> str:
        """The cookie as its browser keeps it."""
        return signing.Signer(salt="tablet").sign(self.secret)

    def client(self, **options: Any) -> Client:
        """A browser on the tablet."""
        client = Client(**options)
        client.cookies["tablet"] = self.cookie
        return client


def put_up(cast: Cast, *, at: datetime = NOW, network: str = HERE, **facts: Any) -> Tablet:
    """A tablet at the cast's window, put up by its supervisor and enrolled with the code."""
    facts = {"name": "A12 评价器", "window": cast.window, "by": cast.zheng, **facts}
    _device, code = add_device(at=at, **facts)
    enrolled = enrol_device(code, network=network, at=at)
    assert enrolled is not None
    return Tablet(*enrolled)


def call(cast: Cast, *, at: datetime = NOW, number: str = "370600202611230001", **facts: Any) -> Service:
    """A service that the cast's window has just called."""
    facts = {"window": cast.window, "item": cast.item, "served_at": at, "staff": cast.rated, **facts}
    return call_service(project_number=number, service_number=1, at=at, **facts).service
