"""SM2 and SM3 against the standard's own numbers, against OpenSSL, and one implementation against the other."""

from __future__ import annotations

import re
import secrets
import shutil
import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evaluations.envelopes import BadEnvelope, Fault, curve, sm2
from evaluations.envelopes.signed import HmacKey, _mac

needs_sm2 = pytest.mark.skipif(not sm2.available(), reason="no wheel of gmssl_pyx for this machine")
ORDERS = ("C1C3C2", "C1C2C3", "DER")

# GM/T 0003.5-2012, annexes A and C: the recommended curve. Published examples, the key is nobody's.
PRIVATE = "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8"
PUBLIC = (
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
SIGNATURE = (
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)
C1 = (
    "04EBFC718E8D1798620432268E77FEB6415E2EDE0E073C0F4F640ECD2E149A73"
    "E858F9D81E5430A57B36DAAB8F950A3C64E6EE6A63094D99283AFF767E124DF0"
)
C2 = "21886CA989CA9C7D58087307CA93092D651EFA"
C3 = "59983C18F809E262923C53AEC295D30383B54E39D609D160AFCB1908D0BD8766"


def refused(code, act, *args, **more):
    with pytest.raises(BadEnvelope) as error:
        act(*args, **more)
    assert error.value.code == code
    return error.value.text


# --- SM3 ------------------------------------------------------------------------------------------------------


def test_sm3_has_the_hashes_of_its_standard():
    assert sm2.sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm2.sm3(b"abcd" * 16).hex() == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


@needs_sm2
@given(secret=st.binary(min_size=16, max_size=100), text=st.binary(max_size=200))
@settings(max_examples=50, deadline=None)
def test_hmac_sm3_is_the_same_in_both_libraries(secret, text):
    assert _mac(HmacKey(secret), text) == sm2.gmssl_pyx.sm3_hmac(secret, text).hex()


# --- the standard's numbers -----------------------------------------------------------------------------------


def test_the_curve_multiplies_as_in_the_standard():
    assert curve.multiply(int(PRIVATE, 16), curve.G) == (int(PUBLIC[:64], 16), int(PUBLIC[64:], 16))
    assert curve.multiply(1, curve.G) == curve.G
    assert curve.multiply(curve.N - 1, curve.G) == (curve.G.x, curve.P - curve.G.y)


@needs_sm2
@pytest.mark.parametrize("limit", [sm2.LIBRARY_LIMIT, 0], ids=["library", "own curve"])
@pytest.mark.parametrize(
    ("order", "cipher"),
    [
        ("C1C3C2", C1 + C3 + C2),
        ("C1C2C3", C1 + C2 + C3),
        ("C1C3C2", "04" + C1 + C3 + C2),
        ("C1C2C3", "04" + C1 + C2 + C3),
    ],
)
def test_the_standards_ciphertext_is_read_in_both_orders_with_and_without_its_04(monkeypatch, limit, order, cipher):
    monkeypatch.setattr(sm2, "LIBRARY_LIMIT", limit)
    assert sm2.decrypt(PRIVATE, cipher, order) == b"encryption standard"
    assert sm2.decrypt(PRIVATE.lower(), cipher.lower(), order) == b"encryption standard"


@needs_sm2
def test_the_standards_signature_is_accepted_and_no_other():
    assert sm2.verify(PUBLIC, b"message digest", SIGNATURE)
    assert sm2.verify("04" + PUBLIC, b"message digest", SIGNATURE.lower())
    assert not sm2.verify(PUBLIC, b"message digests", SIGNATURE)
    assert not sm2.verify(PUBLIC, b"message digest", SIGNATURE[64:] + SIGNATURE[:64])
    assert not sm2.verify(PUBLIC, b"message digest", "00" * 64)
    assert not sm2.verify(PUBLIC, b"message digest", "")


# --- one against the other ------------------------------------------------------------------------------------


@needs_sm2
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("length", [1, 31, 32, 254, 255, 256, 257, 5000])
def test_what_is_encrypted_is_read_back_at_every_length(order, length):
    pair, text = sm2.generate(), secrets.token_bytes(length)
    assert sm2.decrypt(pair.private, sm2.encrypt(pair.public, text, order), order) == text


# From 16 bytes: a single byte has a key stream of zeros once in 256 times, which the library refuses and draws anew.
@needs_sm2
@given(text=st.binary(min_size=16, max_size=255))
@example(text=b"\x00" * 40)
@settings(max_examples=30, deadline=None)
def test_library_and_own_curve_read_one_another(text):
    pair = sm2.generate()
    ours, limit = sm2.LIBRARY_LIMIT, 0
    by_library = sm2.encrypt(pair.public, text)
    try:
        sm2.LIBRARY_LIMIT = limit
        assert sm2.decrypt(pair.private, by_library) == text
        by_curve = sm2.encrypt(pair.public, text)
    finally:
        sm2.LIBRARY_LIMIT = ours
    assert sm2.decrypt(pair.private, by_curve) == text


@needs_sm2
@given(message=st.binary(max_size=300))
@settings(max_examples=30, deadline=None)
def test_a_signature_belongs_to_its_message_and_key(message):
    pair, other = sm2.generate(), sm2.generate()
    signature = sm2.sign(pair.private, message)
    assert len(signature) == 128
    assert sm2.verify(pair.public, message, signature)
    assert not sm2.verify(other.public, message, signature)
    assert not sm2.verify(pair.public, message + b"!", signature)


# --- OpenSSL, an implementation that shares no line with either ------------------------------------------------


@pytest.fixture(scope="module")
def openssl(tmp_path_factory):
    """Runs openssl in a folder with a key of its own; yields (run, key pair)."""
    folder = tmp_path_factory.mktemp("openssl")
    if not shutil.which("openssl"):
        pytest.skip("no openssl here")

    def run(*words, data=b""):
        done = subprocess.run(["openssl", *words], cwd=folder, input=data, capture_output=True)
        return done.returncode, done.stdout

    if run("genpkey", "-algorithm", "SM2", "-out", "key.pem")[0]:
        pytest.skip("this openssl knows no SM2")
    run("pkey", "-in", "key.pem", "-pubout", "-out", "public.pem")
    text = run("pkey", "-in", "key.pem", "-noout", "-text")[1].decode()
    found = re.search(r"priv:\n([\s0-9a-f:]+)pub:\n([\s0-9a-f:]+)ASN1", text)
    private, public = ("".join(part.replace(":", "").split()) for part in found.groups())
    return run, sm2.KeyPair(private[-64:].rjust(64, "0"), public)


@needs_sm2
@pytest.mark.parametrize("length", [1, 255, 256, 3000])
def test_openssl_and_we_read_one_another(openssl, length):
    run, pair = openssl
    text = secrets.token_bytes(length)
    code, theirs = run("pkeyutl", "-encrypt", "-pubin", "-inkey", "public.pem", data=text)
    assert code == 0
    assert sm2.decrypt(pair.private, theirs.hex(), "DER") == text
    ours = bytes.fromhex(sm2.encrypt(pair.public, text, "DER"))
    assert run("pkeyutl", "-decrypt", "-inkey", "key.pem", data=ours) == (0, text)


@needs_sm2
def test_openssl_and_we_accept_one_anothers_signatures(openssl, tmp_path):
    run, pair = openssl
    message, file = b"10:05 \xe5\xb1\x85\xe4\xbd\x8f\xe8\xaf\x81", tmp_path / "signature"
    signing = ("-rawin", "-digest", "sm3", "-pkeyopt", f"distid:{sm2.SIGNER_ID.decode()}")
    code, theirs = run("pkeyutl", "-sign", "-inkey", "key.pem", *signing, data=message)
    assert code == 0
    assert sm2.verify(pair.public, message, theirs.hex())
    ours = sm2.sign(pair.private, message)
    file.write_bytes(sm2.encode_dss_signature(int(ours[:64], 16), int(ours[64:], 16)))
    verifying = ("-verify", "-pubin", "-inkey", "public.pem", "-sigfile", str(file))
    assert run("pkeyutl", *verifying, *signing, data=message)[0] == 0


# --- what is wrong has a name ---------------------------------------------------------------------------------


@needs_sm2
@pytest.mark.parametrize("length", [20, 1000])
@pytest.mark.parametrize(("wrote", "read"), [(a, b) for a in ORDERS for b in ORDERS if a != b])
def test_another_order_is_refused_never_garbage(wrote, read, length):
    pair = sm2.generate()
    cipher = sm2.encrypt(pair.public, secrets.token_bytes(length), wrote)
    refused(Fault.BAD_CIPHER, sm2.decrypt, pair.private, cipher, read)


@needs_sm2
@given(place=st.integers(0, 10**6), flip=st.integers(1, 255), length=st.sampled_from([10, 300]))
@settings(max_examples=60, deadline=None)
def test_one_changed_byte_is_never_read(place, flip, length):
    pair = sm2.generate()
    for order in ORDERS:
        data = bytearray.fromhex(sm2.encrypt(pair.public, b"x" * length, order))
        data[place % len(data)] ^= flip
        refused(Fault.BAD_CIPHER, sm2.decrypt, pair.private, data.hex(), order)


@needs_sm2
@given(cipher=st.one_of(st.text(max_size=300), st.binary(max_size=400).map(bytes.hex)), order=st.sampled_from(ORDERS))
@settings(max_examples=200, deadline=None)
def test_noise_is_refused_by_name(cipher, order):
    with pytest.raises(BadEnvelope) as error:
        sm2.decrypt(PRIVATE, cipher, order)
    assert error.value.code in (Fault.BAD_HEX, Fault.BAD_CIPHER)


@needs_sm2
@pytest.mark.parametrize("order", ORDERS)
def test_a_ciphertext_without_its_text_or_hash_is_refused(order):
    data = bytes.fromhex(sm2.encrypt(PUBLIC, b"x", order))
    for cut in (1, 2, 20, 33, 34, 60):
        refused(Fault.BAD_CIPHER, sm2.decrypt, PRIVATE, data[:-cut].hex(), order)
    hollow = sm2._to_der(sm2._from_der(bytes.fromhex(sm2.encrypt(PUBLIC, b"x", "DER")))._replace(c2=b""))
    refused(Fault.BAD_CIPHER, sm2.decrypt, PRIVATE, hollow.hex(), "DER")


@needs_sm2
def test_a_point_off_the_curve_never_meets_the_key():
    off = f"{curve.G.x:064x}{curve.G.y + 1:064x}"
    refused(Fault.BAD_CIPHER, sm2.decrypt, PRIVATE, off + C3 + C2)
    refused(Fault.BAD_KEY, sm2.encrypt, off, b"text")


@needs_sm2
@pytest.mark.parametrize("key", ["", "00" * 32, f"{curve.N:064x}", PRIVATE[:-2], PRIVATE + "00", "g" * 64, "中" * 64])
def test_a_bad_private_key_is_named_and_not_repeated(key):
    for act in (lambda: sm2.decrypt(key, C1 + C3 + C2), lambda: sm2.sign(key, b"text")):
        text = refused(Fault.BAD_KEY, act)
        assert not key or key not in text


@needs_sm2
@pytest.mark.parametrize("key", ["", "00" * 64, PUBLIC[:-2], "05" + PUBLIC, "g" * 128])
def test_a_bad_public_key_is_named(key):
    refused(Fault.BAD_KEY, sm2.encrypt, key, b"text")
    refused(Fault.BAD_KEY, sm2.verify, key, b"text", SIGNATURE)


@needs_sm2
def test_an_empty_text_cannot_be_encrypted():
    refused(Fault.BAD_CIPHER, sm2.encrypt, PUBLIC, b"")


# --- a machine without the wheel -------------------------------------------------------------------------------


def test_without_the_library_every_sm2_act_says_so(monkeypatch):
    monkeypatch.setattr(sm2, "gmssl_pyx", None)
    assert not sm2.available()
    acts = [
        sm2.generate,
        lambda: sm2.encrypt(PUBLIC, b"text"),
        lambda: sm2.encrypt(PUBLIC, b"text" * 100),
        lambda: sm2.decrypt(PRIVATE, C1 + C3 + C2),
        lambda: sm2.sign(PRIVATE, b"text"),
        lambda: sm2.verify(PUBLIC, b"text", SIGNATURE),
    ]
    for act in acts:
        assert refused(Fault.SM2_UNAVAILABLE, act) == "SM2 not available on this machine"


def test_everything_else_works_where_the_library_cannot_be_imported():
    code = """
import sys
sys.modules["gmssl_pyx"] = None
from datetime import UTC, datetime
from evaluations import envelopes
key, at = envelopes.HmacKey(b"k" * 16), datetime(2026, 3, 2, tzinfo=UTC)
headers = envelopes.sign(b"{}", app_id="a", key=key, at=at, nonce=envelopes.new_nonce())
envelopes.verify(headers, b"{}", key=key, at=at)
from evaluations.envelopes import sm2
assert not sm2.available()
print("works")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "works\n", done.stderr
