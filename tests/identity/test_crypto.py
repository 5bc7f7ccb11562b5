"""The vault's lock: what was sealed comes back whole, or an error comes; never garbage."""

import base64
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identity.crypto import Vault, VaultError, parse_key, parse_keys

KEYS = [("k1", bytes(range(32))), ("k0", bytes(range(32, 64)))]
INDEX_KEY = bytes(range(64, 96))
ALGORITHMS = ["aes-256-gcm", "sm4-gcm"]
AAD = b"evaluator:1:phone"

# Any valid Unicode, with Han characters beyond the first plane among it (𠮷, 㐂, 𡚸).
texts = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("𠮷㐂𡚸王13"), max_size=60)


@pytest.fixture(params=ALGORITHMS)
def vault(request):
    return Vault(KEYS, INDEX_KEY, request.param)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@settings(max_examples=500, deadline=None)
@given(text=texts, aad=st.binary(max_size=40))
def test_round_trip(algorithm, text, aad):
    vault = Vault(KEYS, INDEX_KEY, algorithm)
    sealed = vault.encrypt(text, aad)
    assert vault.decrypt(sealed, aad) == text
    assert vault.decrypt(memoryview(sealed), aad) == text


def test_equal_texts_are_sealed_differently(vault):
    assert vault.encrypt("13800000000", AAD) != vault.encrypt("13800000000", AAD)


def test_a_sealed_value_hides_its_text(vault):
    assert "王小明".encode() not in vault.encrypt("王小明", AAD)


def test_another_place_cannot_open_it(vault):
    sealed = vault.encrypt("13800000000", AAD)
    with pytest.raises(VaultError):
        vault.decrypt(sealed, b"evaluator:2:phone")


def test_header_and_place_do_not_run_into_each_other(vault):
    sealed = vault.encrypt("13800000000", b"")
    with pytest.raises(VaultError):
        vault.decrypt(sealed, b"k1")


def test_another_key_of_the_same_name_cannot_open_it(vault):
    sealed = vault.encrypt("13800000000", AAD)
    with pytest.raises(VaultError):
        Vault([("k1", bytes(32))], INDEX_KEY).decrypt(sealed, AAD)


def test_a_missing_key_is_an_error(vault):
    with pytest.raises(VaultError, match="not here"):
        Vault(KEYS[1:], INDEX_KEY).decrypt(vault.encrypt("13800000000", AAD), AAD)


def test_every_single_flipped_byte_is_noticed(vault):
    sealed = vault.encrypt("13800000000", AAD)
    for position in range(len(sealed)):
        damaged = bytearray(sealed)
        damaged[position] ^= 1
        with pytest.raises(VaultError):
            vault.decrypt(bytes(damaged), AAD)


def test_every_cut_is_noticed(vault):
    sealed = vault.encrypt("13800000000", AAD)
    for length in range(len(sealed)):
        with pytest.raises(VaultError):
            vault.decrypt(sealed[:length], AAD)


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=80))
def test_noise_is_an_error(noise):
    vault = Vault(KEYS, INDEX_KEY)
    with pytest.raises(VaultError):
        vault.decrypt(noise, AAD)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_rotation_of_the_key(algorithm):
    vault = Vault(KEYS, INDEX_KEY, algorithm)
    old = Vault(KEYS[1:], INDEX_KEY, algorithm).encrypt("王小明", AAD)
    assert vault.needs_rotation(old)
    assert vault.decrypt(old, AAD) == "王小明"
    assert not vault.needs_rotation(vault.encrypt(vault.decrypt(old, AAD), AAD))


def test_changing_the_algorithm_keeps_old_values_readable():
    aes, sm4 = (Vault(KEYS, INDEX_KEY, name) for name in ALGORITHMS)
    sealed = aes.encrypt("王小明", AAD)
    assert sm4.decrypt(sealed, AAD) == "王小明"
    assert sm4.needs_rotation(sealed)
    assert not aes.needs_rotation(sealed)


def test_rotation_is_not_asked_of_noise(vault):
    with pytest.raises(VaultError):
        vault.needs_rotation(b"")


@pytest.mark.parametrize("index_hash", ["sha256", "sm3"])
def test_blind_index_depends_on_text_and_index_key_only(index_hash):
    index = Vault(KEYS, INDEX_KEY, "aes-256-gcm", index_hash).blind_index("13800000000")
    assert len(index) == 64
    assert index == Vault(KEYS[1:], INDEX_KEY, "sm4-gcm", index_hash).blind_index("13800000000")
    assert index != Vault(KEYS, bytes(32), "aes-256-gcm", index_hash).blind_index("13800000000")
    assert index != Vault(KEYS, INDEX_KEY, "aes-256-gcm", index_hash).blind_index("13800000001")


def test_the_two_index_hashes_differ():
    assert Vault(KEYS, INDEX_KEY).blind_index("1") != Vault(KEYS, INDEX_KEY, index_hash="sm3").blind_index("1")


def test_text_that_is_not_unicode_is_refused(vault):
    with pytest.raises(ValueError, match="surrogates"):
        vault.encrypt("\ud800", AAD)


def encoded(key):
    return base64.b64encode(key).decode()


def test_parse_keys():
    assert parse_keys(f"k1:{encoded(KEYS[0][1])}, k0:{encoded(KEYS[1][1])}") == KEYS
    key = os.urandom(32)
    assert parse_key(base64.urlsafe_b64encode(key).decode()) == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "k1",
        "k1:",
        f":{encoded(bytes(32))}",
        "k1:%%%",
        f"k1:{encoded(bytes(16))}",
        f"k1:{encoded(bytes(32))},",
        f"k1:{encoded(bytes(32))},k1:{encoded(bytes(32))}",
        f"k 1:{encoded(bytes(32))}",
    ],
)
def test_badly_written_keys(text):
    with pytest.raises(ValueError, match="key"):
        parse_keys(text)


def test_errors_do_not_repeat_the_key():
    secret = encoded(b"very secret")
    with pytest.raises(ValueError, match="bytes") as error:
        parse_keys(f"k1:{secret}")
    assert secret not in str(error.value)


@pytest.mark.parametrize(
    "arguments",
    [
        ([], INDEX_KEY),
        ([("k1", b"short")], INDEX_KEY),
        (KEYS, b"short"),
        (KEYS, INDEX_KEY, "rot13"),
        (KEYS, INDEX_KEY, "sm4-gcm", "md5"),
    ],
)
def test_a_vault_refuses_wrong_parts(arguments):
    with pytest.raises(ValueError, match=r"key|unknown"):
        Vault(*arguments)
