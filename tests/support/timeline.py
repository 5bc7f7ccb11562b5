"""A case's time line as a person would read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from organizations.enums import Role
from rectification.enums import Action, State
from rectification.words import event_words

Ask = Callable[..., list[tuple]]
WEEKDAYS = "一二三四五六日"
STATES = {state.value: state.label for state in State}
ROLES = {role.value: role.label for role in Role}
EVENTS = (
    "SELECT e.at AT TIME ZONE 'Asia/Shanghai', e.action, e.from_state, e.to_state, e.data,"
    " e.actor_name, e.actor_role, e.actor_unit, e.note, r.reply"
    " FROM rectification_caseevent e LEFT JOIN rectification_report r ON r.id = (e.data->>'report')::bigint"
    " WHERE e.case_id = %s ORDER BY e.id"
)


def timeline(ask: Ask, number: str) -> Iterator[str]:
    """The lines of one case, from the rating to the sign-off and after: when, who, what, in what words.

    Args:
        ask: runs SQL against the portal's database (`Portal.query`).
        number: of the case.
    """
    [(key, unit, text, state)] = ask(
        "SELECT id, unit_name, text, state FROM rectification_case WHERE number = %s", number
    )
    yield f"── {number} · {unit} · “{text}” · {STATES.get(state, state)}"
    for at, action, source, target, data, who, role, office, note, reply in ask(EVENTS, key):
        place = f"({ROLES.get(role, role)},{office})" if office else ""
        words = [note, f"“{reply}”" if action == Action.SEND_REPLY else ""]
        said = "".join(f"\n        {word}" for word in words if word)
        day = f"{at:%m月%d日}(周{WEEKDAYS[at.weekday()]}){at:%H:%M}"
        yield f"  {day}  {who}{place} {event_words(action, data, source, target)}{said}"
