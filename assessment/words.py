"""Periods and numbers as people say them. Pure."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessment.enums import Grain
from assessment.periods import Period


def period_words(period: Period) -> str:
    """2026年11月, 2026年第4季度, 2026年."""
    if period.grain == Grain.MONTH:
        return date_format(period.begins, "YEAR_MONTH_FORMAT")
    year = period.begins.year
    if period.grain == Grain.QUARTER:
        return _("%(year)s年第%(quarter)s季度") % {"year": year, "quarter": period.quarter}
    return _("%(year)s年") % {"year": year} if period.grain == Grain.YEAR else date_format(period.begins, "DATE_FORMAT")
