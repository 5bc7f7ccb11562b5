"""The intake at the desk: who may open it, a file sent and confirmed, progress, counts, the report, steering."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.models import AuditEntry
from evaluations.actions.running import run_batches
from evaluations.actions.uploads import check_files
from evaluations.enums import BatchState
from evaluations.models import Batch, Evaluation
from organizations.models import Staff
from tests.factories import NOW, Cast
from tests.support.rating_files import HEADER, csv_of, rating_cells, received, stored_files, taken_in, zip_of


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path, monday: None) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def client_of(person: Staff) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


def send(person: Staff, content: bytes, name: str = "评价.csv", **more: str) -> Any:
    file = SimpleUploadedFile(name, content)
    return client_of(person).post(reverse("intake-new"), {"source": "hall", "kind": "ratings", "file": file, **more})


def guessed(batch: Batch) -> dict[str, str]:
    """The columns as the page has guessed them, as a browser would send them back."""
    return {f"column-{place}": name or "" for place, name in enumerate(batch.plan["columns"])}


def begin(person: Staff, batch: Batch, act: str = "real", **changed: str) -> Any:
    body = {**guessed(batch), **changed, "act": act}
    return client_of(person).post(reverse("intake-start", args=[batch.pk]), body)


READ = ("intake", "intake-waiting", "intake-sources")
RUN = ("intake-new", "intake-partners", "intake-partner-add", "intake-source-add")


@pytest.mark.parametrize("name", READ + RUN)
def test_who_may_open(cast: Cast, name: str) -> None:
    may = {"xu"} | ({"qian", "zhou"} if name in READ else set())
    url = reverse(name)
    assert Client().get(url).url == f"{reverse('account_login')}?next={url}"  # type: ignore[attr-defined]
    for who, person in cast.everybody.items():
        assert client_of(person).get(url).status_code == (200 if who in may else 404), who


def test_supervisor_and_auditor_look_and_change_nothing(cast: Cast) -> None:
    [draft] = received(csv_of([rating_cells(cast, 1)]))
    for person in (cast.qian, cast.zhou):
        client = client_of(person)
        page = text(client.get(reverse("intake-batch", args=[draft.pk])))
        assert "取消" not in page
        assert "核对列" not in page
        for name in ("intake-start", "intake-steer", "intake-repeat"):
            assert client.post(reverse(name, args=[draft.pk]), {"to": "cancelled"}).status_code == 404
        assert client.post(reverse("intake-source", args=["hall"]), {}).status_code == 403
        assert client.post(reverse("intake-new"), {}).status_code == 404
    draft.refresh_from_db()
    assert draft.stage == BatchState.PREVIEW


class TestUpload:
    def test_a_file_is_shown_with_its_columns_guessed(self, cast: Cast) -> None:
        answer = send(cast.xu, csv_of([rating_cells(cast, n) for n in range(60)], encoding="gb18030"))
        batch = Batch.objects.get()
        assert answer.url == reverse("intake-start", args=[batch.pk])
        page = text(client_of(cast.xu).get(answer.url))
        assert "gb18030" in page
        assert page.count("<tr>") == 51
        assert re.search(r'<option value="level" selected', page)
        assert "13800000001" not in page
        assert "王演示" not in page
        assert "王•••" in page
        assert AuditEntry.objects.filter(action="batch.open", actor=cast.xu).count() == 1

    @pytest.mark.parametrize(
        ("content", "name", "said"),
        [
            (b"", "a.csv", "请选择"),
            ("办件编号\n".encode(), "a.csv", "没有数据"),
            (b"\xff\xfe\x00", "a.csv", "UTF-8、GB18030"),
            (b"PK\x03\x04", "a.xlsx", "压缩包不完整"),
            (b"a,b\n1,2\n", "a.exe", "不支持这种文件"),
            (b'a,b\n1,"2\n3,4\n', "a.csv", "引号没有成对"),
        ],
    )
    def test_what_cannot_be_read_says_why_and_what_to_do(
        self, cast: Cast, folder: Path, content: bytes, name: str, said: str
    ) -> None:
        page = text(send(cast.xu, content, name))
        assert said in page
        assert "处理办法" in page or "请选择" in page
        assert (Batch.objects.count(), stored_files(folder)) == (0, [])

    def test_the_line_is_named(self, cast: Cast) -> None:
        rows = csv_of([rating_cells(cast, n) for n in range(5)], encoding="utf-8")
        page = text(send(cast.xu, rows[:-40] + "满".encode("gbk") + rows[-40:]))
        assert "第 6 行" in page
        assert "混用了两种编码" in page

    def test_one_that_is_too_large(self, cast: Cast, settings: Any) -> None:
        settings.INTAKE_FILE_MAX_MB = 0
        assert "超过 0 MB" in text(send(cast.xu, b"x" * 100))

    def test_a_zip_leads_to_the_list(self, cast: Cast) -> None:
        both = zip_of(a=csv_of([rating_cells(cast, 1)]), b=csv_of([rating_cells(cast, 2)]))
        body = {"source": "hall", "kind": "ratings", "file": SimpleUploadedFile("两个.zip", both)}
        page = text(client_of(cast.xu).post(reverse("intake-new"), body, follow=True))
        assert "两个.zip › a.csv" in page
        assert "2 个文件" in page

    def test_a_large_one_is_checked_first(self, cast: Cast, settings: Any) -> None:
        settings.INTAKE_INSPECT_NOW_MB = 0
        answer = send(cast.xu, csv_of([rating_cells(cast, 1)]))
        batch = Batch.objects.get()
        client = client_of(cast.xu)
        page = text(client.get(answer.url))
        assert "正在检查" in page
        assert f'content="5; url={reverse("intake-progress", args=[batch.pk])}"' in page
        assert client.get(reverse("intake-start", args=[batch.pk])).url == answer.url  # type: ignore[attr-defined]
        check_files(at=NOW)
        assert "核对列并开始" in text(client.get(answer.url))

    def test_a_large_one_that_is_refused_says_so_on_its_page(self, cast: Cast, settings: Any) -> None:
        settings.INTAKE_INSPECT_NOW_MB = 0
        answer = send(cast.xu, b'a,b\n1,"2\n3,4\n')
        check_files(at=NOW)
        page = text(client_of(cast.xu).get(answer.url))
        assert "文件整体退回" in page
        assert "第 2 行" in page
        assert "引号没有成对" in page


class TestMapping:
    def test_a_missing_column_is_named_and_must_be_chosen(self, cast: Cast) -> None:
        header = ["结论" if name == "满意度" else name for name in HEADER]
        [batch] = received(csv_of([rating_cells(cast, n, 1 + n % 5) for n in range(10)], header))
        page = text(client_of(cast.xu).get(reverse("intake-start", args=[batch.pk])))
        assert "还没有找到这些必需的列:满意度" in page
        refused = text(begin(cast.xu, batch))
        assert "没有“满意度”列" in refused
        assert Batch.objects.get().stage == BatchState.PREVIEW
        assert begin(cast.xu, batch, **{"column-1": "level"}).url == reverse("intake-batch", args=[batch.pk])
        run_batches(at=NOW)
        assert Evaluation.objects.filter(batch=batch).count() == 10

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"column-2": "level"}, "“满意度”对应了两列"),
            ({"column-9": "unit_code", "column-7": ""}, "看起来是电话号码"),
            ({"column-5": ""}, "没有“评价渠道”列"),
            ({"column-0": "nonsense"}, "没有“办件编号或来源方评价编号”列"),
        ],
    )
    def test_what_would_read_the_wrong_thing_is_refused(self, cast: Cast, changed: dict[str, str], said: str) -> None:
        [batch] = received(csv_of([rating_cells(cast, n) for n in range(5)]))
        assert said in text(begin(cast.xu, batch, **changed))
        assert Batch.objects.get().stage == BatchState.PREVIEW

    def test_an_unmapped_column_is_masked_by_its_name_and_its_numbers(self, cast: Cast) -> None:
        header = ["联系方式" if name == "手机号" else "备注" if name == "评价人" else name for name in HEADER]
        [batch] = received(csv_of([rating_cells(cast, 1, name="打 13800000002")], header))
        page = text(client_of(cast.xu).get(reverse("intake-start", args=[batch.pk])))
        assert "1380000000" not in page

    def test_it_is_begun_once(self, cast: Cast) -> None:
        [batch] = received(csv_of([rating_cells(cast, 1)]))
        first, second = begin(cast.xu, batch, "dry"), begin(cast.xu, batch)
        assert first.url == second.url == reverse("intake-batch", args=[batch.pk])
        assert Batch.objects.get().dry_run


class TestBatchPage:
    def test_counts_add_up_and_faults_are_named_by_the_files_own_columns(self, cast: Cast) -> None:
        rows = [rating_cells(cast, n, 1 + n % 5) for n in range(10)]
        rows += [rating_cells(cast, 20, 7), rating_cells(cast, 21, unit_code="?"), rating_cells(cast, 1, 2)]
        batch = taken_in(csv_of(rows))
        page = text(client_of(cast.qian).get(reverse("intake-batch", args=[batch.pk])))
        flat = re.sub(r"<[^>]+>|\s+", "", page)
        assert "收到13=入库10+重复1+待对照1+待办件0+退回1" in flat
        assert "相符" in flat
        assert "已立案4件" in flat
        assert re.search(r'lang="zh-Hans">满意度</td>', page)
        assert re.search(r'lang="zh-Hans">部门编码</td>', page)
        assert "13800000001" not in page

    def test_after_a_dry_run_the_file_is_taken_in_by_one_press(self, cast: Cast) -> None:
        dry = taken_in(csv_of([rating_cells(cast, n, 1 + n % 5) for n in range(10)]), dry_run=True)
        client, address = client_of(cast.xu), reverse("intake-batch", args=[dry.pk])
        page = text(client.get(address))
        assert "正式导入" in page
        assert "不入库,不立案" in page
        made = client.post(reverse("intake-repeat", args=[dry.pk]), {"what": "real"})
        again = client.post(reverse("intake-repeat", args=[dry.pk]), {"what": "real"})
        assert made.url == again.url  # type: ignore[attr-defined]
        run_batches(at=NOW)
        assert Evaluation.objects.count() == 10
        assert "查看正式导入的批次" in text(client.get(address))
        draft = client.post(reverse("intake-repeat", args=[dry.pk]), {"what": "draft"})
        assert client.get(draft.url).status_code == 200  # type: ignore[attr-defined]

    def test_pause_resume_cancel(self, cast: Cast) -> None:
        [batch] = received(csv_of([rating_cells(cast, 1)]))
        begin(cast.xu, batch)
        client, steer = client_of(cast.xu), reverse("intake-steer", args=[batch.pk])
        for to, said, stage in (
            ("paused", "已暂停", BatchState.PAUSED),
            ("paused", "状态已经变了", BatchState.PAUSED),
            ("waiting", "从停下的地方", BatchState.WAITING),
            ("paused", "已暂停", BatchState.PAUSED),
            ("cancelled", "已取消", BatchState.CANCELLED),
            ("waiting", "状态已经变了", BatchState.CANCELLED),
        ):
            assert said in text(client.post(steer, {"to": to}, follow=True))
            assert Batch.objects.get().stage == stage
        assert client.post(steer, {"to": "done"}).status_code == 404
        assert run_batches(at=NOW) == 0
        assert Evaluation.objects.count() == 0

    def test_while_it_runs_the_page_tells_pace_and_time_left(self, cast: Cast) -> None:
        [batch] = received(csv_of([rating_cells(cast, 1)]))
        running = {"stage": BatchState.RUNNING, "total": 60_000, "received": 12_000, "stored": 12_000, "pace": 200.0}
        Batch.objects.filter(pk=batch.pk).update(**running, position=12_000)
        page = text(client_of(cast.xu).get(reverse("intake-progress", args=[batch.pk])))
        assert "12,000 / 60,000 行,20%" in page
        assert "每秒 200 行" in page
        assert "约剩 4 分钟" in page
        assert '<progress max="60000" value="12000"' in page

    def test_one_that_broke_off_says_so(self, cast: Cast) -> None:
        [batch] = received(csv_of([rating_cells(cast, 1)]))
        Batch.objects.filter(pk=batch.pk).update(stage=BatchState.FAILED, last_error="RuntimeError", ended_at=NOW)
        assert "处理中断(RuntimeError)" in text(client_of(cast.xu).get(reverse("intake-batch", args=[batch.pk])))


class TestReport:
    def read(self, batch: Batch, person: Staff) -> list[list[str]]:
        answer = client_of(person).get(reverse("intake-report", args=[batch.pk]))
        content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        assert content.startswith("\ufeff".encode())
        assert "attachment" in answer["Content-Disposition"]
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))

    def test_every_fault_with_line_column_reason_and_fix(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("evaluations.lists.intake.STEP", 3)
        monkeypatch.setattr("evaluations.views.intake_files.BLOCK", 2)
        rows = [rating_cells(cast, n, 7 if n % 2 else 5, rated_at="05/06/07") for n in range(10)]
        batch = taken_in(csv_of(rows))
        found = self.read(batch, cast.zhou)
        assert found[0] == ["行号", "列", "结果", "代码", "原因", "处理办法"]
        assert len(found) == 1 + 10 + 5
        assert [int(row[0]) for row in found[1:]] == sorted(int(row[0]) for row in found[1:])
        levels = [row for row in found if row[3] == "level_wrong"]
        assert {(row[1], row[2]) for row in levels} == {("满意度", "退回")}
        assert all("7" in row[4] and row[5] for row in levels)

    def test_no_cell_runs_and_nobody_is_named(self, cast: Cast) -> None:
        header = ["=HYPERLINK(1)" if name == "满意度" else name for name in HEADER]
        [batch] = received(csv_of([rating_cells(cast, 1, "=1+1", phone="138", name="王演示二\u202e")], header))
        begin(cast.xu, batch, **{"column-1": "level"})
        run_batches(at=NOW)
        [_head, *rows] = self.read(batch, cast.xu)
        assert rows[0][1] == "'=HYPERLINK(1)"
        assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
        assert "王演示" not in str(rows)

    def test_in_chinese_whoever_asks(self, cast: Cast) -> None:
        batch = taken_in(csv_of([rating_cells(cast, 1, 7)]))
        client = client_of(cast.xu)
        client.cookies["language"] = "en"
        answer = client.get(reverse("intake-report", args=[batch.pk]))
        assert "满意度" in b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]

    def test_memory_does_not_grow_with_the_rows(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        """The rows are asked for a step at a time: as many questions as steps, none for all at once."""
        monkeypatch.setattr("evaluations.lists.intake.STEP", 10)
        batch = taken_in(csv_of([rating_cells(cast, n, 7) for n in range(95)]))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            rows = self.read(batch, cast.xu)
        steps = [query["sql"] for query in asked if "evaluations_leftrow" in query["sql"]]
        assert (len(rows), len(steps)) == (96, 11)
        assert all("LIMIT 10" in sql for sql in steps)


def test_the_list_is_paged_and_asks_no_more_with_more_rows(cast: Cast) -> None:
    client = client_of(cast.xu)
    taken_in(csv_of([rating_cells(cast, 0)]))
    client.get(reverse("intake"))
    counted = []
    for count in (1, 60):
        for n in range(count):
            Batch.objects.create(source="hall", kind="ratings", name=f"批次{n}", stage="done", created_at=NOW)
        with CaptureQueriesContext(connection) as asked:
            page = client.get(reverse("intake"))
        counted.append(len(asked))
    assert counted[0] == counted[1]
    assert len(page.context["rows"]) == 50
    assert len(client.get(reverse("intake") + page.context["next_url"]).context["rows"]) == 12
    assert client.get(reverse("intake"), {"before": "x'"}).status_code == 200
