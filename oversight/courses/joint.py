"""多部门联动: worked on together, resolved, and done when every citizen concerned was told (docs/joint.md)."""

from oversight.courses.core import Course, Step, Who
from oversight.enums import DossierAct, JointAct, JointStage

O, R = JointStage.OPEN, JointStage.RESOLVED

COURSE = Course(
    prefix="LD",
    stages=JointStage,
    acts=JointAct,
    first=O,
    steps=(
        Step(JointAct.ADD_ENTRY, frozenset({O, R})),
        Step(JointAct.LEAD_ENTRY, frozenset({O, R}), who=Who.CONCERNED),
        Step(JointAct.RESOLVE, frozenset({O}), R),
        Step(DossierAct.CLOSE, frozenset({R}), JointStage.CLOSED),
        Step(JointAct.JOIN_CASES, frozenset({O})),
        Step(JointAct.ADD_CO_HANDLERS, frozenset({O})),
        Step(JointAct.TELL_CITIZEN, frozenset({R})),
        Step(JointAct.GO_BACK, frozenset({R}), O),
        Step(DossierAct.DROP, frozenset({O}), JointStage.DROPPED),
    ),
    tasking=frozenset({O, R}),
)
