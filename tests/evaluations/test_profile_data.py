"""Profiles as data: what is refused, the columns of a file, and what goes back to a source."""

from __future__ import annotations

from datetime import UTC, datetime
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.enums import RatingChannel
from evaluations.profiles import (
    CANONICAL,
    BadMessage,
    BadProfile,
    canonical_rating,
    canonical_row,
    columns_for,
    outgoing_result,
    parse_profile,
    response_for,
    shipped_data,
    shipped_profiles,
)

PROFILES = shipped_profiles()
AT = datetime(2026, 3, 2, 2, 5, tzinfo=UTC)


def changed(parts):
    """The default profile's data with some parts replaced, a path written as `crypto__mode`."""
    data = shipped_data("default")
    for path, value in parts.items():
        *way, place = path.split("__")
        inner = data
        for step in way:
            inner = inner.setdefault(step, {})
        inner[place] = value
    return data


# --- what is refused ------------------------------------------------------------------------------------------


def test_the_shipped_profiles_are_the_five_and_say_where_they_are_known_from():
    assert sorted(PROFILES) == ["beijing", "default", "fujian", "shandong", "zhejiang"]
    for code, profile in PROFILES.items():
        assert profile.code == code
        assert any("[C" in line or "[I]" in line for line in profile.evidence)
        assert parse_profile(MappingProxyType(shipped_data(code))) == profile


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("code", {"code": "Shan Dong"}),
        ("code", {"code": "x" * 21}),
        ("name", {"name": 5}),
        ("evidence", {"evidence": [5]}),
        ("fieldz", {"fieldz": {}}),
        ("fields.message", {"fields__message": {}}),
        ("fields.rating", {"fields__rating": []}),
        ("fields.rating.colour", {"fields__rating__colour": ["colour"]}),
        ("fields.rating.level", {"fields__rating__level": []}),
        ("fields.rating.rated_at", {"fields__rating__rated_at": "assessTime"}),
        ("fields.rating.tags", {"fields__rating__tags": ["SATISFACTION"]}),
        ("fields.rating.tags", {"fields__rating__tags": [" "]}),
        ("headers.rating.text", {"headers__rating__text": ["满 意 度"]}),
        ("codes.channel.6", {"codes__channel__6": "mail"}),
        ("codes.level.0", {"codes__level__0": "0"}),
        ("codes.level.0", {"codes__level__0": 1}),
        ("codes.text.1", {"codes__text": {"1": "好"}}),
        ("codes.channel.pjq", {"codes__channel__pjq": "terminal"}),
        ("codes.channel. ", {"codes__channel": {" ": "web"}}),
        ("silent_channels", {"silent_channels": ["1"]}),
        ("silent_channels", {"silent_channels": [" "]}),
        ("time_formats", {"time_formats": []}),
        ("time_formats", {"time_formats": ["%Y-%m-%d"]}),
        ("time_formats", {"time_formats": ["%Q"]}),
        ("unit_code", {"unit_code": "uscc"}),
        ("crypto", {"crypto": {"mode": "A"}}),
        ("crypto", {"crypto": "B"}),
        ("crypto.mode", {"crypto__mode": "C"}),
        ("crypto.order", {"crypto__order": "C3C2C1"}),
        ("crypto.secret", {"crypto__secret": "x"}),
        ("crypto.encrypted_fields", {"crypto__encrypted_fields": ["colour"]}),
        ("result.answer", {"result__answer": "$reply"}),
        ("response.body.code", {"response__body": {"code": 5}}),
    ],
)
def test_a_profile_that_would_misread_its_source_is_refused_at_its_place(path, parts):
    with pytest.raises(BadProfile) as error:
        parse_profile(changed(parts))
    assert error.value.path == path
    assert error.value.reason


@pytest.mark.parametrize(
    "missing", ["code", "name", "version", "evidence", "fields", "time_formats", "result", "response"]
)
def test_what_a_profile_cannot_do_without_is_named(missing):
    data = shipped_data("default")
    del data[missing]
    with pytest.raises(BadProfile, match=f"^{missing}: 缺少这一项"):
        parse_profile(data)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(part=st.sampled_from(sorted(PROFILES["default"].__dataclass_fields__)), value=json_values)
@settings(max_examples=300, deadline=None)
def test_any_json_in_the_place_of_any_part_is_read_or_refused(part, value):
    try:
        profile = parse_profile(changed({part: value}))
    except BadProfile:
        return
    assert canonical_rating(profile, {"projectNo": "1"}) == {"project_number": "1"}


@settings(deadline=None)
@given(value=json_values)
def test_what_is_no_profile_is_refused(value):
    with pytest.raises(BadProfile):
        parse_profile(value)


# --- our channels ---------------------------------------------------------------------------------------------


def test_our_channels_are_those_of_the_rules_and_fit_their_column():
    assert set(RatingChannel.values) == {
        *("web", "slip", "window_qr", "sms", "app", "kiosk", "terminal"),
        *("phone", "hotline", "box", "paper", "check", "social", "silent"),
    }
    assert all(len(value) <= 12 for value in RatingChannel.values)
    own = PROFILES["default"].codes["channel"]
    # Silence used no channel, so no source names it.
    assert {own[value] for value in RatingChannel.values if value != "silent"} == set(RatingChannel.values) - {"silent"}


# --- the columns of a file ------------------------------------------------------------------------------------

HEADER = [
    "办件编号",
    "满意度",
    "评价时间",
    "部门编码",
    "事项编码",
    "评价渠道",
    "文字评价",
    "测评标签",
    "窗口",
    "是否默认评价",
]
MEANT = [
    *("project_number", "level", "rated_at", "unit_code", "item_code"),
    *("channel", "text", "tags", "window_code", "is_default"),
]


def test_a_chinese_header_is_understood():
    assert columns_for(PROFILES["default"], HEADER, "rating") == MEANT


def test_a_header_is_compared_in_any_case_width_and_spacing():
    header = ["\ufeff办件 编号", "ＳＡＴＩＳＦＡＣＴＩＯＮ", " assesstime\n", "备注", "", "rated at", "level "]
    expected = ["project_number", "level", "rated_at", None, None, None, None]
    assert columns_for(PROFILES["default"], header, "rating") == expected


def test_a_service_file_has_fields_of_its_own():
    header = ["办件编号", "服务时间", "申请人", "满意度", "办件类型"]
    assert columns_for(PROFILES["default"], header, "service") == [
        *("project_number", "served_at", "applicant", None, "project_type")
    ]


def test_the_column_named_first_in_the_profile_has_the_field():
    header = ["userName", "name", "name", "level"]
    assert columns_for(PROFILES["shandong"], header, "rating") == [None, "name", None, "level"]


@settings(deadline=None)
@given(
    header=st.lists(st.sampled_from([*HEADER, *CANONICAL["rating"], "满意度 ", "x"]) | st.text(max_size=8), max_size=30)
)
def test_no_field_is_given_twice(header):
    for profile in PROFILES.values():
        found = columns_for(profile, header, "rating")
        given = [field for field in found if field]
        assert len(found) == len(header)
        assert len(given) == len(set(given))
        assert set(given) <= set(CANONICAL["rating"])


def test_a_row_is_read_by_its_columns_and_in_the_sources_codes():
    cells = ["YT1", "不满意", "2026-03-02 10:05", "370600-SPJ", "", "评价器", "等了很久", "214", "A05", "否", "多余"]
    row = canonical_row(PROFILES["default"], "rating", MEANT, cells)
    assert row == {**dict(zip(MEANT, cells, strict=False)), "level": "2", "channel": "kiosk", "is_default": "0"}
    assert canonical_row(PROFILES["zhejiang"], "rating", ["channel", None], ["7", {}]) == {
        "channel": "",
        "is_default": "1",
    }
    with pytest.raises(BadMessage) as error:
        canonical_row(PROFILES["default"], "rating", ["level"], [[]])
    assert (error.value.code, error.value.field) == ("nested", "level")


# --- what goes back -------------------------------------------------------------------------------------------


def test_shandong_is_told_in_its_own_names():
    message = outgoing_result(
        PROFILES["shandong"],
        project_number="37SP001",
        service_number="2",
        valid=True,
        answer="已增设样本",
        rectification="窗口补齐样本",
        answered_at=AT,
        answer_days=3,
    )
    assert message == {
        "projectNo": "37SP001",
        "serviceNumber": "2",
        "assessNumber": "2",
        "effectivEvalua": "1",
        "answerStatus": "1",
        "answer": "已增设样本",
        "answerdate": "2026-03-02 10:05:00",
        "answerday": "3",
        "rectification": "窗口补齐样本",
    }


def test_what_is_undecided_or_unanswered_is_not_claimed():
    message = outgoing_result(PROFILES["shandong"], project_number="1", service_number="1")
    assert message["answerStatus"] == "0"
    assert message["answer"] == message["rectification"] == ""
    assert not {"effectivEvalua", "answerdate", "answerday", "dataSource"} & set(message)
    invalid = outgoing_result(PROFILES["shandong"], project_number="1", service_number="1", valid=False)
    assert invalid["effectivEvalua"] == "0"


def test_a_second_rating_is_told_apart_where_the_source_can():
    told = {"project_number": "1", "service_number": "3", "assess_number": "2", "source_rating_id": "r9"}
    assert outgoing_result(PROFILES["zhejiang"], **told)["assessNumber"] == "2"
    assert outgoing_result(PROFILES["fujian"], **told)["evaluateType"] == "2"
    assert outgoing_result(PROFILES["default"], **told)["ratingId"] == "r9"
    assert outgoing_result(PROFILES["shandong"], **told)["assessNumber"] == "3"


def test_shandong_is_answered_in_its_envelope():
    done = response_for(PROFILES["shandong"], success=True, message="ok", services=[{"projectNo": "1"}])
    assert done == {
        "C-Response-Desc": "success",
        "C-Response-Body": {"success": "success", "message": "ok", "serviceList": [{"projectNo": "1"}]},
    }
    assert response_for(PROFILES["shandong"], success=False, message="x")["C-Response-Desc"] != "success"


def test_beijing_is_answered_in_its_envelope():
    done = response_for(PROFILES["beijing"], success=False, code="conflict", message="x", service_number="2")
    assert done == {"success": False, "code": "conflict", "errorMessage": "x", "serviceCode": "", "serviceNumber": "2"}
