"""连续靠后: a unit that stays low climbs the ladder; one that recovers is taken off (docs/accountability.md)."""

from oversight.courses.core import Course, Step, Who
from oversight.enums import DossierAct, FollowAct, FollowStage

R, V = FollowStage.RUNNING, FollowStage.RECOVERED
BOTH = frozenset({R, V})

COURSE = Course(
    prefix="KH",
    stages=FollowStage,
    acts=FollowAct,
    first=R,
    steps=(
        Step(FollowAct.RECORD_VISIT, BOTH, who=Who.CONCERNED),
        Step(FollowAct.RECORD_LETTER, BOTH, who=Who.CONCERNED),
        Step(FollowAct.RECORD_TALK, BOTH),
        Step(FollowAct.STEP, frozenset({R})),
        Step(FollowAct.STAY, frozenset({R})),
        Step(FollowAct.SKIP, frozenset({R})),
        Step(FollowAct.RECOVER, frozenset({R}), V),
        Step(DossierAct.CLOSE, BOTH, FollowStage.CLOSED),
        Step(DossierAct.ADD_FILE, BOTH),
        Step(DossierAct.DROP, BOTH, FollowStage.DROPPED),
    ),
    tasking=BOTH,
)
