"""Loads what every installation needs: regions, working days, rules, tags, sources, tables of the months ahead."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from appeals.seed import load_grounds
from evaluations.actions import make_partitions_ahead
from evaluations.seed import load_sources, load_tags
from organizations.reference import read_table
from organizations.seed import FOLDER, load_calendar, load_regions
from rectification.seed import load_duty_rules


class Command(BaseCommand):
    help = "Loads regions, working days, duty rules, tags, sources and grounds of appeals; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        load_regions(read_table(FOLDER, "divisions"))
        load_calendar(at=timezone.now())
        load_duty_rules()
        load_tags()
        load_sources()
        load_grounds()
        make_partitions_ahead(today=timezone.localdate())
        self.stdout.write("reference data loaded")
