"""Single sign-on against a real provider of a few lines on loopback: discovery, code, token, claims."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from common.models import AuditEntry
from organizations.models import Staff
from tests.support.receivers import CLOSES_WITHIN


class Provider(BaseHTTPRequestHandler):
    """Vouches for `claims`, whoever asks."""

    claims: dict[str, str] = {}
    seen: list[str] = []

    def do_GET(self):
        base = f"http://127.0.0.1:{self.server.server_port}"
        if "openid-configuration" in self.path:
            self.answer(
                {
                    "issuer": base,
                    "authorization_endpoint": f"{base}/authorize",
                    "token_endpoint": f"{base}/token",
                    "userinfo_endpoint": f"{base}/userinfo",
                    "jwks_uri": f"{base}/keys",
                }
            )
        else:
            self.answer(self.claims)

    def do_POST(self):
        self.seen.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.answer({"access_token": "token", "token_type": "Bearer"})

    def answer(self, data):
        body = json.dumps(data).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def provider(settings):
    server = HTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, args=[CLOSES_WITHIN], daemon=True).start()
    app = {
        "provider_id": "sso",
        "name": "统一身份认证",
        "client_id": "portal",
        "secret": "s",
        "settings": {"server_url": f"http://127.0.0.1:{server.server_port}", "oauth_pkce_enabled": True},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    yield Provider
    server.shutdown()
    server.server_close()


def sign_on(client):
    away = client.post("/accounts/oidc/sso/login/")
    query = parse_qs(urlsplit(away.url).query)
    assert query["code_challenge_method"] == ["S256"]
    return client.get("/accounts/oidc/sso/login/callback/", {"code": "c", "state": query["state"][0]})


def test_the_login_page_offers_it(cast, provider):
    assert "用统一身份认证登录" in Client().get("/accounts/login/").content.decode()


def test_a_known_number_is_let_in(cast, provider):
    provider.claims = {"sub": "1", "preferred_username": "wu", "email": "someone@example.invalid"}
    client = Client()
    answer = sign_on(client)
    assert answer.status_code == 302
    assert client.get("/accounts/sessions/").status_code == 200
    assert AuditEntry.objects.filter(action="account.login").get().actor == cast.wu
    assert "code_verifier" in provider.seen[-1]


def test_an_unknown_one_is_not_and_no_account_is_made(cast, provider):
    provider.claims = {"sub": "2", "preferred_username": "stranger", "email": "wu@example.invalid"}
    before = Staff.objects.count()
    client = Client()
    answer = sign_on(client)
    assert "这里没有您的账号" in answer.content.decode()
    assert client.get("/accounts/sessions/").status_code == 302
    assert Staff.objects.count() == before


def test_somebody_elses_answer_is_refused(cast, provider):
    provider.claims = {"sub": "1", "preferred_username": "wu"}
    client = Client()
    answer = client.get("/accounts/oidc/sso/login/callback/", {"code": "c", "state": "forged"})
    assert "没有成功" in answer.content.decode()
    assert client.get("/accounts/sessions/").status_code == 302
