"""A case's time line as a person would read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rectification.enums import Action, State

Ask = Callable[..., list[tuple]]
WEEKDAYS = "一二三四五六日"
STATES = {state.value: state.label for state in State}
ACTS = {action.value: action.label for action in Action}


def timeline(ask: Ask, number: str) -> Iterator[str]:
    """The lines of one case, from the rating to the sign-off and after.

    Args:
        ask: runs SQL against the portal's database (`Portal.query`).
        number: of the case.
    """
    [(key, unit, text, state)] = ask(
        "SELECT id, unit_name, text, state FROM rectification_case WHERE number = %s", number
    )
    yield f"── {number} · {unit} · “{text}” · {STATES.get(state, state)}"
    for at, action, source, target, who, office, note in ask(
        "SELECT at AT TIME ZONE 'Asia/Shanghai', action, from_state, to_state, actor_name, actor_unit, note"
        " FROM rectification_caseevent WHERE case_id = %s ORDER BY id",
        key,
    ):
        moved = f" → {STATES.get(target, target)}" if source != target else ""
        place = f"({office})" if office else ""
        said = f":{note}" if note else ""
        day = f"{at:%m月%d日}(周{WEEKDAYS[at.weekday()]}){at:%H:%M}"
        yield f"  {day}  {who}{place} {ACTS.get(action, action)}{said}{moved}"
