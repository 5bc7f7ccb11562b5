"""Envelopes: what was sealed is opened, and everything else is refused by name, never by another exception."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations import envelopes
from evaluations.envelopes import BadEnvelope, Fault, HmacKey, Sm2Private, Sm2Public, sm2
from evaluations.envelopes.signed import HEADER_NAMES, signed_text

needs_sm2 = pytest.mark.skipif(not sm2.available(), reason="no wheel of gmssl_pyx for this machine")
NOW = datetime(2026, 3, 2, 2, 5, tzinfo=UTC)
SKEW = timedelta(minutes=5)
BODY = b'{"projectNo":"37060020260302000001","satisfaction":"2","evalDetail":"214"}'
RATING = {"projectNo": "37060020260302000001", "serviceNumber": 1, "satisfaction": "2", "writingEvaluation": "等了很久"}
MARK, WORD = "demo-mark", "演示-word"
PARAMS = {"txn": "evaluate", "form": "data"}


@pytest.fixture(params=["hmac", pytest.param("sm2", marks=needs_sm2)])
def keys(request):
    """(what the sender signs with, what the receiver checks with), made now."""
    if request.param == "hmac":
        secret = HmacKey(envelopes.new_nonce().encode())
        return secret, secret
    pair = sm2.generate()
    return Sm2Private(pair.private), Sm2Public(pair.public)


@pytest.fixture(scope="module")
def pair():
    return sm2.generate()


def signed(key, body=BODY, at=NOW, nonce="n" * 16):
    return envelopes.sign(body, app_id="demo-app", key=key, at=at, nonce=nonce)


def refused(code, act, *args, **more):
    with pytest.raises(BadEnvelope) as error:
        act(*args, **more)
    assert error.value.code == code, error.value
    return error.value.text


# --- mode B ---------------------------------------------------------------------------------------------------


def test_what_was_signed_is_accepted(keys):
    sender, receiver = keys
    sent = signed(sender)
    headers = envelopes.read_headers({name.upper(): value for name, value in sent.as_http().items()})
    assert headers == sent
    envelopes.verify(headers, BODY, key=receiver, at=NOW)
    envelopes.verify(signed(sender, body=b""), b"", key=receiver, at=NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"timestamp": str(int(NOW.timestamp()) + 1)},
        {"nonce": "m" * 16},
        {"signature": "0" * 64},
        {"signature": "0" * 128},
        {"signature": ""},
        {"signature": "中" * 64},
    ],
)
def test_another_time_nonce_or_signature_is_refused(keys, change):
    sender, receiver = keys
    headers = envelopes.Headers(**{**vars(signed(sender)), **change})
    with pytest.raises(BadEnvelope) as error:
        envelopes.verify(headers, BODY, key=receiver, at=NOW)
    assert error.value.code in (Fault.BAD_SIGNATURE, Fault.BAD_HEX)


def test_a_swapped_body_is_refused(keys):
    sender, receiver = keys
    refused(Fault.BAD_SIGNATURE, envelopes.verify, signed(sender), BODY + b" ", key=receiver, at=NOW)


def test_another_partners_key_is_refused(keys):
    sender, _ = keys
    refused(Fault.BAD_SIGNATURE, envelopes.verify, signed(sender), BODY, key=HmacKey(b"x" * 16), at=NOW)


@pytest.mark.parametrize("late", [-SKEW, SKEW])
def test_five_minutes_either_way_are_in_time_and_a_second_more_is_not(keys, late):
    sender, receiver = keys
    envelopes.verify(signed(sender), BODY, key=receiver, at=NOW + late)
    beyond = late + timedelta(seconds=1 if late > timedelta(0) else -1)
    refused(Fault.STALE, envelopes.verify, signed(sender), BODY, key=receiver, at=NOW + beyond)
    envelopes.verify(signed(sender), BODY, key=receiver, at=NOW + beyond, skew=SKEW + timedelta(seconds=1))


def test_a_request_is_remembered_for_as_long_as_it_would_be_accepted():
    key = HmacKey(b"k" * 16)
    early = signed(key, at=NOW + SKEW)
    envelopes.verify(early, BODY, key=key, at=NOW)
    assert envelopes.remember(early) == "B:demo-app:nnnnnnnnnnnnnnnn"
    envelopes.verify(early, BODY, key=key, at=NOW + envelopes.REPEATABLE)
    late = NOW + envelopes.REPEATABLE + timedelta(seconds=1)
    refused(Fault.STALE, envelopes.verify, early, BODY, key=key, at=late)


@pytest.mark.parametrize(
    "timestamp", ["", "1", "17724183000", "１７７２４１８３００", "-772418300", "1772418300.0", "NaN"]
)
def test_a_timestamp_is_ten_digits(timestamp):
    key = HmacKey(b"k" * 16)
    headers = envelopes.Headers("demo-app", timestamp, "n" * 16, "0" * 64)
    refused(Fault.BAD_TIME, envelopes.verify, headers, BODY, key=key, at=NOW)


@pytest.mark.parametrize("nonce", ["", "n" * 15, "n" * 65, "n" * 15 + " ", "n" * 16 + "\n", "ｎ" * 16])
def test_a_nonce_is_long_enough_and_plain(nonce):
    key = HmacKey(b"k" * 16)
    refused(Fault.BAD_NONCE, envelopes.verify, signed(key, nonce=nonce), BODY, key=key, at=NOW)


@pytest.mark.parametrize("missing", HEADER_NAMES.values())
def test_a_missing_header_is_named(missing):
    http = signed(HmacKey(b"k" * 16)).as_http()
    assert missing in refused(Fault.MISSING_HEADER, envelopes.read_headers, {**http, missing: ""})
    assert missing in refused(
        Fault.MISSING_HEADER, envelopes.read_headers, {name: v for name, v in http.items() if name != missing}
    )


def test_a_huge_body_is_refused_before_it_is_hashed():
    key = HmacKey(b"k" * 16)
    refused(Fault.TOO_LARGE, envelopes.verify, signed(key), BODY, key=key, at=NOW, limit=len(BODY) - 1)
    envelopes.verify(signed(key), BODY, key=key, at=NOW, limit=len(BODY))


def test_a_short_secret_is_no_secret():
    refused(Fault.BAD_KEY, signed, HmacKey(b"k" * 15))


def test_the_signature_may_be_written_in_capitals(keys):
    sender, receiver = keys
    headers = signed(sender)
    shouted = envelopes.Headers(headers.app_id, headers.timestamp, headers.nonce, headers.signature.upper())
    assert shouted != headers
    envelopes.verify(shouted, BODY, key=receiver, at=NOW)


@settings(deadline=None)
@given(
    one=st.tuples(st.from_regex(r"[0-9]{10}", fullmatch=True), st.from_regex(r"[a-z0-9]{16,20}", fullmatch=True)),
    other=st.tuples(st.from_regex(r"[0-9]{10}", fullmatch=True), st.from_regex(r"[a-z0-9]{16,20}", fullmatch=True)),
)
def test_no_two_requests_share_a_signed_text(one, other):
    assert (signed_text(*one, BODY) == signed_text(*other, BODY)) == (one == other)


anything = st.text(max_size=140) | st.sampled_from(["1772417100", "n" * 16, "0" * 64, "0" * 128, "\ud800"])


@pytest.mark.parametrize("algorithm", ["hmac", pytest.param("sm2", marks=needs_sm2)])
def test_noise_in_headers_is_refused_by_name(algorithm):
    key = HmacKey(b"k" * 16) if algorithm == "hmac" else Sm2Public(sm2.generate().public)

    @given(values=st.tuples(anything, anything, anything, anything), body=st.binary(max_size=50))
    @settings(max_examples=200, deadline=None)
    def noise(values, body):
        http = dict(zip(HEADER_NAMES.values(), values, strict=True))
        with pytest.raises(BadEnvelope):
            envelopes.verify(envelopes.read_headers(http), body, key=key, at=NOW)

    noise()


# --- mode A ---------------------------------------------------------------------------------------------------


def sealed(style, pair, messages=(RATING,), at=NOW, word=WORD, order="C1C3C2"):
    return envelopes.seal_legacy(
        style, PARAMS[style], messages, app_mark=MARK, app_word=word, public_key=pair.public, at=at, order=order
    )


def opened(style, body, pair, at=NOW, **more):
    envelope = envelopes.read_legacy(style, PARAMS[style], body)
    assert envelope.app_mark == MARK
    return envelopes.open_legacy(envelope, app_word=WORD, private_key=pair.private, at=at, **more)


@needs_sm2
@pytest.mark.parametrize("order", ["C1C3C2", "C1C2C3"])
@pytest.mark.parametrize("style", ["txn", "form"])
@pytest.mark.parametrize("many", [1, 40])
def test_what_a_source_seals_is_opened(pair, style, order, many):
    messages = [{**RATING, "serviceNumber": number} for number in range(many)]
    assert opened(style, sealed(style, pair, messages, order=order), pair, order=order) == messages


@needs_sm2
def test_the_envelope_has_the_shape_of_its_province(pair):
    outer = json.loads(sealed("txn", pair))
    assert set(outer) == {"txnBodyCom", "txnCommCom"}
    assert set(outer["txnBodyCom"]) == {"sign", "params", "time", "appMark"}
    assert outer["txnBodyCom"]["time"] == "20260302100500"  # Beijing time
    assert [type(cipher) for cipher in outer["txnBodyCom"]["params"]["evaluate"]] == [str]
    form = dict(part.split("=", 1) for part in sealed("form", pair).decode().split("&"))
    assert set(form) == {"appMark", "time", "sign", "params"}


@needs_sm2
def test_params_may_be_an_object_or_its_text_and_hold_one_cipher_or_several(pair):
    outer = json.loads(sealed("txn", pair))
    cipher = outer["txnBodyCom"]["params"]["evaluate"][0]
    for params, count in [({"evaluate": cipher}, 1), (json.dumps({"evaluate": [cipher, cipher]}), 2)]:
        body = json.dumps({"txnBodyCom": {**outer["txnBodyCom"], "params": params}}).encode()
        assert opened("txn", body, pair) == [RATING] * count


@needs_sm2
@pytest.mark.parametrize("style", ["txn", "form"])
def test_a_wrong_app_word_another_key_and_another_time_are_refused(pair, style):
    refused(Fault.BAD_SIGNATURE, opened, style, sealed(style, pair, word="guessed"), pair)
    refused(Fault.BAD_CIPHER, opened, style, sealed(style, pair), sm2.generate())
    for late in (-SKEW, SKEW):
        assert opened(style, sealed(style, pair), pair, at=NOW + late) == [RATING]
        refused(Fault.STALE, opened, style, sealed(style, pair), pair, at=NOW + late * 1.01)


@needs_sm2
def test_a_time_moved_forward_no_longer_fits_its_sign(pair):
    outer = json.loads(sealed("txn", pair, at=NOW - timedelta(days=1)))
    outer["txnBodyCom"]["time"] = "20260302100500"
    refused(Fault.BAD_SIGNATURE, opened, "txn", json.dumps(outer).encode(), pair)


@needs_sm2
def test_contents_put_under_a_recorded_sign_are_betrayed_by_what_is_remembered(pair):
    honest, forged = json.loads(sealed("txn", pair)), json.loads(sealed("txn", pair, [{"satisfaction": "5"}]))
    forged["txnBodyCom"]["sign"] = honest["txnBodyCom"]["sign"].upper()
    first, second = (envelopes.read_legacy("txn", "evaluate", json.dumps(each).encode()) for each in (honest, forged))
    assert opened("txn", json.dumps(forged).encode(), pair) == [{"satisfaction": "5"}]
    assert envelopes.remember_legacy(first) == envelopes.remember_legacy(second)
    fresh = envelopes.read_legacy("txn", "evaluate", sealed("txn", pair))
    assert envelopes.remember_legacy(fresh) != envelopes.remember_legacy(first)


GOOD = {"sign": "aa", "time": "20260302100500", "appMark": MARK, "params": {"evaluate": ["aa"]}}


@pytest.mark.parametrize(
    ("code", "body"),
    [
        (Fault.BAD_JSON, b""),
        (Fault.BAD_JSON, b"\xff\xfe{\x00}\x00"),
        (Fault.BAD_JSON, b"[" * 100_000),
        (Fault.BAD_JSON, b'{"txnBodyCom":' + b"9" * 10_000 + b"}"),
        (Fault.BAD_JSON, b'{"txnBodyCom":NaN}'),
        (Fault.BAD_JSON, b'{"txnBodyCom":{},"txnBodyCom":{}}'),
        (Fault.BAD_SHAPE, b"[]"),
        (Fault.MISSING_FIELD, b"{}"),
        (Fault.MISSING_FIELD, b'{"txnBodyCom":"x"}'),
        *[
            (Fault.MISSING_FIELD, json.dumps({"txnBodyCom": {**GOOD, name: value}}).encode())
            for name in ("sign", "time", "appMark", "params")
            for value in (None, 5, [], *([""] if name != "params" else []))
        ],
        (Fault.MISSING_FIELD, json.dumps({"txnBodyCom": {**GOOD, "params": {"data": "aa"}}}).encode()),
        (Fault.BAD_JSON, json.dumps({"txnBodyCom": {**GOOD, "params": "evaluate"}}).encode()),
        (Fault.BAD_SHAPE, json.dumps({"txnBodyCom": {**GOOD, "params": {"evaluate": []}}}).encode()),
        (Fault.BAD_SHAPE, json.dumps({"txnBodyCom": {**GOOD, "params": {"evaluate": [["aa"]]}}}).encode()),
    ],
)
def test_a_malformed_json_envelope_is_refused_by_name(code, body):
    refused(code, envelopes.read_legacy, "txn", "evaluate", body)


@pytest.mark.parametrize(
    ("code", "body"),
    [
        (Fault.BAD_FORM, b"sign"),
        (Fault.BAD_FORM, "sign=签".encode()),
        (Fault.BAD_FORM, b"sign=%ff"),
        (Fault.BAD_FORM, b"&".join(b"a%d=1" % number for number in range(50))),
        (Fault.BAD_FORM, urlencode({**GOOD, "params": "{}"}).encode() + b"&time=20260302100500"),
        (Fault.MISSING_FIELD, urlencode({"sign": "aa", "time": "x", "appMark": MARK}).encode()),
        (Fault.BAD_JSON, urlencode({**GOOD, "params": "data"}).encode()),
        (Fault.MISSING_FIELD, urlencode({**GOOD, "params": "{}"}).encode()),
    ],
)
def test_a_malformed_form_is_refused_by_name(code, body):
    refused(code, envelopes.read_legacy, "form", "data", body)


def test_a_huge_envelope_is_refused_unread():
    refused(Fault.TOO_LARGE, envelopes.read_legacy, "txn", "evaluate", b"[" * 101, limit=100)


@pytest.mark.parametrize(
    "time", ["2026030210050", "20260230100500", "20260302 10050", "00000000000000", "２０２６0302100500"]
)
def test_a_time_is_a_moment_of_the_calendar(time):
    envelope = envelopes.LegacyEnvelope(MARK, time, "aa", ("aa",))
    refused(Fault.BAD_TIME, envelopes.open_legacy, envelope, app_word=WORD, private_key="", at=NOW)


@needs_sm2
@pytest.mark.parametrize(
    ("code", "text"),
    [(Fault.BAD_JSON, b"{"), (Fault.BAD_SHAPE, b'{"a":1}'), (Fault.BAD_SHAPE, b"[1]"), (Fault.BAD_JSON, b"\xff")],
)
def test_params_that_hold_no_messages_are_refused_by_name(pair, code, text):
    outer = json.loads(sealed("txn", pair))
    outer["txnBodyCom"]["params"]["evaluate"] = [sm2.encrypt(pair.public, text)]
    refused(code, opened, "txn", json.dumps(outer).encode(), pair)


@needs_sm2
@pytest.mark.parametrize("style", ["txn", "form"])
def test_a_damaged_envelope_is_refused_by_name(pair, style):
    whole = sealed(style, pair)

    @given(place=st.integers(0, len(whole) - 1), put=st.binary(max_size=3), cut=st.integers(0, 40))
    @settings(max_examples=300, deadline=None)
    def damage(place, put, cut):
        body = whole[:place] + put + whole[place + cut :]
        try:
            envelope = envelopes.read_legacy(style, PARAMS[style], body)
            found = envelopes.open_legacy(envelope, app_word=WORD, private_key=pair.private, at=NOW)
        except BadEnvelope:
            return
        assert found == [RATING], "only what changes nothing (a capital, a space) may pass"

    damage()


@given(body=st.binary(max_size=200), style=st.sampled_from(["txn", "form"]))
@settings(max_examples=300, deadline=None)
def test_noise_is_no_envelope(body, style):
    with pytest.raises(BadEnvelope):
        envelopes.read_legacy(style, PARAMS[style], body)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["evaluate", "a"]), inner),
)


@given(fields=st.fixed_dictionaries({}, optional=dict.fromkeys(GOOD, json_values)))
@settings(max_examples=300, deadline=None)
def test_any_json_in_the_place_of_any_field_is_read_or_refused(fields):
    body = json.dumps({"txnBodyCom": {**GOOD, **fields}}).encode()
    try:
        envelope = envelopes.read_legacy("txn", "evaluate", body)
    except BadEnvelope:
        return
    assert all(isinstance(text, str) for text in (envelope.app_mark, envelope.time, envelope.sign, *envelope.ciphers))


# --- fields encrypted one by one ------------------------------------------------------------------------------

HIDDEN = ("name", "mobile", "certKey")
PERSON = {"projectNo": "1", "name": "演示王某", "MOBILE": "13800000001", "certkey": "", "userProp": None, "n": 3}


@needs_sm2
def test_named_fields_are_encrypted_one_by_one_in_any_case(pair):
    over = envelopes.encrypt_fields(PERSON, HIDDEN, public_key=pair.public)
    assert {name for name in PERSON if over[name] != PERSON[name]} == {"name", "MOBILE"}
    assert envelopes.decrypt_fields(over, HIDDEN, private_key=pair.private) == PERSON


@needs_sm2
@pytest.mark.parametrize(
    ("code", "value"),
    [
        (Fault.BAD_HEX, "演示王某"),
        (Fault.BAD_CIPHER, "13800000001" * 2),
        (Fault.BAD_SHAPE, 13800000001),
        (Fault.BAD_SHAPE, ["x"]),
    ],
)
def test_a_field_that_should_be_encrypted_and_is_not_is_refused(pair, code, value):
    text = refused(code, envelopes.decrypt_fields, {"mobile": value}, HIDDEN, private_key=pair.private)
    assert "138" not in text


@needs_sm2
def test_a_field_that_is_no_text_when_opened_is_refused(pair):
    over = {"mobile": sm2.encrypt(pair.public, b"\xff\xfe")}
    refused(Fault.BAD_CIPHER, envelopes.decrypt_fields, over, HIDDEN, private_key=pair.private)
