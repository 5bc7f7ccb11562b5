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
# 季度考核: days after a quarter's end until its data are checked and its scores shown, working days for objections, and
# how long before the freeze facts are cut off: longer than any transaction (CELERY_TASK_TIME_LIMIT), so that whatever
# tells a time before the cut is there to be counted. CLOSE_QUARTERS switches the schedule off.
QUARTER_PREVIEW_DAYS = _env.int("QUARTER_PREVIEW_DAYS", 10)
QUARTER_OBJECTION_DAYS = _env.int("QUARTER_OBJECTION_DAYS", 5)
QUARTER_SETTLE_MINUTES = _env.int("QUARTER_SETTLE_MINUTES", 10)
CLOSE_QUARTERS = _env.bool("CLOSE_QUARTERS", True)
SIMULATED_QUARTERS = _env.int("SIMULATED_QUARTERS", 4)
# 差评分析: corrections until classes are suggested; 差评 of one class that a unit has in a quarter until 专项整治
# may be begun; in how many texts a new topic stands at least, and how likely one may be by chance among all looked at.
CLASS_SUGGEST_CORRECTIONS = _env.int("CLASS_SUGGEST_CORRECTIONS", 20)
CAMPAIGN_CLASS_MIN = _env.int("CAMPAIGN_CLASS_MIN", 3)
TOPIC_MIN_CASES = _env.int("TOPIC_MIN_CASES", 3)
TOPIC_CHANCE = _env.float("TOPIC_CHANCE", 0.05)
