"""Check characters of official codes, and codes that people type from paper."""

import unicodedata

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def uscc_is_valid(code: str) -> bool:
    """Whether a unified social credit code has 18 characters and the right last one.

    Source: GB 32100-2015, the weighted sum of all characters is divisible by 31.
    """
    if len(code) != 18 or not set(code) <= set(USCC_ALPHABET):
        return False
    weights = [pow(3, place, 31) for place in range(17)] + [1]
    return sum(USCC_ALPHABET.index(letter) * weight for letter, weight in zip(code, weights, strict=True)) % 31 == 0


def sign_code_as_printed(typed: str) -> str:
    """The code of a sign ("7KQ4-2M9X") from what somebody typed: any width and case, with or without the dash."""
    plain = "".join(unicodedata.normalize("NFKC", typed).split()).replace("-", "").upper()
    return f"{plain[:4]}-{plain[4:]}"
