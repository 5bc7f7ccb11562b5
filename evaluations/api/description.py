"""The interface described for machines (OpenAPI 3.1), and the page on which an engineer tries it."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from evaluations.enums import FaultCode
from evaluations.profiles import CANONICAL, Kind, shipped_profiles

ERRORS = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "field": {"type": "string"},
            "code": {"type": "string", "examples": [code.value for code in FaultCode][:3]},
            "reason": {"type": "string"},
            "fix": {"type": "string"},
        },
    },
}
OUTCOMES = ["stored", "duplicate", "held", "quarantined", "refused"]
ANSWER = {
    "type": "object",
    "required": ["outcome"],
    "properties": {
        "outcome": {"type": "string", "enum": OUTCOMES},
        "id": {"type": "string", "format": "uuid"},
        "case": {"type": "string", "description": "number of the case that a negative rating opened"},
        "errors": ERRORS,
        "warnings": ERRORS,
    },
}
DENIED = {
    "type": "object",
    "required": ["outcome", "code", "message"],
    "properties": {"outcome": {"const": "denied"}, "code": {"type": "string"}, "message": {"type": "string"}},
}
COUNTS = ("received", "stored", "duplicates", "quarantined", "held", "refused", "cases")
SIGNATURE = [
    ("X-App-Id", "the app id you were given"),
    ("X-Timestamp", "Unix time in seconds, 10 digits, at most 5 minutes off"),
    ("X-Nonce", "16 to 64 letters, digits, - or _, never used again"),
    ("X-Signature", "HMAC-SM3 or SM2 of timestamp + nonce + SM3(body)"),
]


@require_safe
def description(request: HttpRequest) -> JsonResponse:
    """The OpenAPI document."""
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})


@require_safe
def explorer(request: HttpRequest) -> HttpResponse:
    """Swagger UI over the document; every file comes from here."""
    return render(request, "evaluations/api.html", {"document": reverse("api-description")})


@cache
def document() -> dict[str, Any]:
    """The interface as an OpenAPI 3.1 document; fields follow the default profile."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Reviews portal: intake",
            "version": "1",
            "description": "Services and ratings from other systems. Signing and field names: docs/intake.md.",
        },
        "paths": {
            reverse("api-ratings"): _path("One rating", "#/components/schemas/Rating"),
            reverse("api-services"): _path("One service", "#/components/schemas/Service"),
            reverse("api-batches"): _path("Many at once", "#/components/schemas/Batch", "#/components/schemas/Counts"),
        },
        "components": {
            "schemas": {
                "Rating": _message("rating"),
                "Service": _message("service"),
                "Batch": {
                    "type": "object",
                    "required": ["batch"],
                    "properties": {
                        "batch": {"type": "string", "pattern": "^[A-Za-z0-9_.:-]{1,60}$"},
                        "services": {"type": "array", "items": {"$ref": "#/components/schemas/Service"}},
                        "ratings": {"type": "array", "items": {"$ref": "#/components/schemas/Rating"}},
                    },
                },
                "Answer": ANSWER,
                "Denied": DENIED,
                "Counts": {
                    "type": "object",
                    "properties": {
                        "batch": {"type": "string"},
                        "services": {"type": "object", "properties": {name: {"type": "integer"} for name in COUNTS}},
                        "ratings": {"type": "object", "properties": {name: {"type": "integer"} for name in COUNTS}},
                    },
                },
            }
        },
    }


def _message(kind: Kind) -> dict[str, Any]:
    """A message in the first names of the default profile."""
    profile = shipped_profiles()["default"]
    names = {canonical: accepted[0] for canonical, accepted in profile.fields[kind].items()}
    properties = {names[name]: {"type": ["string", "integer"]} for name in CANONICAL[kind] if name in names}
    required = [choice.split("|")[0] for choice in profile.mandatory.get(kind, ())]
    return {"type": "object", "required": required, "properties": properties}


def _path(title: str, body: str, answer: str = "#/components/schemas/Answer") -> dict[str, Any]:
    headers = [
        {"name": name, "in": "header", "required": True, "schema": {"type": "string"}, "description": words}
        for name, words in SIGNATURE
    ]
    statuses = {
        "200": ("taken, or known already", answer),
        "201": ("stored", answer),
        "202": ("waits: its service or a code is not known yet", answer),
        "400": ("not readable", "#/components/schemas/Denied"),
        "401": ("not signed, or sent before", "#/components/schemas/Denied"),
        "403": ("not allowed to this app", "#/components/schemas/Denied"),
        "413": ("too large", "#/components/schemas/Denied"),
        "422": ("refused, with every reason", answer),
        "429": ("too often; Retry-After tells when", "#/components/schemas/Denied"),
    }
    return {
        "post": {
            "summary": title,
            "parameters": headers,
            "requestBody": {"required": True, "content": {"application/json": {"schema": {"$ref": body}}}},
            "responses": {
                status: {"description": words, "content": {"application/json": {"schema": {"$ref": schema}}}}
                for status, (words, schema) in statuses.items()
            },
        }
    }
