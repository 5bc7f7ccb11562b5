"""暗访、巡查: planned with its route, visited stop by stop, what was found put right (docs/field.md)."""

from oversight.courses.core import Course, Step, Who
from oversight.enums import DossierAct, InspectionAct, InspectionStage

P, V, F = InspectionStage.PLANNED, InspectionStage.VISITED, InspectionStage.FIXING

COURSE = Course(
    prefix="XC",
    stages=InspectionStage,
    acts=InspectionAct,
    first=P,
    steps=(
        Step(InspectionAct.VISIT, frozenset({P}), None, Who.SENT),
        Step(InspectionAct.FINISH_VISITS, frozenset({P}), V, Who.SENT),
        Step(InspectionAct.ASSIGN, frozenset({V, F}), F),
        Step(InspectionAct.OPEN_CASES, frozenset({V, F}), F),
        Step(DossierAct.CLOSE, frozenset({V, F}), InspectionStage.CLOSED),
        Step(DossierAct.CHANGE, frozenset({P})),
        Step(DossierAct.DROP, frozenset({P, V, F}), InspectionStage.DROPPED),
    ),
    tasking=frozenset({V, F}),
)
