"""整改前后的照片: chosen one by one, copied, and gone with the words."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from disclosure.actions import take_down_disclosure
from disclosure.enums import DisclosureAct, Reason
from disclosure.models import Disclosure, PublicCase, PublicPicture
from organizations.models import Staff
from rectification import actions as cases
from rectification.actions.rectifying import Findings
from rectification.enums import Evidence, ReportKind, State
from rectification.models import Attachment, Case
from tests.disclosure.press import Press
from tests.factories import NOW, Cast

pytestmark = pytest.mark.django_db
PARTS = {"wrong": "缺样本", "changed": "样本上墙", "prevention": "每周核对", "reply": "已经改正。"}


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def photo(colour: str) -> BytesIO:
    file = BytesIO()
    Image.new("RGB", (40, 30), colour).save(file, "PNG")
    file.seek(0)
    return file


@pytest.fixture
def draft(press: Press, cast: Cast) -> Disclosure:
    """A case whose report has a picture of before and one of after."""
    case = cast.upto(cast.rate(1, text="没有样本"), State.RECTIFYING)
    pictures = [
        cases.store_picture(case, photo(colour), kind=kind, by=cast.wu, at=NOW)
        for colour, kind in (("navy", Evidence.BEFORE), ("teal", Evidence.AFTER))
    ]
    cases.submit_report(
        case, by=cast.wu, at=NOW, findings=Findings(ReportKind.RECTIFIED, **PARTS), attachments=pictures
    )
    cast.upto(case, State.REPLIED)
    press.follow()
    return press.of(case)


def keys(draft: Disclosure) -> dict[str, int]:
    return {one.kind: one.pk for one in Attachment.objects.filter(case=draft.case)}


def files(folder: Path) -> int:
    return sum(path.is_file() for path in (folder / "public").rglob("*"))


def test_nothing_is_shown_unless_chosen(press: Press, draft: Disclosure, folder: Path) -> None:
    press.publish(draft)
    assert (PublicPicture.objects.count(), files(folder)) == (0, 0)


def test_what_is_chosen_is_copied_and_on_record(press: Press, draft: Disclosure, client: Client) -> None:
    public = press.publish(draft, pictures=[keys(draft)["after"]])
    [picture] = public.pictures.all()
    assert (picture.kind, picture.width, picture.height) == (Evidence.AFTER, 40, 30)
    original = Attachment.objects.get(case=draft.case, kind=Evidence.AFTER)
    assert picture.file.name != original.file.name
    event = draft.events.get(act=DisclosureAct.PUBLISH)
    assert event.data["pictures"] == [original.sha256]
    address = f"/cases/{public.number}/pictures/{picture.pk}/"
    answer = client.get(address)
    assert answer["Content-Type"] == "image/jpeg"
    assert Image.open(BytesIO(answer.content)).size == (40, 30)
    assert address in client.get(f"/cases/{public.number}/").content.decode()
    assert client.get(f"/cases/{public.number}/pictures/{picture.pk + 1}/").status_code == 404


def test_what_belongs_to_another_case_cannot_be_chosen(press: Press, draft: Disclosure, cast: Cast) -> None:
    other = cast.upto(cast.rate(1), State.RECTIFYING)
    foreign = cases.store_picture(other, photo("red"), kind=Evidence.AFTER, by=cast.wu, at=NOW)
    assert press.publish(draft, pictures=[foreign.pk]).pictures.count() == 0


@pytest.mark.parametrize("how", ["taken down", "hidden", "published again"])
def test_it_goes_with_the_words_and_its_file_as_well(
    press: Press,
    draft: Disclosure,
    folder: Path,
    client: Client,
    how: str,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    public = press.publish(draft, pictures=list(keys(draft).values()))
    first = public.pictures.all()[0]
    assert files(folder) == 2
    draft.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        if how == "taken down":
            take_down_disclosure(draft, by=press.cast.lin, at=NOW, reason=Reason.PRIVACY, note="有人脸")
        elif how == "hidden":
            cases.hide_text(Case.objects.get(pk=draft.case_id), at=NOW, hidden=True)
            press.follow()
        else:
            press.publish(draft)
    assert (PublicPicture.objects.count(), files(folder)) == (0, 0)
    assert client.get(f"/cases/{public.number}/pictures/{first.pk}/").status_code == 404


def test_the_status_goes_on_without_touching_them(press: Press, draft: Disclosure, cast: Cast) -> None:
    public = press.publish(draft, pictures=list(keys(draft).values()))
    cast.upto(draft.case, State.CLOSED)
    press.follow()
    assert PublicCase.objects.get(pk=public.pk).result == "rectified"
    assert public.pictures.count() == 2


def test_the_reviewer_ticks_them_on_the_page(draft: Disclosure, sign_in: Callable[[Staff], Client], cast: Cast) -> None:
    lin = sign_in(cast.lin)
    page = f"/desk/disclosure/{draft.number}/"
    assert lin.get(page).content.decode().count('name="pictures"') == 2
    refused = lin.post(page, {"seen": draft.version, "pictures": ["999999"]})
    assert refused.status_code == 200
    assert not PublicCase.objects.exists()
    assert lin.post(page, {"seen": draft.version, "pictures": [keys(draft)["after"]]}).status_code == 302
    assert PublicPicture.objects.get().kind == Evidence.AFTER
