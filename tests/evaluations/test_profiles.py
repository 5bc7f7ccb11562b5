"""Source profiles: every province in its own words, and their contradictions kept apart. All people are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.profiles import (
    BadMessage,
    canonical_rating,
    canonical_service,
    missing_fields,
    outgoing_result,
    parse_profile,
    project_candidates,
    read_time,
    shipped_data,
    shipped_profiles,
    unit_parts,
)

PROFILES = shipped_profiles()
ALL = sorted(PROFILES)
AT = datetime(2026, 3, 2, 2, 5, tzinfo=UTC)

# One rating and one service of each source, under its real field names.
RATINGS = {
    "shandong": {
        "projectNo": "37370602202603020001",
        "serviceNumber": 2,
        "assessNumber": 2,
        "satisfaction": "2",
        "evalDetail": "207,214",
        "writingEvaluation": "材料没有样本,问了三次",
        "assessTime": "2026-03-02 10:05:00",
        "pf": "4",
        "name": "演示甲",
        "userName": "演示乙",
        "mobile": "13800000001",
        "certKey": "演示证件1",
        "orgcode": "370600000000_11370600990000017B",
        "taskCode": "11370600990000017B3370010100100",
        "isdefault": "0",
        "winname": "A05",
        "winusername": "gk001",
        "flag": "I",
        "appStatus": 0,
    },
    "beijing": {
        "projectService": {
            "projectNo": "11010520260302001",
            "serviceNumber": 1,
            "satisfaction": 5,
            "assessTime": "2026-03-02 10:05:00",
            "pf": 1,
            "telPhone": "13800000002",
        }
    },
    "zhejiang": {
        "projectNo": "330106260302001",
        "satisfaction": "4",
        "evalDetail": "406",
        "writingEvaluation": "",
        "assessTime": "2026-03-02 10:05:00",
        "assessNumber": "2",
        "pf": "6",
        "deptCode": "11330106演示",
        "dataSource": "133",
    },
    "fujian": {
        "PROJECTNO": "350102260302001",
        "ALTERNATE": "1",
        "writingevalua": "电话一直没人接",
        "ASSESSTIME": "2026-03-02 10:05:00",
        "EVALUATETYPE": "1",
        "PF": "6",
        "CONTACTMOBILE": "13800000003",
    },
    "default": {
        "projectNo": "YT20260302001",
        "serviceNumber": 1,
        "satisfaction": "不满意",
        "assessTime": "2026-03-02T10:05:00+08:00",
        "evaluateChannel": "PJQ",
        "isDefault": False,
    },
}
CANONICAL_RATINGS = {
    "shandong": {
        "project_number": "37370602202603020001",
        "service_number": "2",
        "level": "2",
        "tags": "207,214",
        "text": "材料没有样本,问了三次",
        "rated_at": "2026-03-02 10:05:00",
        "channel": "kiosk",
        "name": "演示甲",
        "phone": "13800000001",
        "id_number": "演示证件1",
        "unit_code": "370600000000_11370600990000017B",
        "item_code": "11370600990000017B3370010100100",
        "is_default": "0",
        "window_code": "A05",
        "staff_number": "gk001",
    },
    "beijing": {
        "project_number": "11010520260302001",
        "service_number": "1",
        "level": "5",
        "rated_at": "2026-03-02 10:05:00",
        "channel": "web",
        "phone": "13800000002",
    },
    "zhejiang": {
        "project_number": "330106260302001",
        "level": "4",
        "tags": "406",
        "text": "",
        "rated_at": "2026-03-02 10:05:00",
        "assess_number": "2",
        "channel": "sms",
        "unit_code": "11330106演示",
    },
    "fujian": {
        "project_number": "350102260302001",
        "level": "1",
        "text": "电话一直没人接",
        "rated_at": "2026-03-02 10:05:00",
        "assess_number": "1",
        "channel": "phone",
        "phone": "13800000003",
    },
    "default": {
        "project_number": "YT20260302001",
        "service_number": "1",
        "level": "2",
        "rated_at": "2026-03-02T10:05:00+08:00",
        "channel": "kiosk",
        "is_default": "0",
    },
}
SERVICE = {
    "taskCode": "11370600990000017B337001010010001",
    "taskName": "建筑工程施工许可证核发",
    "projectNo": "370602202603020001",
    "projectType": "1",
    "proStatus": "3",
    "serviceNumber": 2,
    "serviceName": "受理",
    "serviceTime": "2026-03-02 10:05:00",
    "areaCode": "370600000000",
    "orgcode": "370600000000_11370600990000017B",
    "orgName": "烟台市行政审批服务局",
    "proManager": "gk001",
    "userProp": "2",
    "userName": "演示甲",
    "userPageType": "111",
    "certKeyGOV": "演示证件1",
    "mobile": "13800000001",
    "dataSource": "165",
}


def refused(act, *args, **more):
    with pytest.raises(BadMessage) as error:
        act(*args, **more)
    assert error.value.text
    return error.value.code, error.value.field


# --- every province in its own words --------------------------------------------------------------------------


@pytest.mark.parametrize("code", ALL)
def test_a_rating_in_a_provinces_own_names(code):
    assert canonical_rating(PROFILES[code], RATINGS[code]) == CANONICAL_RATINGS[code]
    assert missing_fields(PROFILES[code], "rating", RATINGS[code]) == []
    assert read_time(PROFILES[code], CANONICAL_RATINGS[code]["rated_at"]) == AT


def test_shandongs_service_message():
    profile = PROFILES["shandong"]
    assert canonical_service(profile, SERVICE) == {
        "project_number": "370602202603020001",
        "service_number": "2",
        "service_name": "受理",
        "item_code": "11370600990000017B3370010100100",
        "unit_code": "370600000000_11370600990000017B",
        "staff_number": "gk001",
        "served_at": "2026-03-02 10:05:00",
        "applicant": "演示甲",
        "phone": "13800000001",
        "project_type": "immediate",
        "user_property": "enterprise",
    }
    assert missing_fields(profile, "service", SERVICE) == []


def test_shandongs_mandatory_fields_are_named_when_empty():
    without = {name: value for name, value in SERVICE.items() if name not in ("mobile", "certKeyGOV")}
    assert missing_fields(PROFILES["shandong"], "service", {**without, "orgName": ""}) == [
        "mobile",
        "orgName",
        "certKey|certKeyGOV",
    ]


def test_beijing_wraps_each_message_and_calls_the_phone_telphone():
    inner = {"projectNo": "1", "serviceTime": "2026-03-02 10:05:00", "telPhone": "13800000002", "mobile": "13800000009"}
    expected = {"project_number": "1", "served_at": "2026-03-02 10:05:00", "phone": "13800000002"}
    assert canonical_service(PROFILES["beijing"], {"projectService": inner}) == expected
    assert canonical_service(PROFILES["beijing"], inner) == expected
    assert refused(canonical_service, PROFILES["beijing"], {"projectService": "1"}) == ("not_object", "projectService")


# --- the contradictions (domain.md §13) -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "six", "seven"),
    [
        ("fujian", "phone", "sms"),
        ("zhejiang", "sms", ""),
        ("shandong", "6", "7"),
        ("beijing", "6", "7"),
        ("default", "6", "7"),
    ],
)
def test_channels_six_and_seven_mean_what_their_province_means(code, six, seven):
    profile = PROFILES[code]
    assert canonical_rating(profile, {"pf": 6})["channel"] == six
    assert canonical_rating(profile, {"pf": "7"}) == {"channel": seven, **({"is_default": "1"} if not seven else {})}


@pytest.mark.parametrize("code", ALL)
def test_channels_one_to_five_mean_the_same_everywhere_and_nine_is_passed_on(code):
    found = [canonical_rating(PROFILES[code], {"pf": pf})["channel"] for pf in (1, 2, 3, 4, 5, 9)]
    assert found == ["web", "app", "window_qr", "kiosk", "terminal", "9"]


def test_silence_that_is_denied_is_a_contradiction():
    profile = PROFILES["zhejiang"]
    assert canonical_rating(profile, {"pf": "7", "isdefault": "1"}) == {"channel": "", "is_default": "1"}
    assert refused(canonical_rating, profile, {"pf": "7", "isdefault": "0"}) == ("conflict", "is_default")


def test_assess_number_is_the_services_number_in_shandong_and_the_ratings_elsewhere():
    message = {"assessNumber": 2}
    assert canonical_rating(PROFILES["shandong"], message) == {"service_number": "2"}
    assert canonical_rating(PROFILES["zhejiang"], message) == {"assess_number": "2"}
    assert canonical_rating(PROFILES["fujian"], {"evaluateType": "2"}) == {"assess_number": "2"}
    meanings = {code: profile.assess_number_means for code, profile in PROFILES.items()}
    assert meanings == {
        "shandong": "service_number",
        "zhejiang": "assess_number",
        "default": "assess_number",
        "beijing": "",
        "fujian": "",
    }


def test_shandongs_two_service_numbers_must_agree():
    assert refused(canonical_rating, PROFILES["shandong"], {"serviceNumber": 1, "assessNumber": 2})[0] == "conflict"
    assert canonical_rating(PROFILES["shandong"], {"serviceNumber": "", "assessNumber": 2}) == {"service_number": "2"}


@pytest.mark.parametrize("code", ["shandong", "beijing", "fujian", "default"])
def test_project_type_one_is_immediate_and_zhejiangs_promise_time_is_the_reverse(code):
    assert canonical_service(PROFILES[code], {"projectType": 1}) == {"project_type": "immediate"}
    assert canonical_service(PROFILES["zhejiang"], {"promiseTime": 1}) == {"project_type": "promised"}
    assert canonical_service(PROFILES["zhejiang"], {"promiseTime": 2}) == {"project_type": "immediate"}


def test_user_property_two_is_an_enterprise_and_in_zhejiang_any_legal_person():
    assert canonical_service(PROFILES["shandong"], {"userProp": 2}) == {"user_property": "enterprise"}
    assert canonical_service(PROFILES["zhejiang"], {"userProp": 2}) == {"user_property": "legal_person"}
    assert canonical_service(PROFILES["zhejiang"], {"userProp": 9}) == {"user_property": "9"}


def test_a_project_number_is_kept_and_looked_for_with_and_without_its_prefix():
    profile = PROFILES["shandong"]
    assert canonical_rating(profile, {"projectNo": "37370602001"}) == {"project_number": "37370602001"}
    assert project_candidates(profile, "37370602001") == ("37370602001", "3737370602001", "370602001")
    assert project_candidates(profile, "SP001") == ("SP001", "37SP001")
    assert project_candidates(profile, "37") == ("37", "3737")
    assert project_candidates(PROFILES["beijing"], "37001") == ("37001",)
    as_given, bare = "37SP001", "SP001"
    assert bare in project_candidates(profile, as_given)
    assert as_given in project_candidates(profile, bare)


def test_a_task_code_of_33_characters_is_its_first_31():
    code = "11370600990000017B3370010100100"
    for given_code, expected in [(code, code), (code + "01", code), (code + "0", code + "0"), ("", "")]:
        assert canonical_rating(PROFILES["shandong"], {"taskCode": given_code}) == {"item_code": expected}
    assert canonical_rating(PROFILES["zhejiang"], {"taskHandleItem": code + "01"}) == {"item_code": code}


def test_a_unit_is_a_division_and_a_credit_code():
    profile = PROFILES["shandong"]
    assert unit_parts(profile, "370600000000_11370600990000017B") == ("370600000000", "11370600990000017B")
    for plain in ("11370600990000017B", "370600-SPJ", "37060000000x_11370600990000017B", "370600000000_", ""):
        assert unit_parts(profile, plain) == ("", plain)
    assert unit_parts(PROFILES["zhejiang"], "370600000000_11370600990000017B").area == ""


def test_the_data_source_is_a_setting():
    assert {code: profile.data_source for code, profile in PROFILES.items() if profile.data_source} == {
        "beijing": "111",
        "zhejiang": "133",
    }
    ours = replace(PROFILES["shandong"], data_source="165")
    assert outgoing_result(ours, project_number="1", service_number="1")["dataSource"] == "165"


def test_jining_is_shandongs_profile_with_its_own_crypto():
    crypto = {"mode": "B", "encrypted_fields": ["name", "mobile", "certKey"]}
    jining = parse_profile({**shipped_data("shandong"), "code": "jining", "data_source": "165", "crypto": crypto})
    assert jining.crypto.mode == "B"
    assert jining.crypto.encrypted_fields == ("name", "mobile", "certKey")
    assert (PROFILES["shandong"].crypto.mode, PROFILES["beijing"].crypto.envelope) == ("A", "form")


# --- names, values and what cannot be read --------------------------------------------------------------------


def test_names_are_compared_in_any_case_and_the_first_filled_one_wins():
    profile = PROFILES["shandong"]
    assert canonical_rating(profile, {"PROJECTNO": "1", "ｐｆ": "1"}) == {"project_number": "1", "channel": "web"}
    assert canonical_rating(profile, {"userName": "演示乙", "name": "演示甲"}) == {"name": "演示甲"}
    assert canonical_rating(profile, {"userName": "演示乙", "name": " "}) == {"name": "演示乙"}
    assert canonical_rating(profile, {"userName": "演示乙", "name": None}) == {"name": "演示乙"}
    assert refused(canonical_rating, profile, {"projectNo": "1", "PROJECTNO": "2"})[0] == "conflict"


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (370602202603020001, "370602202603020001"), (True, "true"), (" 1 ", " 1 "), ("", "")]
)
def test_values_become_text_exactly(value, text):
    assert canonical_rating(PROFILES["zhejiang"], {"projectNo": value}) == {"project_number": text}


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("nested", {}),
        ("nested", ["1"]),
        ("nested", b"1"),
        ("inexact", 3.7e19),
        ("inexact", 1.0),
        ("inexact", float("nan")),
        pytest.param("inexact", 10**5000, id="huge"),
        ("not_text", "a\0b"),
        ("not_text", "\ud800"),
    ],
)
def test_a_value_that_is_no_single_text_is_refused_by_name(code, value):
    for profile in PROFILES.values():
        assert refused(canonical_rating, profile, {"projectNo": value}) == (code, "projectNo")


def test_what_is_not_ours_is_not_looked_at():
    assert canonical_rating(PROFILES["zhejiang"], {"certimage": [1], "x" * 10_000: {}}) == {}
    assert refused(canonical_rating, PROFILES["zhejiang"], ["projectNo"]) == ("not_object", "")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-02 10:05:00", AT),
        (" 2026-03-02 10:05:00 ", AT),
        ("20260302100500", AT),
        ("2026/3/2 10:05", AT),
        ("2026-03-02T10:05:00+08:00", AT),
        ("2026-03-02T02:05:00Z", AT),
        ("2026年3月2日 10:05", AT),
    ],
)
def test_a_time_is_beijings_where_it_names_no_zone(text, moment):
    assert read_time(PROFILES["default"], text) == moment


@pytest.mark.parametrize(
    "text", ["", "2026-03-02", "2026030210050", "2026-02-30 10:05:00", "10:05", "昨天", "46083.42"]
)
def test_a_time_is_never_guessed(text):
    assert refused(read_time, PROFILES["default"], text) == ("bad_time", "")


@pytest.mark.parametrize("kind", ["rating", "service"])
@pytest.mark.parametrize("code", ALL)
def test_what_a_profile_writes_it_reads_back(code, kind):
    profile = PROFILES[code]
    act = canonical_rating if kind == "rating" else canonical_service
    values = {name: _values(profile, name) for name in profile.fields[kind]}

    @settings(deadline=None)
    @given(fields=st.fixed_dictionaries({}, optional=values), capitals=st.booleans())
    def round_trip(fields, capitals):
        message = _rendered(profile, kind, fields)
        found = act(profile, {name.upper() if capitals else name: value for name, value in message.items()})
        assert found == fields

    round_trip()


def _values(profile, name):
    """Any text for a plain field, our own words for one with codes."""
    texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
    return st.sampled_from(sorted(set(profile.codes[name].values()))) if name in profile.codes else texts


def _rendered(profile, kind, fields):
    """The message a source would send: its first name for each field, one of its codes for each of our words."""
    back = {name: {ours: code for code, ours in codes.items()} for name, codes in profile.codes.items()}
    return {profile.fields[kind][name][0]: back.get(name, {}).get(value, value) for name, value in fields.items()}
