"""Loads what every installation needs: regions, days, rules, tags, sources, rules of classes, tables of months."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from appeals.seed import load_grounds
from assessment.seed import load_class_rules
from evaluations.actions import make_partitions_ahead
from evaluations.seed import load_sources, load_tags
from organizations.reference import read_table
from organizations.seed import FOLDER, load_calendar, load_regions
from rectification.seed import load_duty_rules


class Command(BaseCommand):
    help = (
        "Loads regions, working days, duty rules, tags, sources, grounds of appeals, rules of classes; safe to repeat."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        load_regions(read_table(FOLDER, "divisions"))
        load_calendar(at=timezone.now())
        load_duty_rules()
        load_tags()
        load_sources()
        load_grounds()
        load_class_rules(at=timezone.now())
        make_partitions_ahead(today=timezone.localdate())
        self.stdout.write("reference data loaded")
