"""How a case becomes public, by real acts: rated, dispatched, followed by the sweep, looked at by Lin.

press = Press(cast)
one = press.draft(text="窗口不收现金")        # a case with a draft
public = press.publish(one)                    # as the draft has it
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from disclosure import actions
from disclosure.models import Disclosure, PublicCase
from rectification.enums import State
from rectification.models import Case
from tests.factories import NOW, Cast

SAID = "窗口要求重复提交身份证复印件,跑了三趟。"


class Press:
    def __init__(self, cast: Cast) -> None:
        self.cast = cast

    def follow(self, *, at: datetime = NOW) -> int:
        """The sweep."""
        return actions.prepare_disclosures(at=at)

    def of(self, case: Case) -> Disclosure:
        return Disclosure.objects.select_related("case__unit__region").get(case=case)

    def draft(
        self, text: str = SAID, *, state: State = State.DISPATCHED, at: datetime = NOW, level: int = 1
    ) -> Disclosure:
        """A case that has come to a state, and its draft."""
        case = self.cast.upto(self.cast.rate(level, text=text, at=at), state, at=at)
        self.follow(at=at)
        return self.of(case)

    def publish(self, one: Disclosure, **how: Any) -> PublicCase:
        return actions.publish_disclosure(one, **{"by": self.cast.lin, "at": NOW, **how})

    def public(self, text: str = SAID, *, state: State = State.DISPATCHED, **how: Any) -> PublicCase:
        """A case that everybody can read."""
        return self.publish(self.draft(text, state=state), **how)
