"""Prints one demo account per role with one line of what to try."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import override

from evaluations.actions import make_rating_link
from evaluations.enums import LinkKind
from evaluations.models import Service
from evaluations.queries import unrated
from organizations.models import Staff
from reviews_portal.demo.people import ACCOUNTS, PASSWORD


class Command(BaseCommand):
    help = "Prints the demo accounts and the address of a service nobody has rated yet."

    def handle(self, *args: Any, **options: Any) -> None:
        if not Staff.objects.filter(demo=True).exists():
            return
        self.stdout.write(f"演示账号 demo accounts: {settings.PORTAL_URL}/desk/  密码 password: {PASSWORD}")
        for account, name, role, _unit, hint in ACCOUNTS:
            self.stdout.write(f"  {account:6} {role.label} {name}: {hint}")
            with override("en"):
                self.stdout.write(f"         {role.label}: {hint}")
        service = unrated(Service.objects.all()).order_by("-served_at").first()
        if service is not None:
            token = make_rating_link(service, kind=LinkKind.SLIP, at=timezone.now())
            self.stdout.write(f"  评价 rate a service: {settings.PORTAL_URL}/r/{token}/")
