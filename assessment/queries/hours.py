"""At which hours of the day people rate at windows, from the places of days that have been looked at."""

from __future__ import annotations

from assessment.periods import Stretch
from assessment.queries.sums import Rows, Units

HOURS = range(24)


def window_hours(days: Stretch, units: Units = None) -> dict[int, int]:
    """The ratings at windows by the hour in which they were given, silence, tests and excluded ones left out.

    Of days that nobody has looked at for suspicions yet, as the present one may be, there is nothing: it is a profile
    of the hours, and no count of the days.

    Args:
        units: that the ratings are of; None is everybody.
    """
    where = "day >= %s AND day < %s AND window_id > 0"
    rows = Rows("assessment_placeday", where, (days.begins, days.after))
    if units is not None:
        text, params = units.order_by().values("pk").query.sql_with_params()
        rows = rows.also(f"unit_id IN ({text})", *params)
    [counts] = rows.asked(", ".join(f"coalesce(sum(hours[{hour + 1}]), 0)::int" for hour in HOURS))
    return dict(zip(HOURS, counts, strict=True))
