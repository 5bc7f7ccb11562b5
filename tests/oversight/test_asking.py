"""What a unit is asked runs by the clock of every duty: warned of once each time, counted again, and sealed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from common.models import AuditEntry, Notice
from organizations.actions import set_calendar_day
from organizations.enums import DayKind
from organizations.models import Staff
from oversight import actions
from oversight.enums import ClueAct
from oversight.models import Statement
from reviews_portal.words import kind_words
from tests.factories import NOW, Cast
from tests.oversight.clues import ANSWER, HOUR, QUESTION, SECRET, asked, raised

DAY_OFF = date(2026, 11, 26)


def told(person: Staff) -> list[str]:
    return list(Notice.objects.filter(staff=person).order_by("pk").values_list("kind", flat=True))


def test_a_unit_is_warned_once_each_time_and_reads_nothing_that_is_sealed(cast: Cast) -> None:
    one = asked(cast, raised(cast))
    assert actions.warn_statements(at=NOW) == 0
    moment = one.next_warning_at
    while moment is not None:
        assert actions.warn_statements(at=moment) == 1
        assert actions.warn_statements(at=moment) == 0
        one.refresh_from_db()
        moment = one.next_warning_at
    warnings = [kind for kind in told(cast.zheng) if kind.startswith("due.")]
    assert warnings[-1] == "due.overdue.statement"
    assert len(set(warnings)) == len(warnings) >= 2
    assert "说明" in kind_words(warnings[0])
    assert not [kind for kind in told(cast.qian) if kind.startswith("due.")]
    for note in Notice.objects.filter(staff=cast.zheng):
        assert SECRET not in note.text
        assert QUESTION not in note.text


def test_nobody_is_warned_once_there_is_an_answer(cast: Cast) -> None:
    one = asked(cast, raised(cast))
    actions.answer_question(one, ANSWER, by=cast.zheng, at=NOW + HOUR)
    assert actions.warn_statements(at=one.due_at + timedelta(days=1)) == 0


def test_a_day_off_gives_a_day_more_and_leaves_history(cast: Cast) -> None:
    row = raised(cast)
    one = asked(cast, row)
    was = one.due_at
    set_calendar_day(DAY_OFF, kind=DayKind.HOLIDAY, name="演示放假", source="演示", by=cast.xu, at=NOW)
    assert actions.recount_statements(at=NOW, year=2026) == 1
    one.refresh_from_db()
    assert timezone.localdate(one.due_at) == timezone.localdate(was) + timedelta(days=1)
    assert actions.recount_statements(at=NOW, year=2026) == 0
    moved = row.events.get(act=ClueAct.MOVE_DUE).data
    assert [datetime.fromisoformat(moved[name]) for name in ("old", "new")] == [was, one.due_at]
    assert AuditEntry.objects.filter(action="sealed.move_due").count() == 1
    assert actions.lapse_questions(at=was + HOUR) == 0


def test_an_answer_keeps_the_time_it_had(cast: Cast) -> None:
    one, other = asked(cast, raised(cast)), asked(cast, raised(cast))
    actions.answer_question(one, ANSWER, by=cast.zheng, at=NOW + HOUR)
    set_calendar_day(DAY_OFF, kind=DayKind.HOLIDAY, name="演示放假", source="演示", by=cast.xu, at=NOW)
    assert actions.recount_statements(at=NOW, year=2028) == 0
    assert actions.recount_statements(at=NOW, year=2026) == 1
    kept = Statement.objects.get(pk=one.pk)
    assert (kept.due_at, Statement.objects.get(pk=other.pk).due_at > one.due_at) == (one.due_at, True)
