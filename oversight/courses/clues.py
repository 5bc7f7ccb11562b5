"""问责线索: proposed or raised, the unit heard, a level proposed by one and confirmed by another, closed with proof
(docs/accountability.md). Who acts on it was let in; the unit only answers what it is asked."""

from oversight.courses.core import Course, Step, Who
from oversight.enums import ClueAct, ClueStage, DossierAct

P, R, A, W = ClueStage.PROPOSED, ClueStage.RAISED, ClueStage.ASKED, ClueStage.ANSWERED
L, F, H = ClueStage.LEVELLED, ClueStage.FINAL, ClueStage.HANDED
OPEN = frozenset({P, R, A, W, L, F, H})


def _told(act: str, froms: set[str], to: str | None = None) -> Step:
    return Step(act, frozenset(froms), to, Who.TOLD)


COURSE = Course(
    prefix="WZ",
    stages=ClueStage,
    acts=ClueAct,
    first=P,
    steps=(
        _told(ClueAct.TAKE_UP, {P}, R),
        _told(ClueAct.ASK, {R, W}, A),
        Step(ClueAct.ANSWER, frozenset({A, W}), W, Who.CONCERNED),
        _told(ClueAct.LAPSE, {A}, W),
        _told(ClueAct.PROPOSE_LEVEL, {W}, L),
        _told(ClueAct.HEAR, {A, W}),
        _told(ClueAct.CONFIRM, {L}, F),
        _told(ClueAct.REFUSE, {L}, W),
        _told(ClueAct.WRITE_LETTER, {F}),
        _told(ClueAct.HAND_OVER, {F}, H),
        _told(ClueAct.FEEDBACK, {F, H}),
        _told(DossierAct.CLOSE, {F, H}, ClueStage.CLOSED),
        _told(DossierAct.ADD_FILE, {R, A, W, L, F, H}),
        _told(ClueAct.LET_IN, set(OPEN)),
        _told(ClueAct.END_INSIDER, set(OPEN)),
        _told(ClueAct.WITHDRAW, {F, H}, W),
        _told(DossierAct.DROP, {P, R, A, W}, ClueStage.DROPPED),
    ),
    tasking=frozenset(),
    who=Who.TOLD,
)
