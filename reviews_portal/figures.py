"""Settings of figures and scores (domain.md §10, §16); docs/operations.md lists every variable."""

import environ
from django.core.exceptions import ImproperlyConfigured

_env = environ.Env()

GOOD_THRESHOLD_LEVEL = _env.int("GOOD_THRESHOLD_LEVEL", 3)
# Of the levels 1 to 5, for the mean score; only Guangdong publishes one (domain.md §3.1).
LEVEL_SCORES = dict(enumerate(_env.list("LEVEL_SCORES", cast=int, default=[0, 3, 6, 8, 10]), start=1))
if len(LEVEL_SCORES) != 5:
    raise ImproperlyConfigured("LEVEL_SCORES: five whole numbers, for the levels 1 to 5, such as 0,3,6,8,10")
# How many ratings, and how many cases, a figure needs before it is compared with others.
RANK_MIN_SAMPLE = _env.int("RANK_MIN_SAMPLE", 30)
CASE_MIN_SAMPLE = _env.int("CASE_MIN_SAMPLE", 10)
BASELINE_YEAR = _env.int("BASELINE_YEAR", 2020)
# 同类问题复发: the same unit and problem class again within so many days. 逾期较久: more than so many working days.
REPEAT_DAYS = _env.int("REPEAT_DAYS", 90)
OVERDUE_FAR_DAYS = _env.int("OVERDUE_FAR_DAYS", 5)
