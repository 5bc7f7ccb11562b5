"""脱敏: what holds for every text. Every number in here is invented."""

import random
import string
import time
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from identity.redaction import LABELS, Known, find_personal, redact
from identity.redaction.clauses import Seen
from tests.identity.redaction_report import SETS, read, staff

SIGNS = "0123456789 -XxＸ１一零①王李伟先生女士路号楼单元村@.鲁F㎏ﷺ\u200b\n、:〔〕姓名电话微信编号我是abOl"
noise = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(SIGNS), max_size=80)
separators = st.sampled_from(["", " ", "-", "·", "\u200b", "　", ".", "/", "\n", " - ", "_", "——", "😀"])
HAN = str.maketrans("0123456789", "零幺二三四五六七八九")
CIRCLED = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")
LETTERS = str.maketrans("01", "Ol")
WIDE = {ord(sign): ord(sign) + 0xFEE0 for sign in string.digits}
writings = st.sampled_from([{}, HAN, CIRCLED, LETTERS, WIDE])
around = st.text("窗口不收现金请联系，。 ", max_size=12)


@settings(max_examples=1_500, deadline=None)
@given(noise)
def test_spans_lie_in_order_in_the_original(text):
    end = 0
    for span in find_personal(text):
        assert end <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == span.text
        assert span.kind in LABELS
        end = span.end


@settings(max_examples=1_500, deadline=None)
@given(noise)
def test_redacting_again_changes_nothing(text):
    once = redact(text).text
    assert redact(once).text == once


@settings(max_examples=1_000, deadline=None)
@given(around, st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), separators, writings, around)
def test_no_mobile_number_slips_through(before, number, separator, writing, after):
    shown = separator.join([number[:3], number[3:7], number[7:]]).translate(writing)
    _hidden(f"{before}{shown}{after}", shown)


def _checked(body):
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


identities = st.builds(
    lambda day, order: _checked(f"370699{day:%Y%m%d}{order:03}"),
    st.dates(min_value=date(1930, 1, 1), max_value=date(2015, 1, 1)),
    st.integers(0, 999),
)


@settings(max_examples=1_000, deadline=None)
@given(around, identities, separators, writings, around)
def test_no_identity_card_slips_through(before, number, separator, writing, after):
    shown = separator.join([number[:6], number[6:14], number[14:]]).translate(writing)
    _hidden(f"{before}{shown}{after}", shown)


def _hidden(text, secret):
    """Nothing of the secret is left in the text."""
    start = text.index(secret)
    assume(text.count(secret) == 1)
    covered = {place for span in find_personal(text) for place in range(span.start, span.end)}
    letters = {start + place for place, sign in enumerate(secret) if sign.isalnum()}
    assert letters <= covered


SURNAMES, CHARACTERS = "王李张刘陈杨赵周吴孙", "建国志强海燕丽娜晓峰文静"
people = st.builds("".join, st.tuples(st.sampled_from(SURNAMES), *[st.sampled_from(CHARACTERS)] * 2))


@settings(max_examples=500, deadline=None)
@given(around, people, st.sampled_from(["", " ", "\u200b", "　", "\n", "\ufeff", " \u200b "]), around)
def test_no_name_of_the_dictionary_slips_through(before, name, separator, after):
    shown = separator.join(name)
    text = f"{before}{shown}{after}"
    assume(text.count(shown) == 1)
    start = text.index(shown)
    covered = {place for span in find_personal(text, Known([name])) for place in range(span.start, span.end)}
    assert {start + place for place, sign in enumerate(shown) if sign.isalnum()} <= covered


@pytest.mark.parametrize("name", SETS)
def test_the_labelled_texts_redacted_twice_are_redacted_once(name):
    known = Known(staff(read(name)))
    for sample in read(name):
        once = redact(sample.text, known).text
        assert redact(once, known).text == once


class Forgetful(dict):
    def get(self, key, default=None):
        return default


@pytest.mark.parametrize("name", SETS)
def test_what_is_remembered_of_a_text_changes_no_find(name, monkeypatch):
    samples = read(name)
    texts = ["\n".join(sample.text for sample in samples[at : at + 40]) for at in range(0, len(samples), 40)]
    remembered = [find_personal(text) for text in texts]
    seen = Seen(())
    seen.clauses = seen.names = Forgetful()
    monkeypatch.setattr("identity.redaction.Seen", lambda staff: seen)
    assert [find_personal(text) for text in texts] == remembered


def _many_names():
    source = random.Random(7)
    return {
        source.choice(SURNAMES + "郑冯褚卫蒋沈韩朱秦许何吕施曹严华")
        + "".join(chr(source.randrange(0x4E00, 0x9000)) for _ in range(source.choice([1, 2, 2])))
        for _ in range(20_000)
    }


def test_twenty_thousand_staff_cost_a_text_next_to_nothing():
    names = _many_names()
    begin = time.process_time()
    known = Known(names)
    assert time.process_time() - begin < 1.0
    text = "窗口的王建国让我回去等，" * 40
    alone, among = (min(_took(text, dictionary) for _ in range(5)) for dictionary in ((), known))
    assert among - alone < 0.005


def _took(text, names):
    begin = time.process_time()
    redact(text, names)
    return time.process_time() - begin


@pytest.mark.parametrize("unit", ["王", "王建国，", "窗口的张女士让我回去等，", "1 3 8 ", "，", "王\u200b"])
def test_a_hundred_thousand_characters_take_less_than_two_seconds(unit):
    known = Known(_many_names())
    text = (unit * 100_000)[:100_000]
    assert min(_took(text, known) for _ in range(2)) < 2.0


NEAR_MISSES = [
    "1", "13 ", "6222 ", "91370602", "a", "a.", "@", "鲁F1", "鲁F 1 2 3 ", "大街大街", "村一", "联系人:", "我叫", "找",
    "一", "幺三八", "O", "l3", "微信a", "编号 A ", "办件编号1", "AB12-", "〔手机号〕", "，", "\n", "\u200b1",
]  # fmt: skip
FINDS = [
    "路1号",
    "窗口不收现金13800000000。",
    "王女士",
    "王",
    "1 ",
    "1-3-",
    "阿买提·",
    "a@b.",
    "住在小区",
    "王 建 ",
    "姓",
    "1😀",
]


def _seconds(unit, length):
    text = (unit * (length // len(unit) + 1))[:length]
    runs = []
    for _ in range(3):
        begin = time.process_time()
        redact(text)
        runs.append(time.process_time() - begin)
    return min(runs)


@pytest.fixture(scope="module")
def plain():
    """Seconds that a hundred thousand letters take in which nothing looks like anybody."""
    return _seconds("窗口人员很耐心,材料一次说清楚了。", 100_000)


@pytest.mark.parametrize("unit", NEAR_MISSES)
def test_near_misses_take_five_times_as_long_as_plain_text_at_most(unit, plain):
    assert _seconds(unit, 100_000) <= 5 * plain


@pytest.mark.parametrize("unit", NEAR_MISSES + FINDS)
def test_time_grows_with_the_length_only(unit):
    assert _seconds(unit, 50_000) <= 15 * max(_seconds(unit, 5_000), 0.002)


def test_random_text_of_many_kinds_never_fails():
    source = random.Random(2026)
    alphabet = "0123456789xX-. @王李路号楼单元室鲁FABC女士先生微信QQ电话身份证我叫是１２" + string.ascii_letters
    for _ in range(300):
        once = redact("".join(source.choice(alphabet) for _ in range(200))).text
        assert redact(once).text == once
