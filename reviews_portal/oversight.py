"""Settings of oversight: campaigns, ladder, clues (domain.md §11.2, §12); docs/operations.md lists every variable."""

import environ
from django.core.exceptions import ImproperlyConfigured

_env = environ.Env()

# 专项整治: how many days before and after a campaign are compared, and in how many days after its sign-off the same
# problem is looked for again (docs/campaigns.md).
CAMPAIGN_WINDOW_DAYS = _env.int("CAMPAIGN_WINDOW_DAYS", 90)
CAMPAIGN_RECURRENCE_DAYS = sorted(set(_env.list("CAMPAIGN_RECURRENCE_DAYS", cast=int, default=[30, 90])))
if CAMPAIGN_WINDOW_DAYS < 1 or not CAMPAIGN_RECURRENCE_DAYS or CAMPAIGN_RECURRENCE_DAYS[0] < 1:
    raise ImproperlyConfigured("CAMPAIGN_WINDOW_DAYS, CAMPAIGN_RECURRENCE_DAYS: whole numbers from 1 on")
# 总览: a problem class is one of waiting if its name has one of these words.
WAITING_WORDS = _env.list("WAITING_WORDS", default=["多头跑", "多次跑", "排队"])
# How many days after a quarter's end the share of campaign tasks signed off is told to its assessment; less than
# QUARTER_PREVIEW_DAYS, so that it stands in the scores that are shown.
CAMPAIGN_SHARE_DAYS = _env.int("CAMPAIGN_SHARE_DAYS", 5)

# 局长走流程, 暗访巡查: in how many working days what was found is to be put right, unless somebody says otherwise
# (docs/field.md).
WALK_TASK_DAYS = _env.int("WALK_TASK_DAYS", 10)
INSPECTION_TASK_DAYS = _env.int("INSPECTION_TASK_DAYS", 10)
if not (1 <= WALK_TASK_DAYS <= 200 and 1 <= INSPECTION_TASK_DAYS <= 200):
    raise ImproperlyConfigured("WALK_TASK_DAYS, INSPECTION_TASK_DAYS: whole numbers from 1 to 200")

# 警示案例: whether a new entry of the file names its unit, unless its writer says otherwise (docs/field.md).
WARNING_NAMES_UNITS = _env.bool("WARNING_NAMES_UNITS", False)

# 连续靠后: the rungs in their order, each with the working days a unit has for it; a clue has none. A quarter that was
# frozen longer ago when the clock first sees it is passed over (docs/accountability.md).
RUNGS = ("site_office", "talk", "letter", "clue")
OVERSIGHT_LADDER = [
    (name, int(days or 0))
    for name, _colon, days in (
        rung.partition(":")
        for rung in _env.list("OVERSIGHT_LADDER", default=["site_office:10", "talk:10", "letter:15", "clue"])
    )
]
OVERSIGHT_LADDER_FRESH_DAYS = _env.int("OVERSIGHT_LADDER_FRESH_DAYS", 60)
_named = [name for name, _days in OVERSIGHT_LADDER]
if not _named or len(set(_named)) != len(_named) or not set(_named) <= set(RUNGS):
    raise ImproperlyConfigured(f"OVERSIGHT_LADDER: some of {', '.join(RUNGS)}, each once")
if any((days < 1) != (name == "clue") for name, days in OVERSIGHT_LADDER):
    raise ImproperlyConfigured("OVERSIGHT_LADDER: every rung but a clue has working days, as in talk:10")

# 问责线索: how many times a problem comes again, how many working days a rectification is overdue, how many are in a
# quarter, and how often a reported fix did not hold before a rule proposes a clue; facts older than this many days are
# nobody's news; days a unit has to answer; for how long an earlier level counts for the next one.
CLUE_REPEAT_MIN = _env.int("CLUE_REPEAT_MIN", 2)
CLUE_OVERDUE_DAYS = _env.int("CLUE_OVERDUE_DAYS", 10)
CLUE_OVERDUE_MIN = _env.int("CLUE_OVERDUE_MIN", 3)
CLUE_UNSOLVED_MIN = _env.int("CLUE_UNSOLVED_MIN", 2)
CLUE_FRESH_DAYS = _env.int("CLUE_FRESH_DAYS", 90)
CLUE_ANSWER_DAYS = _env.int("CLUE_ANSWER_DAYS", 5)
CLUE_LEVEL_DAYS = _env.int("CLUE_LEVEL_DAYS", 365)
if min(CLUE_REPEAT_MIN, CLUE_OVERDUE_DAYS, CLUE_OVERDUE_MIN, CLUE_UNSOLVED_MIN, CLUE_FRESH_DAYS, CLUE_ANSWER_DAYS) < 1:
    raise ImproperlyConfigured("CLUE_…: whole numbers from 1 on")

# 任务: within how many working days what a unit has reported is looked at; it is when it stands in the inbox as due.
TASK_CHECK_DAYS = _env.int("TASK_CHECK_DAYS", 3)
if not 1 <= TASK_CHECK_DAYS <= 30:
    raise ImproperlyConfigured("TASK_CHECK_DAYS: a whole number from 1 to 30")
