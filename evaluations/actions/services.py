"""办件服务: what may be rated, and the links that lead there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from common.actions import record_audit
from common.ids import keyed_hash, new_token, uuid7
from evaluations.access import slip_duty
from evaluations.actions.storage import write_service
from evaluations.enums import LinkKind
from evaluations.models import RatingLink, Service, ServiceKey
from evaluations.queries import name_index, service_with
from identity.models import Evaluator
from organizations.models import ServiceItem, Staff, Unit, Window
from organizations.queries import staff_actor


def record_service(
    *,
    source: str,
    project_number: str,
    item: ServiceItem,
    unit: Unit,
    served_at: datetime,
    at: datetime,
    service_number: int = 1,
    service_name: str = "",
    window: Window | None = None,
    staff: Staff | None = None,
    applicant: str = "",
    contact: Evaluator | None = None,
) -> Service:
    """Notes a service that was given, so that it can be rated once. The same key again changes nothing.

    Args:
        at: now; `served_at` is when the service was given.
        applicant: kept as a keyed index only, to be compared with what a citizen types.
        contact: whom to invite to rate it, if the source told a number.
    """
    service = Service(
        id=uuid7(served_at),
        source=source,
        project_number=project_number,
        service_number=service_number,
        service_name=service_name,
        item=item,
        unit=unit,
        window=window,
        staff=staff,
        served_at=served_at,
        received_at=at,
        applicant_index=name_index(applicant) if applicant else "",
        contact=contact,
    )
    if write_service(service):
        return service
    known = service_with(ServiceKey.objects.get(pk=tuple(service.key.service)).row)
    if known is None:
        raise RuntimeError("a key was taken and is gone")
    return known


def make_rating_link(service: Service, *, kind: LinkKind, at: datetime) -> str:
    """A new one-time link for a service; only its hash is kept.

    Returns:
        The token, to be put behind /r/.
    """
    token = new_token(16) if kind == LinkKind.SMS else new_token()
    RatingLink.objects.create(
        token_hash=keyed_hash("rating-link", token),
        service=service,
        kind=kind,
        made_at=at,
        expires_at=at + timedelta(days=settings.RATING_LINK_DAYS),
    )
    return token


@transaction.atomic
def issue_slips(services: Sequence[Service], *, by: Staff, at: datetime) -> list[tuple[Service, str]]:
    """A one-time link for each service, to be printed. Whoever holds it can rate, so the trail says who printed it.

    Args:
        services: with their windows.

    Returns:
        The services with their tokens.

    Raises:
        PermissionDenied: one of them was not given at a window of the person's own unit.
    """
    issued = []
    for service in services:
        duty = slip_duty(by.duties, service.window.unit_id) if service.window else None
        if duty is None:
            raise PermissionDenied
        issued.append((service, make_rating_link(service, kind=LinkKind.SLIP, at=at)))
        record_audit("service.slip", ("service", str(service)[:60]), by=staff_actor(by, duty), at=at)
    return issued
