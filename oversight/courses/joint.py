"""多部门联动: worked on together, resolved, and done when every citizen concerned was told (docs/joint.md)."""

from oversight.courses.core import Course, Step, Who
from oversight.enums import DossierAct, JointAct, JointStage

N, R = JointStage.OPEN, JointStage.RESOLVED

COURSE = Course(
    prefix="LD",
    stages=JointStage,
    acts=JointAct,
    first=N,
    steps=(
        Step(JointAct.ADD_ENTRY, frozenset({N, R})),
        Step(JointAct.LEAD_ENTRY, frozenset({N, R}), who=Who.CONCERNED),
        Step(JointAct.RESOLVE, frozenset({N}), R),
        Step(DossierAct.CLOSE, frozenset({R}), JointStage.CLOSED),
        Step(JointAct.JOIN_CASES, frozenset({N})),
        Step(JointAct.ADD_CO_HANDLERS, frozenset({N})),
        Step(JointAct.TELL_CITIZEN, frozenset({R})),
        Step(JointAct.GO_BACK, frozenset({R}), N),
        Step(DossierAct.DROP, frozenset({N}), JointStage.DROPPED),
    ),
    tasking=frozenset({N, R}),
)
