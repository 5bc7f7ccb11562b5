"""Killed while it drafts, signs, serves or reminds: one number, one content, all receipts, and the same files again.

What prints has threads, which a fork would not have: here a process of its own is killed.
"""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from assessment.actions import refresh
from common.models import AuditEntry, Notice
from organizations.actions import Refused
from oversight import actions
from oversight.actions import core, drafting, issuing, serving
from oversight.enums import FileKind, Stage
from oversight.models import Extract, NoticeEvent, NoticeFile, QuarterNotice, Receipt
from oversight.paper import load
from oversight.queries import addressed_units
from oversight.renderings import as_pdf, as_word, as_workbook
from tests.assessment.quarters import CHECKED, FROZEN, Close
from tests.factories import NOW, Cast
from tests.faults.test_failpoints import PLACES, everything, killed_at, stop_at
from tests.oversight.conftest import QUARTER
from tests.support.portal import ROOT

pytestmark = pytest.mark.django_db(transaction=True)
SIGNING = {
    "notice_numbered": issuing,
    "notice_extracts_kept": issuing,
    "notice_files_kept": issuing,
    "notice.issue": core,
    "notice_receipts_kept": serving,
    "notice_served": issuing,
}
DRAFTING = {"notice.draft": core, "notice_drafted": drafting}
ACT = """
import django; django.setup()
import datetime, os, signal
from organizations.models import Staff
from oversight import actions
from oversight.models import QuarterNotice
at = datetime.datetime.fromisoformat("{at}")
{act}
os.kill(os.getpid(), signal.SIGKILL)
"""
SIGN = 'actions.issue_notice(QuarterNotice.objects.get(pk={pk}), by=Staff.objects.get(username="qian"), at=at)'
MAKERS = {FileKind.WORD: as_word, FileKind.PDF: as_pdf, FileKind.WORKBOOK: as_workbook}


@pytest.fixture(autouse=True)
def places(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT, settings.NOTICE_REQUIRES_FREEZE = tmp_path, False
    monkeypatch.setattr("tests.faults.test_failpoints.PLACES", {**PLACES, **SIGNING, **DRAFTING})


@pytest.fixture
def signing(live_cast: Cast) -> QuarterNotice:
    """A notice with a bad rating in it that waits for its signature."""
    live_cast.rate(1, at=NOW - timedelta(days=80))
    refresh(at=NOW)
    notice = actions.draft_notice(QUARTER, by=live_cast.lin, at=NOW)
    actions.submit_notice(notice, by=live_cast.lin, at=NOW)
    return actions.approve_notice(notice, by=live_cast.qian, at=NOW)


def killed(name: str, act: str, folder: Path, *, at: datetime = NOW) -> None:
    """Does something in a process of its own, which is killed at a failpoint; "" is after the commit."""
    address = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{connection.settings_dict['NAME']}"
    env = {**os.environ, "DATABASE_URL": address, "MEDIA_ROOT": str(folder), "NOTICE_REQUIRES_FREEZE": "false"}
    env |= {"FAILPOINT": name, "DJANGO_SETTINGS_MODULE": "reviews_portal.settings"}
    words = [sys.executable, "-c", ACT.format(act=act, at=at.isoformat())]
    done = subprocess.run(words, env=env, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == -signal.SIGKILL, (name, done.stderr[-800:])


def raised(name: str, act: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    stop_at("raised", name, act, monkeypatch)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("how", ["raised", "killed"])
def test_a_signing_stopped_at_every_step_is_not_begun_and_comes_to_the_same_end(
    live_cast: Cast, signing: QuarterNotice, how: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def sign() -> QuarterNotice:
        return actions.issue_notice(signing, by=live_cast.qian, at=NOW)

    before, left = everything(), dict[str, bytes]()
    for name in SIGNING:
        if how == "killed":
            killed(name, SIGN.format(pk=signing.pk), tmp_path)
        else:
            raised(name, sign, monkeypatch)
        assert everything() == before, f"{name}: a signing that was not finished left something behind"
        left |= files(tmp_path)
    signed = sign()
    assert (signed.stage, signed.serial, signed.number) == (Stage.ISSUED, 1, "烟审服通〔2026〕1号")
    assert Receipt.objects.filter(notice=signed).count() == addressed_units(NOW.date()).count()
    assert Extract.objects.filter(notice=signed).count() == Receipt.objects.count()
    assert NoticeEvent.objects.filter(notice=signed, act="issue").count() == 1
    assert AuditEntry.objects.filter(action="notice.issue").count() == 1
    assert Notice.objects.filter(kind="notice.served", staff=live_cast.zheng).count() == 1
    _same_files(signed, left, tmp_path)


def _same_files(signed: QuarterNotice, left: dict[str, bytes], folder: Path) -> None:
    """What killed signings had written is what stands there now, and can be made again from the content."""
    kept = files(folder)
    assert len(left) == 3
    assert kept == left
    paper = load(signed.content)
    for one in NoticeFile.objects.filter(notice=signed):
        made = MAKERS[FileKind(one.kind)](paper)
        assert hashlib.sha256(made).hexdigest() == one.fingerprint
        assert one.file.read() == made


def test_killed_after_its_commit_it_is_signed_and_a_second_press_changes_nothing(
    live_cast: Cast, signing: QuarterNotice, tmp_path: Path
) -> None:
    killed("", SIGN.format(pk=signing.pk), tmp_path)
    after = everything()
    with pytest.raises(Refused, match="已签发"):
        actions.issue_notice(signing, by=live_cast.qian, at=NOW)
    assert everything() == after
    assert QuarterNotice.objects.get().serial == 1


def test_a_number_is_not_lost_to_a_killed_signing(live_cast: Cast, signing: QuarterNotice, tmp_path: Path) -> None:
    """The next notice to be signed has the number that the killed one would have had."""
    killed("notice_served", SIGN.format(pk=signing.pk), tmp_path)
    other = actions.draft_notice(QUARTER.replace(month=4), by=live_cast.lin, at=NOW)
    actions.submit_notice(other, by=live_cast.lin, at=NOW)
    actions.approve_notice(other, by=live_cast.qian, at=NOW)
    assert actions.issue_notice(other, by=live_cast.qian, at=NOW).serial == 1
    assert actions.issue_notice(signing, by=live_cast.qian, at=NOW).serial == 2


@pytest.mark.parametrize("how", ["raised", "killed"])
def test_a_draft_killed_at_every_step_is_made_once(live_cast: Cast, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    close = Close(live_cast)
    close.adopt()
    close.freeze(close.upto_objections(CHECKED))
    before = everything()
    for name in DRAFTING:
        stop_at(how, name, lambda: actions.draft_frozen(at=FROZEN), monkeypatch)
        assert everything() == before, name
    assert (actions.draft_frozen(at=FROZEN), actions.draft_frozen(at=FROZEN)) == (1, 0)
    assert QuarterNotice.objects.count() == 1
    assert Notice.objects.filter(kind="notice.drafted", staff=live_cast.lin).count() == 1


def test_reminders_killed_on_the_way_go_on_and_nobody_is_reminded_twice(
    live_cast: Cast, signing: QuarterNotice
) -> None:
    actions.issue_notice(signing, by=live_cast.qian, at=NOW)
    later = NOW + timedelta(days=3)
    killed_at("notice.remind", lambda: actions.remind_unread(at=later))
    assert actions.remind_unread(at=later) == Receipt.objects.count()
    assert set(Receipt.objects.values_list("reminders", flat=True)) == {1}
    assert Notice.objects.filter(kind="notice.remind", staff=live_cast.zheng).count() == 1
