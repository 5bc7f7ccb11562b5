"""局长走流程: planned with a department, walked step by step, its obstacles put right (docs/field.md)."""

from oversight.courses.core import Course, Step, Who
from oversight.enums import DossierAct, WalkAct, WalkStage

P, W, F = WalkStage.PLANNED, WalkStage.WALKED, WalkStage.FIXING

COURSE = Course(
    prefix="ZL",
    stages=WalkStage,
    acts=WalkAct,
    first=P,
    steps=(
        Step(WalkAct.WALK, frozenset({P}), W, Who.EITHER),
        Step(WalkAct.ASSIGN, frozenset({W, F}), F),
        Step(DossierAct.CLOSE, frozenset({W, F}), WalkStage.CLOSED),
        Step(WalkAct.RECORD, frozenset({W, F}), None, Who.EITHER),
        Step(DossierAct.ADD_FILE, frozenset({W, F}), None, Who.EITHER),
        Step(DossierAct.CHANGE, frozenset({P})),
        Step(DossierAct.DROP, frozenset({P, W, F}), WalkStage.DROPPED),
    ),
    tasking=frozenset({W, F}),
)
