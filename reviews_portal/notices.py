"""Settings of the quarterly notice (domain.md §12); docs/operations.md lists every variable."""

import environ

_env = environ.Env()

# 发文机关, 主送, 抄送; and 文号, of which {year} and {serial} are filled in when it is signed.
NOTICE_ISSUER = _env.str("NOTICE_ISSUER", "烟台市行政审批服务局")
NOTICE_ADDRESSEES = _env.str("NOTICE_ADDRESSEES", "各区市人民政府(管委),市政府有关部门:")
NOTICE_COPIES = _env.list("NOTICE_COPIES", default=["省政府办公厅", "市纪委监委机关", "市委组织部"])
NOTICE_NUMBER = _env.str("NOTICE_NUMBER", "烟审服通〔{year}〕{serial}号")
# Whether a notice waits until the scores of its quarter are frozen.
NOTICE_REQUIRES_FREEZE = _env.bool("NOTICE_REQUIRES_FREEZE", True)
# Whether the portal drafts the notice of a quarter as soon as it is frozen.
NOTICE_DRAFTS = _env.bool("NOTICE_DRAFTS", True)
# Demands, in working days after signing: overdue cases, the answer to the notice, and a campaign against what recurs.
NOTICE_OVERDUE_DAYS = _env.int("NOTICE_OVERDUE_DAYS", 5)
NOTICE_ANSWER_DAYS = _env.int("NOTICE_ANSWER_DAYS", 10)
NOTICE_CAMPAIGN_DAYS = _env.int("NOTICE_CAMPAIGN_DAYS", 20)
# 典型案例: within how many working days a reply is quick, and how many of each side are offered.
NOTICE_QUICK_DAYS = _env.int("NOTICE_QUICK_DAYS", 5)
NOTICE_CASES_OFFERED = _env.int("NOTICE_CASES_OFFERED", 20)
# 催阅: after how many days without 已阅 a unit is reminded, and again.
NOTICE_REMIND_DAYS = _env.int("NOTICE_REMIND_DAYS", 3)
