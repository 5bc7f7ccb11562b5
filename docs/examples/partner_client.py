"""A partner's client in one file: signs in mode B and posts one service, one rating and a batch.

    PORTAL_SECRET=… python docs/examples/partner_client.py --url https://portal.example --app-id demo-app

Needs Python 3.9 and `cryptography`, nothing of the portal. docs/intake.md explains every step. All people are invented.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
import time
import urllib.error
import urllib.request
from datetime import datetime, timedelta, timezone

from cryptography.hazmat.primitives import hashes, hmac

BEIJING_TIME = timezone(timedelta(hours=8))
# Of the portal's demo city: a service item and the unit that gives it.
ITEM, UNIT = "11370600990000017B3370010100100", "370600000000_11370600990000017B"


def sm3(data: bytes) -> str:
    """The SM3 hash of bytes as 64 lower-case hex digits."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize().hex()


def signed_headers(app_id: str, secret: str, body: bytes, timestamp: int, nonce: str) -> dict[str, str]:
    """The four headers: HMAC-SM3, under the secret, of timestamp, nonce and the hash of exactly these bytes."""
    mac = hmac.HMAC(secret.encode(), hashes.SM3())
    mac.update(f"{timestamp}{nonce}{sm3(body)}".encode())
    return {
        "X-App-Id": app_id,
        "X-Timestamp": str(timestamp),
        "X-Nonce": nonce,
        "X-Signature": mac.finalize().hex(),
    }


def post(url: str, app_id: str, secret: str, message: dict[str, object]) -> tuple[int, str]:
    """Posts one message; gives the status and the answer. Sign the bytes that are sent, and a new nonce each time."""
    body = json.dumps(message, ensure_ascii=False).encode()
    headers = signed_headers(app_id, secret, body, int(time.time()), secrets.token_hex(16))
    headers["Content-Type"] = "application/json; charset=utf-8"
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read().decode()


def service(project: str, at: datetime) -> dict[str, object]:
    """One service (办件服务) in the names of the default profile."""
    return {
        "projectNo": project,
        "serviceNumber": 1,
        "serviceName": "受理",
        "serviceTime": f"{at:%Y-%m-%d %H:%M:%S}",
        "taskCode": ITEM,
        "orgcode": UNIT,
        "userName": "演示甲",
        "mobile": "13800000001",
    }


def rating(project: str, at: datetime, level: int, **more: object) -> dict[str, object]:
    """One rating (评价) of that service. Levels 1 and 2 need a tag or a text."""
    return {
        "projectNo": project,
        "serviceNumber": 1,
        "assessNumber": 1,
        "satisfaction": level,
        "assessTime": f"{at:%Y-%m-%d %H:%M:%S}",
        "pf": "4",
        "isDefault": "0",
        **more,
    }


def main() -> int:
    """Posts the three messages and prints the answers; 1 when one was refused."""
    options = argparse.ArgumentParser(description="Posts one service, one rating and a batch.")
    options.add_argument("--url", required=True, help="where the portal is, without a path")
    options.add_argument("--app-id", default="demo-app")
    options.add_argument("--project", default=f"DEMO{secrets.token_hex(6).upper()}", help="beginning of the numbers")
    given = options.parse_args()
    secret = os.environ.get("PORTAL_SECRET", "")
    if not secret or not given.url.startswith(("http://", "https://")):
        options.error("--url begins with http:// or https://, and PORTAL_SECRET holds the secret you were given")
    now = datetime.now(BEIJING_TIME)
    first, second = f"{given.project}-1", f"{given.project}-2"
    messages: list[tuple[str, dict[str, object]]] = [
        ("services", service(first, now - timedelta(minutes=2))),
        ("ratings", rating(first, now, 2, evalDetail="207", writingEvaluation="演示:没有样本")),
        (
            "batches",
            {
                "batch": f"{given.project}-batch",
                "services": [service(second, now - timedelta(minutes=2))],
                "ratings": [rating(second, now, 5, evalDetail="510")],
            },
        ),
    ]
    refused = False
    for name, message in messages:
        url = f"{given.url.rstrip('/')}/api/v1/intake/{name}"
        status, answer = post(url, given.app_id, secret, message)
        refused |= not 200 <= status < 300
        print(f"{name}: {status} {answer}")
    return int(refused)


if __name__ == "__main__":
    sys.exit(main())
