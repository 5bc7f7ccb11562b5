"""The clock of what gathers from all apps."""

from celery import shared_task
from django.utils import timezone

from reviews_portal.digest import send_digests as send


@shared_task
def send_digests() -> int:
    return send(at=timezone.now())
