"""Makes a frozen quarter again from raw rows; says what differs, and ends with 1 if anything does."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessment.enums import Grain
from assessment.models import Quarter
from assessment.periods import Period, read_period
from assessment.queries.rebuild import rebuild


class Command(BaseCommand):
    help = "Makes the scores of a frozen quarter again from raw rows, as they were known at its cut; changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("quarter", help="such as 2026Q3 or 2026-Q3")
        parser.add_argument(
            "--check", action="store_true", help="ends with 1 unless everything is the same, bit for bit"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        period = self._period(options["quarter"])
        quarter = Quarter.objects.filter(begins=period.begins, frozen_at__isnull=False).first()
        if quarter is None:
            raise CommandError(f"{period.name} is not frozen")
        made = rebuild(quarter)
        self.stdout.write(f"{period.name}: {made.scores} scores from raw rows as of {quarter.as_of:%F %T%z}")
        self.stdout.write(f"kept  {quarter.fingerprint}\nmade  {made.fingerprint}")
        for one in made.different:
            self.stdout.write(str(one))
        if options["check"] and not made.same(quarter):
            raise CommandError(f"{len(made.different)} scores differ from what was frozen")
        if made.same(quarter):
            self.stdout.write("the same, bit for bit")

    def _period(self, name: str) -> Period:
        try:
            period = read_period(name if "-" in name else f"{name[:4]}-{name[4:]}")
        except ValueError as error:
            raise CommandError(f"no quarter: {name}") from error
        if period.grain != Grain.QUARTER:
            raise CommandError(f"no quarter: {name}")
        return period
