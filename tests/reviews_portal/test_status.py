"""运行状态: a clock that stands still, messages that do not leave, backups, the calendar; and nothing of any case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from common.actions import post_message, record_drill, record_task_end, seal_audit
from common.actors import SYSTEM
from common.enums import Channel, Drill, MessageState
from common.models import AuditEntry, DrillRun, OutboxMessage, TaskRun
from organizations.models import CalendarYear, Staff
from organizations.seed import load_calendar
from reviews_portal.celery import app, due_after
from reviews_portal.status_views import years
from reviews_portal.sweeps import WORDS, Sweep, sweeps
from tests.factories import NOW, Cast
from tests.reviews_portal.test_desk_pages import html

SignIn = Callable[[Staff], Client]
STATUS = "/desk/status/"
OUTBOX = "common.tasks.deliver_outbox"
HERE = ZoneInfo("Asia/Shanghai")


def known(at: datetime) -> dict[str, Sweep]:
    return {one.label: one for one in sweeps({run.name: run for run in TaskRun.objects.all()}, at)}


# --- the clock -------------------------------------------------------------------------------------------------------


def test_every_entry_of_the_schedule_has_words() -> None:
    assert set(WORDS) == set(app.conf.beat_schedule)


def test_when_a_task_is_due_again() -> None:
    monday = datetime(2026, 11, 23, 10, 0, tzinfo=HERE)
    assert due_after("outbox", monday) == monday + timedelta(seconds=5)
    assert due_after("corrections", monday) == datetime(2026, 11, 24, 3, 20, tzinfo=HERE)
    assert due_after("daily-digest", datetime(2026, 11, 23, 9, 50, tzinfo=HERE)) == datetime(
        2026, 11, 24, 8, 0, tzinfo=HERE
    )


@pytest.mark.django_db
def test_a_clock_that_stands_still_is_told_from_one_that_has_nothing_to_do() -> None:
    assert all(one.ill for one in known(NOW).values())
    record_task_end(OUTBOX, began_at=NOW, at=NOW + timedelta(seconds=1))
    assert [one.label for one in known(NOW + timedelta(minutes=5)).values() if one.ill] == []
    later = known(NOW + timedelta(minutes=20))
    assert later["发送消息"].late == timedelta(minutes=19, seconds=55)
    assert later["期限提醒和逾期"].overdue
    assert not later["删除到期的防刷痕迹"].ill
    record_task_end(OUTBOX, began_at=NOW + timedelta(minutes=19), at=NOW + timedelta(minutes=20))
    assert not known(NOW + timedelta(minutes=20))["发送消息"].ill
    assert TaskRun.objects.get().first_at == NOW


@pytest.mark.parametrize("present", ["2026-11-23 10:00", "2026-11-26 23:45", "2026-11-27 00:05", "2027-01-01 08:30"])
def test_when_a_task_is_due_does_not_depend_on_when_it_is_asked(present: str) -> None:
    zone = timezone.get_default_timezone()
    with time_machine.travel(datetime.strptime(present, "%Y-%m-%d %H:%M").replace(tzinfo=zone), tick=False):
        assert due_after("corrections", NOW) == datetime(2026, 11, 24, 3, 20, tzinfo=zone)
        assert due_after("daily-digest", NOW) == datetime(2026, 11, 24, 8, 0, tzinfo=zone)
        assert due_after("daily-digest", NOW.replace(hour=8, minute=7)) == datetime(2026, 11, 23, 8, 10, tzinfo=zone)
        assert due_after("outbox", NOW) == NOW + timedelta(seconds=5)


@pytest.mark.django_db
def test_a_task_that_fails_is_ill_until_it_ends_well() -> None:
    record_task_end(OUTBOX, began_at=NOW, at=NOW)
    record_task_end(OUTBOX, began_at=NOW, at=NOW + timedelta(seconds=5), error="OperationalError")
    failing = known(NOW + timedelta(seconds=6))["发送消息"]
    assert (failing.failing, failing.error, failing.last) == (True, "OperationalError", NOW)
    record_task_end(OUTBOX, began_at=NOW, at=NOW + timedelta(seconds=10))
    assert not known(NOW + timedelta(seconds=11))["发送消息"].ill


@pytest.mark.django_db
def test_an_earlier_end_that_arrives_late_changes_nothing() -> None:
    record_task_end(OUTBOX, began_at=NOW, at=NOW + timedelta(seconds=9))
    record_task_end(OUTBOX, began_at=NOW - timedelta(seconds=5), at=NOW)
    assert TaskRun.objects.get().ended_at == NOW + timedelta(seconds=9)


@pytest.mark.django_db
def test_a_worker_leaves_word_of_what_it_ran() -> None:
    """As the worker runs a task, traced; called as a function it leaves none."""
    app.loader.import_default_modules()
    task = app.tasks["common.tasks.tidy"]
    task()
    assert not TaskRun.objects.exists()
    task.apply(throw=True)
    run = TaskRun.objects.get(name="common.tasks.tidy")
    assert run.ended_at is not None
    assert run.began_at is not None
    assert run.began_at <= run.ended_at

    def divide() -> None:
        raise ZeroDivisionError

    broken = app.task(name="test.broken")(divide)
    broken.apply()
    failed = TaskRun.objects.get(name="test.broken")
    assert (failed.error, failed.ended_at) == ("ZeroDivisionError", None)


# --- the page --------------------------------------------------------------------------------------------------------


def message(key: str, **more: object) -> None:
    post_message(key, channel=Channel.SMS, kind="x", address=("evaluator", "1"), body="正文不可见", at=NOW)
    OutboxMessage.objects.filter(key=key).update(**more)


def test_channels_say_what_waits_and_what_failed_in_a_day(
    cast: Cast, sign_in: SignIn, monday: time_machine.Traveller
) -> None:
    dead = MessageState.DEAD
    message("a")
    message("b", attempts=2, last_error="HTTP 500", next_attempt_at=NOW + timedelta(minutes=5))
    message("c", attempts=8, state=dead, last_error="HTTP 500", next_attempt_at=NOW - timedelta(hours=2))
    message("d", attempts=8, state=dead, last_error="HTTP 500", next_attempt_at=NOW - timedelta(days=2))
    message("e", attempts=3, state=MessageState.SENT, sent_at=NOW - timedelta(hours=1))
    message("f", attempts=3, state=MessageState.SENT, sent_at=NOW - timedelta(days=2))
    monday.move_to(NOW + timedelta(minutes=2), tick=False)
    found = {one.channel: one for one in sign_in(cast.xu).get(STATUS).context["channels"]}
    sms = found[Channel.SMS]
    assert (sms.waiting, sms.oldest, sms.dead, sms.failed) == (2, NOW, 2, 2 + 8 + 2)
    assert (found[Channel.MAIL].waiting, found[Channel.MAIL].failed) == (0, 0)


def test_the_page_says_never_where_nothing_was_recorded(cast: Cast, sign_in: SignIn) -> None:
    page = html(sign_in(cast.xu), STATUS)
    assert page.count("从未记录") == 2
    record_drill(Drill.BACKUP, succeeded=True, by=SYSTEM, at=NOW, seconds=61, size=5 * 1024**3)
    record_drill(Drill.RESTORE, succeeded=False, by=SYSTEM, at=NOW, note="备份文件损坏")
    page = html(sign_in(cast.xu), STATUS)
    assert "从未记录" not in page
    assert [word for word in ("用时 61 秒", "5.0", "备份文件损坏", "失败") if word not in page] == []


def test_the_page_holds_nothing_of_any_case(cast: Cast, sign_in: SignIn) -> None:
    case = cast.rate(1, text="窗口态度不好")
    page = html(sign_in(cast.xu), STATUS)
    assert [word for word in (case.number, "窗口态度不好", "13800000001") if word in page] == []


def test_only_the_system_administrator_reads_it(cast: Cast, sign_in: SignIn) -> None:
    answers = {name: sign_in(person).get(STATUS).status_code for name, person in cast.everybody.items()}
    assert {name for name, status in answers.items() if status == 200} == {"xu"}


# --- the calendar ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_next_year_may_be_missing_until_november() -> None:
    CalendarYear.objects.all().delete()
    CalendarYear.objects.create(year=2026, confirmed=True, changed_at=NOW)
    assert [(one.year, one.words, one.ill) for one in years(date(2026, 10, 31))] == [
        (2026, "已核定", False),
        (2027, "尚未公布", False),
    ]
    assert [(one.year, one.words, one.ill) for one in years(date(2026, 11, 1))][1] == (2027, "没有录入", True)
    CalendarYear.objects.create(year=2027, confirmed=False, changed_at=NOW)
    assert [one.ill for one in years(date(2026, 10, 31))] == [False, False]
    assert [one.ill for one in years(date(2026, 11, 1))] == [False, True]
    load_calendar(at=NOW)


# --- drills ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_backup_is_recorded_by_its_script() -> None:
    call_command("record_drill", "backup", "--seconds=12", "--bytes=1000", "--until=2026-11-23T03:00:00+08:00")
    run = DrillRun.objects.get()
    assert (run.kind, run.succeeded, run.seconds, run.size) == ("backup", True, 12, 1000)
    assert run.data_until == datetime(2026, 11, 23, 3, 0, tzinfo=HERE)
    assert AuditEntry.objects.get(action="drill.backup").success
    with pytest.raises(CommandError):
        call_command("record_drill", "backup", "--until=yesterday")
    with pytest.raises(CommandError, match="disk full"):
        call_command("record_drill", "backup", "--failed", "--note=disk full")
    assert not DrillRun.objects.latest("pk").succeeded
    for statement in ("UPDATE common_drillrun SET succeeded = true", "DELETE FROM common_drillrun"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def address(**options: str) -> str:
    """Where this database is, as a copy of itself."""
    known = connection.get_connection_params()
    host, port = known.get("host") or "", known.get("port") or ""
    more = "&".join([f"host={quote(str(host))}", f"port={port}", *(f"{k}={quote(v)}" for k, v in options.items())])
    return f"postgres://{known['user']}:{quote(str(known.get('password') or ''))}@/{known['dbname']}?{more}"


@pytest.mark.django_db(transaction=True)
def test_a_restored_copy_is_compared_with_the_trail(live_cast: Cast) -> None:
    live_cast.rate(1)
    seal_audit(at=NOW)
    rows = AuditEntry.objects.count()
    call_command("record_drill", "restore", f"--database={address()}")
    run = DrillRun.objects.get()
    assert (run.succeeded, run.rows) == (True, rows)
    assert run.data_until == AuditEntry.objects.filter(object_type="case").latest("at").at


@pytest.mark.django_db(transaction=True)
def test_a_copy_of_something_else_is_no_success(live_cast: Cast) -> None:
    live_cast.rate(1)
    seal_audit(at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA elsewhere")
        cursor.execute(
            "CREATE TABLE elsewhere.common_auditseal AS SELECT to_transaction, repeat('a', 64) AS hash"
            " FROM common_auditseal"
        )
    try:
        with pytest.raises(CommandError, match="none of ours"):
            call_command("record_drill", "restore", f"--database={address(options='-csearch_path=elsewhere,public')}")
        with pytest.raises(CommandError, match="OperationalError"):
            call_command("record_drill", "restore", "--database=postgres://nobody@127.0.0.1:1/none")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA elsewhere CASCADE")
    assert set(DrillRun.objects.values_list("succeeded", flat=True)) == {False}
    assert "127.0.0.1" not in "".join(DrillRun.objects.values_list("note", flat=True))
