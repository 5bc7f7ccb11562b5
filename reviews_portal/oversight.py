"""Settings of oversight: campaigns (domain.md §12); docs/operations.md lists every variable."""

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
