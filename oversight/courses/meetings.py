"""季度联席会议: prepared, held, its minutes issued, its resolutions followed up (docs/meetings.md)."""

from oversight.courses.core import Course, Step
from oversight.enums import DossierAct, MeetingAct, MeetingStage

P, H, F = MeetingStage.PREPARING, MeetingStage.HELD, MeetingStage.FOLLOWING

COURSE = Course(
    prefix="LX",
    stages=MeetingStage,
    acts=MeetingAct,
    first=P,
    steps=(
        Step(MeetingAct.DRAFT_AGENDA, frozenset({P})),
        Step(MeetingAct.CALL, frozenset({P})),
        Step(MeetingAct.HOLD, frozenset({P}), H),
        Step(MeetingAct.ISSUE_MINUTES, frozenset({H}), F),
        Step(DossierAct.CLOSE, frozenset({F}), MeetingStage.CLOSED),
        Step(MeetingAct.ADD_ITEM, frozenset({P})),
        Step(MeetingAct.CHANGE_ITEM, frozenset({P})),
        Step(MeetingAct.REMOVE_ITEM, frozenset({P})),
        Step(MeetingAct.RECORD_ATTENDANCE, frozenset({H})),
        Step(MeetingAct.WRITE_MINUTES, frozenset({H})),
        Step(DossierAct.ADD_TASK, frozenset({H, F})),
        Step(MeetingAct.CORRECT_MINUTES, frozenset({F})),
        Step(DossierAct.CHANGE, frozenset({P})),
        Step(DossierAct.ADD_FILE, frozenset({H, F})),
        Step(DossierAct.DROP, frozenset({P}), MeetingStage.DROPPED),
    ),
    tasking=frozenset({H, F}),
)
