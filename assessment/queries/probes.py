"""Questions about 自检: has a rating come into the figures, and how did the last one fare."""

from __future__ import annotations

from django.db.models import Sum
from django.utils import timezone

from assessment.models import Probe, UnitDay
from evaluations.enums import Origin
from evaluations.models import Evaluation
from evaluations.queries import day_start


def is_counted(rating: Evaluation) -> bool:
    """Whether a rating of the origin 系统自检 is among those left out of its unit's day, where received adds up."""
    day = timezone.localdate(rating.rated_at)
    same = {"unit": rating.unit_id, "origin": Origin.TEST, "channel": rating.channel}
    until_it = Evaluation.objects.filter(pk__gte=day_start(day), pk__lte=rating.pk, **same).count()
    counted = UnitDay.objects.filter(begins=day, **same).aggregate(found=Sum("left_out", default=0))
    return bool(counted["found"] >= until_it)


def last_probe() -> Probe | None:
    """The newest that has come to its end, well or not."""
    return Probe.objects.exclude(counted=None, failure="").first()
