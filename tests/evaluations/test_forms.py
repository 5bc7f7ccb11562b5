"""What citizens type: nothing they can send breaks a form, and the one rule about reasons holds."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.enums import Level
from evaluations.forms import (
    FindServiceForm,
    FollowUpForm,
    PressureForm,
    RatingForm,
    ReopenForm,
    StatementForm,
    TrackForm,
)
from evaluations.models import Tag
from evaluations.seed import FOLDER
from evaluations.words import TAG_WORDS
from organizations.reference import read_table

TAGS = [
    Tag(code=code, level=int(code[0]), label=code, core=code.endswith(("7", "8")), active=True)
    for code in ("510", "406", "307", "207", "208", "210", "108", "111")
]
NASTY = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=())),
    st.sampled_from(["\x00", "a\x00b", "\ud800", "𠮷" * 600, "\u202e=1+1", "１", "108", "-1", "5.0", " "]),
    st.text(min_size=490, max_size=520),
)


def rating(**data: object) -> RatingForm:
    return RatingForm(data, tags=TAGS)


@pytest.mark.parametrize("level", [3, 4, 5])
def test_praise_needs_nothing_more(level: int) -> None:
    form = rating(level=str(level))
    assert form.is_valid(), form.errors
    assert form.words().tags == []


@pytest.mark.parametrize("level", [1, 2])
def test_blame_needs_a_reason_and_says_so(level: int) -> None:
    form = rating(level=str(level))
    assert form.errors["tags"] == ["请选一个原因或写一句话,方便我们改正"]
    assert rating(level=str(level), text="等了两个小时").is_valid()
    assert rating(level=str(level), tags=[{1: "108", 2: "207"}[level]]).is_valid()


@pytest.mark.parametrize("level", [1, 2])
def test_white_space_is_no_reason(level: int) -> None:
    assert not rating(level=str(level), text=" \r\n\u3000 ").is_valid()


def test_nothing_is_preselected_and_the_best_comes_first() -> None:
    form = RatingForm(tags=TAGS)
    assert form["level"].value() is None
    assert [value for value, _label in form.fields["level"].choices] == [5, 4, 3, 2, 1]
    assert " checked" not in str(form["level"])


def test_ticks_of_another_level_are_left_out_and_give_no_reason() -> None:
    form = rating(level="1", tags=["108", "207"])
    assert form.is_valid()
    assert [tag.code for tag in form.words().tags] == ["108"]
    assert not rating(level="1", tags=["207"]).is_valid()


@pytest.mark.parametrize("code", ["101", "999", "108' OR 1=1", ""])
def test_retired_and_unknown_tags_are_refused(code: str) -> None:
    assert "tags" in rating(level="1", tags=[code]).errors


@pytest.mark.parametrize("level", ["0", "6", "五", "", "1e0", "None"])
def test_only_the_five_levels(level: str) -> None:
    assert "level" in rating(level=level).errors


def test_text_is_counted_in_characters_a_line_break_being_one() -> None:
    assert rating(level="5", text="𠮷" * 500).is_valid()
    assert rating(level="5", text="a\r\n" * 249 + "aa").is_valid()
    form = rating(level="5", text="𠮷" * 501)
    assert form.errors["text"] == ["最多 500 个字,现在是 501 个字"]
    assert form["text"].value() == "𠮷" * 501


@pytest.mark.parametrize(
    ("typed", "fine"),
    [
        ("", True),
        ("13800000001", True),
        ("１３８ ００００ ０００１", True),
        ("+86 138-0000-0001", True),
        ("0535-6000000", True),
        ("12", False),
        ("打我电话", False),
        ("1380000000a", False),
        ("9" * 40, False),
        ("١٣٨٠٠٠٠٠٠٠١", False),
    ],
)
def test_phones_as_people_write_them(typed: str, fine: bool) -> None:
    assert rating(level="5", phone=typed).is_valid() is fine


def test_a_missing_or_forged_nonce_becomes_a_new_one() -> None:
    first, second = rating(level="5", nonce="x"), rating(level="5")
    assert first.is_valid()
    assert second.is_valid()
    assert len({first.cleaned_data["nonce"], second.cleaned_data["nonce"], "x"}) == 3


def test_the_error_summary_leads_to_the_first_tag_of_the_chosen_level() -> None:
    groups = {reasons.level: reasons for reasons in rating(level="2").reasons()}
    assert groups[Level.DISSATISFIED].usual[0].id == "id_tags_0"
    assert groups[Level.VERY_DISSATISFIED].usual[0].id == "tag_108"
    assert [chip.code for chip in groups[Level.DISSATISFIED].more] == ["210"]


def test_every_tag_in_use_has_its_wording_for_translation() -> None:
    assert set(TAG_WORDS) == {row["label"] for row in read_table(FOLDER, "tags") if row["active"] == "1"}


POSTED = {name: st.lists(NASTY, max_size=3) for name in ("level", "tags", "text", "phone", "nonce")}


@settings(max_examples=500, deadline=None)
@given(st.fixed_dictionaries({}, optional=POSTED))
def test_nothing_breaks_the_rating_form(data: dict[str, list[str]]) -> None:
    posted = QueryDict(mutable=True)
    for name, values in data.items():
        posted.setlist(name, values)
    form = RatingForm(posted, tags=TAGS)
    if form.is_valid():
        words = form.words()
        words.text.encode()
        assert "\x00" not in words.text + words.phone
    str(form["text"]), form.reasons()


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([FindServiceForm, FollowUpForm, PressureForm, ReopenForm, StatementForm, TrackForm]),
    st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("number", "name", "code", "verdict", "text", "reason", "picture"), NASTY)
    ),
)
def test_nothing_breaks_the_other_forms(kind: type, data: dict[str, str]) -> None:
    form = kind(data)
    if form.is_valid():
        for value in form.cleaned_data.values():
            assert "\x00" not in str(value)
            str(value).encode()


@pytest.mark.parametrize("typed", ["7KQ4-2M9X", "7kq42m9x", " ７ＫＱ４－２Ｍ９Ｘ ", "7KQ4 2M9X"])
def test_numbers_are_read_as_typed_from_paper(typed: str) -> None:
    form = TrackForm({"number": typed, "code": "３84 216"})
    assert form.is_valid()
    assert form.cleaned_data == {"number": "7KQ4-2M9X", "code": "384216"}


def test_a_reopening_keeps_reason_and_words() -> None:
    form = ReopenForm({"reason": "partly", "text": "窗口还是不收现金"})
    assert form.is_valid()
    assert form.note() == "只解决了一部分。窗口还是不收现金"


def test_a_file_name_that_is_too_long_is_said() -> None:
    """The limit of a file field is of its name; the words of a text's limit do not fit it."""
    upload = SimpleUploadedFile("字" * 220 + ".png", b"x", "image/png")
    form = StatementForm({"text": "x"}, {"picture": upload})
    assert not form.is_valid()
    assert "文件名太长了" in str(form.errors["picture"])
