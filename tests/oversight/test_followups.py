"""连续靠后: opened once, led up the ladder quarter by quarter, recorded by who did it, taken off when recovered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.test import override_settings

from assessment.enums import SchemeKind
from organizations.actions import Refused
from oversight import actions
from oversight.actions import Held, clues, dossiers, followups, tasks
from oversight.enums import ClueSort, FollowStage, Kind, RungKind, TaskState
from oversight.models import Clue, Dossier, FollowedQuarter, FollowUp, Rung, RungRecord
from tests.assessment.quarters import behind_the_triggers
from tests.factories import Cast
from tests.oversight.desk import jpeg
from tests.oversight.lowly import Ranks, only

HOUR = timedelta(hours=1)


def held(cast: Cast, at: object, **changes: object) -> Held:
    facts = {
        "held_on": at.date(),  # type: ignore[attr-defined]
        "who": "分管副局长",
        "findings": "等候时间长,叫号机坏",
        "place": "3 号窗口",
        "measures": "增开一个窗口",
        "result": "当日修复",
    }
    return Held(**{**facts, **changes})  # type: ignore[arg-type]


def test_low_once_is_nobodys_concern(cast: Cast) -> None:
    Ranks(cast).low()
    assert not Dossier.objects.exists()


def test_low_twice_opens_the_first_rung_with_its_task(cast: Cast) -> None:
    ranks = Ranks(cast)
    ranks.low(times=2)
    row = only()
    rung = row.rungs.get()
    assert (row.kind, row.number, row.unit) == (Kind.FOLLOW_UP, "KH-2026-001", cast.unit)
    assert "2026-Q1、2026-Q2" in row.about
    assert (rung.place, rung.kind, rung.quarter.month) == (1, RungKind.SITE_OFFICE, 4)
    assert rung.task is not None
    assert (rung.task.unit, rung.task.amount, rung.task.state) == (cast.unit, 10, TaskState.OPEN)


def test_the_clock_may_ask_as_often_as_it_likes(cast: Cast) -> None:
    ranks = Ranks(cast)
    at = ranks.low(times=2)
    for _time in range(3):
        assert actions.follow_low(at=at) == 0
    assert Dossier.objects.count() == Rung.objects.count() == 1


def test_a_quarter_gone_through_again_after_a_kill_changes_nothing(cast: Cast) -> None:
    """What a clock that was killed before its last step finds: everything there, the quarter not ticked off."""
    ranks = Ranks(cast)
    at = ranks.low(times=3)
    events = only().events.count()
    behind_the_triggers("DELETE FROM oversight_followedquarter WHERE begins >= %s", ["2026-04-01"])
    actions.follow_low(at=at)
    assert Rung.objects.count() == 2
    assert only().events.count() == events


class Killed(BaseException):
    """Past every handler of errors, as a process that is gone."""


@pytest.mark.parametrize(
    "place", ["follow_up_opened", "rung_climbed", "task.add_task", "dossier.step", "clue_proposed", "dossier.recover"]
)
def test_killed_at_any_step_it_ends_as_if_it_had_not_been(
    cast: Cast, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four quarters low and one fine, each first gone through by a clock that dies on its way."""

    def dies(name: str) -> None:
        if name == place:
            raise Killed

    ranks = Ranks(cast)
    deaths = 0
    for rank in (8, 8, 8, 8, 8, 1):
        at = ranks.frozen_at() + HOUR
        ranks.freeze({ranks.subject: rank})
        with monkeypatch.context() as patch:
            for module in (followups, clues, dossiers, tasks):
                patch.setattr(module, "failpoint", dies)
            try:
                actions.follow_low(at=at)
            except Killed:
                deaths += 1
        actions.follow_low(at=at)
    assert deaths
    row = Dossier.objects.get(kind=Kind.FOLLOW_UP)
    assert list(row.rungs.values_list("kind", flat=True)) == list(RungKind)
    assert (row.tasks.count(), Clue.objects.count(), row.stage) == (3, 1, FollowStage.RECOVERED)
    acts = list(row.events.values_list("act", flat=True))
    assert (acts.count("open"), acts.count("step"), acts.count("recover")) == (1, 3, 1)


def test_low_again_climbs_and_the_last_rung_is_a_clue_of_nobodys_yet(cast: Cast) -> None:
    ranks = Ranks(cast)
    ranks.low(times=5)
    row = Dossier.objects.get(kind=Kind.FOLLOW_UP)
    assert list(row.rungs.values_list("kind", flat=True)) == list(RungKind)
    clue = Clue.objects.select_related("dossier").get()
    assert (clue.sort, clue.source, clue.rule, clue.dossier.stage) == (ClueSort.SLACK, row, "ladder", "proposed")
    ranks.low()
    assert row.rungs.count() == 4
    assert list(row.events.values_list("act", flat=True))[-1] == "stay"


def test_recovered_with_nothing_left_is_closed_with_its_history(cast: Cast) -> None:
    ranks = Ranks(cast)
    at = ranks.low(times=2)
    visited(cast, at)
    ranks.fine()
    row = only()
    assert (row.stage, row.closed_by) == ("closed", None)
    assert "2026-Q3" in row.outcome
    assert row.follow_up.recovered_in is not None
    assert list(row.events.values_list("act", flat=True))[-2:] == ["recover", "close"]


def test_what_was_asked_is_not_forgotten_by_recovering(cast: Cast) -> None:
    ranks = Ranks(cast)
    ranks.low(times=2)
    at = ranks.fine()
    row = only()
    assert row.stage == FollowStage.RECOVERED
    assert actions.follow_low(at=at) == 0
    visited(cast, at)
    assert actions.follow_low(at=at + HOUR) == 1
    assert only().stage == "closed"


def test_without_a_rank_nobody_has_recovered(cast: Cast) -> None:
    ranks = Ranks(cast)
    ranks.low(times=2)
    ranks.fine(rank=None)
    assert only().stage == FollowStage.RUNNING
    assert list(only().events.values_list("act", flat=True))[-1] == "skip"


def test_low_for_two_more_quarters_is_a_new_follow_up(cast: Cast) -> None:
    ranks = Ranks(cast)
    visited(cast, ranks.low(times=2))
    ranks.fine()
    ranks.low(times=2)
    assert list(Dossier.objects.order_by("pk").values_list("stage", flat=True)) == ["closed", "running"]


def test_a_county_is_followed_by_its_managing_body_which_answers_to_the_city(cast: Cast) -> None:
    at = Ranks(cast).low(times=2, subject="region:370602")
    row = only()
    assert (row.unit, row.region) == (cast.county_body, cast.body.region)
    assert row in Dossier.objects.visible_to(cast.he)
    with pytest.raises(PermissionDenied):
        actions.drop_dossier(row, "不必", by=cast.he, at=at)
    actions.record_visit(row, held(cast, at), by=cast.he, at=at)


def test_a_subject_without_anybody_to_answer_is_passed_over(cast: Cast) -> None:
    Ranks(cast).low(times=2, subject="region:379999")
    assert not Dossier.objects.exists()


def test_county_schemes_are_the_countys(cast: Cast) -> None:
    Ranks(cast, SchemeKind.COUNTY).low(times=2, subject="unit:370602-GAJ")
    row = only()
    assert row.region.code.startswith("370602")
    assert FollowUp.objects.get().scheme == SchemeKind.COUNTY
    assert row in Dossier.objects.visible_to(cast.he)
    assert row not in Dossier.objects.visible_to(cast.song)


def test_old_quarters_are_nobodys_news(cast: Cast) -> None:
    ranks = Ranks(cast)
    ranks.freeze({ranks.subject: 8})
    ranks.freeze({ranks.subject: 8})
    assert actions.follow_low(at=ranks.frozen_at() + timedelta(days=90)) == 0
    assert FollowedQuarter.objects.count() == 2


@override_settings(OVERSIGHT_LADDER=[("talk", 3)])
def test_the_ladder_is_a_setting(cast: Cast) -> None:
    Ranks(cast).low(times=3)
    assert list(Rung.objects.values_list("kind", flat=True)) == [RungKind.TALK]


# --- records --------------------------------------------------------------------------------------------------


def visited(cast: Cast, at: object) -> None:
    """The leader was at the window, and Qian signs it off."""
    row = only()
    actions.record_visit(row, held(cast, at), by=cast.zheng, at=at)  # type: ignore[arg-type]
    actions.sign_off_task(row.tasks.get(), by=cast.qian, at=at + HOUR)  # type: ignore[operator]


def test_a_visit_is_recorded_and_reported_in_one(cast: Cast) -> None:
    at = Ranks(cast).low(times=2)
    row = only()
    actions.record_visit(row, held(cast, at), by=cast.zheng, at=at, pictures=[jpeg()])
    task = row.tasks.get()
    record = RungRecord.objects.get()
    assert (task.state, task.pictures.count()) == (TaskState.REPORTED, 1)
    assert "分管副局长" in task.fix
    assert (record.place, record.by) == ("3 号窗口", cast.zheng)


def test_a_rung_is_not_reported_without_its_record(cast: Cast) -> None:
    at = Ranks(cast).low(times=2)
    with pytest.raises(Refused, match="记录"):
        actions.report_task(only().tasks.get(), "去过了", by=cast.zheng, at=at)


def test_what_was_sent_back_is_reported_again(cast: Cast) -> None:
    at = Ranks(cast).low(times=2)
    row = only()
    actions.record_visit(row, held(cast, at), by=cast.zheng, at=at)
    actions.return_task(row.tasks.get(), "没有写措施", by=cast.qian, at=at + HOUR)
    actions.record_visit(row, held(cast, at, measures="换叫号机"), by=cast.zheng, at=at + HOUR)
    assert RungRecord.objects.count() == 2


def test_a_talk_is_the_supervisors_and_its_demands_the_units(cast: Cast) -> None:
    ranks = Ranks(cast)
    visited(cast, ranks.low(times=2))
    at = ranks.low()
    row = only()
    said = held(cast, at, who="市局分管领导", with_whom="该局主要负责人", place="", result="")
    with pytest.raises(PermissionDenied):
        actions.record_talk(row, said, by=cast.zheng, at=at)
    actions.record_talk(row, said, by=cast.qian, at=at)
    task = row.rungs.get(kind=RungKind.TALK).task
    assert task is not None
    assert task.state == TaskState.OPEN
    actions.report_task(task, "要求已逐条落实", by=cast.zheng, at=at)


@pytest.mark.parametrize("who", ["song", "lin", "qian", "he"])
def test_only_the_unit_records_its_visit(cast: Cast, who: str) -> None:
    at = Ranks(cast).low(times=2)
    with pytest.raises(PermissionDenied):
        actions.record_visit(only(), held(cast, at), by=getattr(cast, who), at=at)


def test_records_that_mean_nothing_are_refused(cast: Cast) -> None:
    at = Ranks(cast).low(times=2)
    row = only()
    for wrong, words in (({"who": " "}, "谁"), ({"held_on": at.date() + timedelta(days=1)}, "今天")):
        with pytest.raises(Refused, match=words):
            actions.record_visit(row, held(cast, at, **wrong), by=cast.zheng, at=at)
    with pytest.raises(Refused, match="没有这一项"):
        actions.record_letter(row, held(cast, at), by=cast.zheng, at=at)
    assert not RungRecord.objects.exists()


def test_the_database_keeps_rungs_and_records(cast: Cast) -> None:
    at = Ranks(cast).low(times=2)
    row = only()
    actions.record_visit(row, held(cast, at), by=cast.zheng, at=at)
    for rows in (RungRecord.objects.all(), Rung.objects.all(), FollowedQuarter.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        RungRecord.objects.update(findings="别的")
    rung = row.rungs.get()
    with pytest.raises(IntegrityError, match="one_rung_a_quarter"), transaction.atomic():
        Rung.objects.create(dossier=row, place=2, kind=RungKind.CLUE, quarter=rung.quarter, at=at)
