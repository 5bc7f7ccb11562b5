"""People who do not exist, each with a name, numbers and an address that nobody else has, to be looked for afterwards.

What identifies them stands in two places: in fields (the number they leave, the name the window system knows), which
is for the vault alone; and in what they write, which those who handle the case read, and nobody else.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏"
GIVEN = ["芷琪", "昊燃", "睿翀", "沁霏", "梓彤", "弘毅", "婧萱", "铭轩", "语嫣", "俊驰"]
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
SPACES = re.compile(r"[\s\u200b-]+")


def id_card(number: int) -> str:
    """A number with a right check digit, of a birthday and order of its own."""
    body = f"370602{1950 + number % 50}{number % 12 + 1:02d}{number % 28 + 1:02d}{number % 1000:03d}"
    check = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11
    return body + "10X98765432"[check]


@dataclass(frozen=True)
class Canary:
    number: int

    @property
    def name(self) -> str:
        return SURNAMES[self.number % 30] + GIVEN[self.number // 30]

    @property
    def phone(self) -> str:
        """Left in the form's field."""
        return f"1390000{self.number:04d}"

    @property
    def applicant(self) -> str:
        """Known to the window system."""
        return f"闾丘{GIVEN[self.number % 10]}{SURNAMES[self.number // 10]}"

    @property
    def written(self) -> dict[str, str]:
        """What they write about themselves, by kind."""
        return {
            "name": self.name,
            "mobile": f"1580000{self.number:04d}",
            "id_card": id_card(self.number),
            "plate": f"鲁F{self.number:03d}QX",
            "address": f"{self.number + 100}号{self.number % 30 + 1}号楼{self.number % 6 + 1}单元",
            "wechat": f"wx_huang{self.number:03d}",
            "email": f"kb{self.number:03d}@mail.example",
        }

    @property
    def text(self) -> str:
        """A complaint in which some of it stands, written in one of several ways."""
        own = self.written
        ways = (
            f"我叫{own['name']},电话{own['mobile']},窗口让我跑了三趟。",
            f"身份证{own['id_card']}的材料被退了三次,请打{own['mobile']}联系我。",
            f"我的车{own['plate']}停在门口没人管,我家住迎春大街{own['address']}。",
            f"排队两小时,加我微信{own['wechat']}说清楚,或者发邮件{own['email']}。",
            f"手机号是{own['mobile'].translate(WIDE)},一直没人回电话。",
            f"打 {own['mobile'][:3]} {own['mobile'][3:7]} {own['mobile'][7:]} 也不接,态度很差。",
            f"本人姓名:{own['name']},身份证号:{own['id_card']},申请补贴一直没有结果。",
            f"车牌号{own['plate']},办年检被推来推去。邮箱{own['email']}。",
        )
        return ways[self.number % len(ways)]

    @property
    def in_text(self) -> list[str]:
        """Those of their marks that stand in their text."""
        plain = SPACES.sub("", unicodedata.normalize("NFKC", self.text))
        return [mark for mark in self.written.values() if mark in plain]

    @property
    def certain(self) -> list[str]:
        """Those in their text that have a form of their own, by which a rule knows them without fail."""
        own = self.written
        return [mark for mark in self.in_text if mark in (own["mobile"], own["id_card"], own["plate"], own["email"])]

    @property
    def in_fields(self) -> list[str]:
        return [self.phone, self.applicant]


def disguises(mark: str) -> Iterator[bytes]:
    """The same mark as a page, an address, a header or a careless hash would hold it."""
    raw = mark.encode()
    yield raw
    yield quote(mark).encode()
    yield html.escape(mark).encode()
    yield mark.encode("unicode_escape")
    yield base64.b64encode(raw).rstrip(b"=")
    for kind in (hashlib.md5, hashlib.sha1, hashlib.sha256):
        yield kind(raw).hexdigest().encode()


def flattened(content: bytes) -> str:
    """The text of some bytes without spaces, every character in its plain form."""
    return SPACES.sub("", unicodedata.normalize("NFKC", content.decode("utf-8", "replace")))


def found(marks: Iterable[str], places: dict[str, bytes]) -> list[str]:
    """Where one of the marks is, in any disguise, digits spaced or full-width; "mark @ place" each."""
    everything = b"\0".join(places.values())
    flat = flattened(everything)
    hits = []
    for mark in marks:
        worn = list(disguises(mark))
        if mark in flat or any(one in everything for one in worn):
            hits += [
                f"{mark} @ {name}"
                for name, content in places.items()
                if mark in flattened(content) or any(one in content for one in worn)
            ]
    return hits
