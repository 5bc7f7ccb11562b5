"""A file from a hall: sent, its columns confirmed, rehearsed, taken in, mended, and sent again as a whole."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.walks.people import shoot
from tests.walks.steps import City, Colleague

pytestmark = [pytest.mark.browser, pytest.mark.walk, pytest.mark.xdist_group("walks"), pytest.mark.timeout(180)]
HEADER = ["办件编号", "结论", "评价内容", "评价时间", "评价渠道", "是否默认评价", "部门编码", "事项编码", "手机号"]
ROWS, AMISS = 200, range(5, 200, 20)


def table(city: City, *, mended: bool) -> bytes:
    """Two hundred rows in GB 18030, every twentieth with a level that is none."""
    query = (
        "SELECT u.code, i.code FROM organizations_serviceitem i JOIN organizations_unit u ON u.id = i.unit_id LIMIT 1"
    )
    [(unit, item)] = city.portal.query(query)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for number in range(ROWS):
        at = city.clock.now() - timedelta(days=2, minutes=number)
        level = 5 if mended or number not in AMISS else 6
        if number == 17:
            level = 1
        said = "问了三次,答复都不一样。" if level == 1 else ""
        cells = [f"3706002026WALK{number:06d}", level, said, f"{at:%Y-%m-%d %H:%M:%S}", "评价器", 0, unit, item]
        writer.writerow([*cells, f"1380000{number:04d}"])
    return text.getvalue().encode("gb18030")


def send(xu: Colleague, folder: Path, name: str, content: bytes) -> Page:
    """From the desk to the page with the first rows."""
    file = folder / name
    file.write_bytes(content)
    xu.comes_to_desk()
    page = xu.page
    page.locator("nav.rail:visible").get_by_role("link", name="数据接入").click()
    page.get_by_role("link", name="上传文件").click()
    page.get_by_label("来源系统").select_option(value="hall")
    page.get_by_label("文件", exact=True).set_input_files(file)
    page.get_by_role("button", name="上传并检查").click()
    expect(page.locator("h1")).to_contain_text("核对列的对应关系")
    return page


def counts(page: Page) -> dict[str, int]:
    """The numbers of the sum, as they are read."""
    line = page.locator("main p .sum").inner_text()
    found = re.findall(r"([^\s\d=+]+) ([\d,]+)", line)
    numbers = {label: int(number.replace(",", "")) for label, number in found}
    assert numbers["收到"] == sum(numbers.values()) - numbers["收到"], line
    return {label: number for label, number in numbers.items() if number}


def takes_in(city: City, page: Page) -> None:
    """The clock strikes, and the page comes up to date by itself."""
    city.work.send_task("evaluations.tasks.run_batches", queue="bulk")
    expect(page.locator("dd .due").first).to_contain_text("已完成", timeout=30_000)


def test_a_file_from_a_hall(city: City, tmp_path: Path) -> None:
    """上传 → 核对 → 试运行 → 清单 → 正式导入 → 改好再传: exactly what was missing is added."""
    if "bulk" not in city.portal.processes:
        city.portal.start_bulk()
    xu = city.colleague("xu")
    page = send(xu, tmp_path, "大厅导出.csv", table(city, mended=False))
    xu.reads("gb18030", "200 行", "还没有找到这些必需的列:满意度", "1•••")
    assert "13800000000" not in page.content()
    shoot(page, "intake-1-columns")
    page.get_by_label("结论").select_option(label="满意度")
    page.get_by_role("button", name="试运行").click()
    takes_in(city, page)
    assert counts(page) == {"收到": 200, "入库": 190, "退回": 10}
    xu.reads("其中 1 条差评", "请填写 5(非常满意)")
    shoot(page, "intake-2-dry-run")
    with page.expect_download() as coming:
        page.get_by_role("link", name="下载完整清单").click()
    report = Path(coming.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(report)))
    assert [int(row[0]) for row in rows[1:]] == [number + 2 for number in AMISS]
    assert {tuple(row[1:4]) for row in rows[1:]} == {("结论", "退回", "level_wrong")}

    page.get_by_role("button", name="正式导入").click()
    xu.reads("正式导入已开始")
    takes_in(city, page)
    assert counts(page) == {"收到": 200, "入库": 190, "退回": 10}
    xu.reads("差评最先处理,已立案 1 件")
    shoot(page, "intake-3-imported")

    page = send(xu, tmp_path, "大厅导出(改好).csv", table(city, mended=True))
    page.get_by_label("结论").select_option(label="满意度")
    page.get_by_role("button", name="开始导入").click()
    takes_in(city, page)
    assert counts(page) == {"收到": 200, "入库": 10, "重复": 190}
    xu.reads("没有问题。")
    shoot(page, "intake-4-mended")
    stored = "SELECT count(*) FROM evaluations_evaluation WHERE project_number LIKE '3706002026WALK%%'"
    assert city.portal.query(stored) == [(ROWS,)]


def test_a_file_without_scripts(city: City, tmp_path: Path) -> None:
    """The browser alone brings the page up to date, and every button works."""
    if "bulk" not in city.portal.processes:
        city.portal.start_bulk()
    signed_in = city.colleague("xu")
    signed_in.comes_to_desk()
    context = city.browser.new_context(
        viewport={"width": 360, "height": 740},
        java_script_enabled=False,
        locale="zh-CN",
        storage_state=signed_in.page.context.storage_state(),
    )
    context.set_default_timeout(15_000)
    try:
        xu = Colleague(city, "xu", signed_in.name, signed_in.roles, context.new_page())
        page = xu.page
        file = tmp_path / "无脚本.csv"
        file.write_bytes(table(city, mended=True).decode("gb18030").replace("WALK", "BARE").encode("gb18030"))
        page.goto(f"{city.portal.address}/desk/intake/new/")
        page.get_by_label("来源系统").select_option(value="hall")
        page.get_by_label("文件", exact=True).set_input_files(file)
        page.get_by_role("button", name="上传并检查").click()
        page.get_by_label("结论").select_option(label="满意度")
        page.get_by_role("button", name="开始导入").click()
        page.get_by_role("button", name="暂停").click()
        xu.reads("已暂停")
        page.get_by_role("button", name="继续").click()
        takes_in(city, page)
        assert counts(page) == {"收到": 200, "入库": 200}
    finally:
        context.close()
