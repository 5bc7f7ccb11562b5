"""专项整治: planned, looked for, put right, signed off. Its scope stands from the start on (docs/campaigns.md)."""

from oversight.courses.core import Course, Step
from oversight.enums import CampaignAct, CampaignStage, DossierAct

P, S, F, G = CampaignStage.PLANNED, CampaignStage.SURVEYING, CampaignStage.FIXING, CampaignStage.SIGNING

COURSE = Course(
    prefix="ZX",
    stages=CampaignStage,
    acts=CampaignAct,
    first=P,
    steps=(
        Step(CampaignAct.START, frozenset({P}), S),
        Step(CampaignAct.SHARE_OUT, frozenset({S})),
        Step(CampaignAct.FINISH_SURVEY, frozenset({S}), F),
        Step(CampaignAct.ASK_SIGN_OFF, frozenset({F}), G),
        Step(DossierAct.CLOSE, frozenset({G}), CampaignStage.CLOSED),
        Step(CampaignAct.GO_BACK, frozenset({G}), F),
        Step(DossierAct.CHANGE, frozenset({P})),
        Step(DossierAct.ADD_FILE, frozenset({S, F, G})),
        Step(DossierAct.DROP, frozenset({P, S, F}), CampaignStage.DROPPED),
    ),
    tasking=frozenset({S, F}),
)
