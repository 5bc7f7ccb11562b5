"""Proof of work (ALTCHA, version 2) after suspicion: some seconds of a browser's time for one form. Nothing is stored.

A proof is made for the nonce of one form. Sent again it leads to the same receipt, so it need not be remembered.
"""

from __future__ import annotations

import json
import secrets
from base64 import b64decode
from binascii import Error as NotBase64
from datetime import datetime, timedelta
from typing import Any

from altcha import create_challenge, verify_solution

from common.ids import keyed_hash

ALGORITHM, ROUNDS = "PBKDF2/SHA-256", 5_000
# A proof is about 600 characters; nothing longer is worth reading.
LONGEST = 4_000


def new_challenge(nonce: str, *, steps: int, at: datetime, minutes: int) -> dict[str, Any]:
    """A task for the browser: find the counter whose derived key begins as told.

    The counter lies between half of `steps` and all of them, so the time it takes is known within a factor of two.

    Args:
        nonce: of the form it is for.
        steps: derivations at most.
        minutes: how long the answer is good for.
    """
    counter = steps // 2 + secrets.randbelow(max(1, steps - steps // 2))
    challenge = create_challenge(
        ALGORITHM,
        ROUNDS,
        counter=counter,
        expires_at=at + timedelta(minutes=minutes),
        data={"form": nonce},
        hmac_secret=_secret(),
    )
    told: dict[str, Any] = challenge.to_dict()
    return told


def is_proven(answer: str, nonce: str) -> bool:
    """Whether somebody has done the work for this form.

    Args:
        answer: what the browser sent: base64 of JSON with challenge and solution; anything may come.
    """
    if not answer or len(answer) > LONGEST or _form(answer) != nonce:
        return False
    return bool(verify_solution(answer, _secret()).verified)


def _form(answer: str) -> str | None:
    """The form an answer says it is for. What it says is signed, which is looked at after this."""
    try:
        form = json.loads(b64decode(answer, validate=True))["challenge"]["parameters"]["data"]["form"]
    except (NotBase64, ValueError, KeyError, TypeError, RecursionError):
        return None
    return form if isinstance(form, str) else None


def _secret() -> str:
    return keyed_hash("proof", "altcha")
