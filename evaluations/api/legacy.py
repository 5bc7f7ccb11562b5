"""POST /api/v1/intake/legacy/<source>/<what>: the provinces' own envelopes (mode A), answered in their own form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from evaluations.actions.messages import Taken, take_rating, take_service
from evaluations.actions.partners import keys_of, note_seen
from evaluations.api.guard import Denied, body_of, may_ask, partner_called
from evaluations.enums import Origin, Scope, SigningMethod
from evaluations.envelopes import BadEnvelope, open_legacy, read_legacy, remember_legacy
from evaluations.faults import explain
from evaluations.models import Partner, Source
from evaluations.profiles import BadMessage, Profile, parse_profile, response_for

TAKEN = ("stored", "duplicate", "held", "quarantined")


@csrf_exempt
@require_POST
def legacy(request: HttpRequest, source: str, what: str) -> JsonResponse:
    """Takes the services or ratings of one envelope."""
    known = Source.objects.filter(code=source, active=True).first()
    profile = parse_profile(known.profile) if known and known.profile else None
    if known is None or profile is None or profile.crypto.mode != "A":
        raise Http404
    try:
        partner, messages, at = _open(request, known, profile, Scope(what))
        taken = [_take(partner, what, message, at) for message in messages]
    except Denied as denied:
        return JsonResponse(response_for(profile, success=False, code=denied.code, message=denied.text))
    except (BadEnvelope, BadMessage) as bad:
        return JsonResponse(response_for(profile, success=False, code=str(bad.code), message=str(bad.text)))
    return JsonResponse(_answer(profile, messages, taken))


def _open(
    request: HttpRequest, source: Source, profile: Profile, scope: Scope
) -> tuple[Partner, list[dict[str, Any]], datetime]:
    at, crypto = timezone.now(), profile.crypto
    envelope = read_legacy(crypto.envelope or "txn", crypto.params_key, body_of(request))
    partner = partner_called(envelope.app_mark)
    if partner.method != SigningMethod.LEGACY or partner.source_id != source.code:
        raise Denied(401, "unknown_app", _("应用标识不存在或已停用"))
    keys = keys_of(partner)
    messages = open_legacy(envelope, app_word=keys.key, private_key=keys.private, at=at, order=crypto.order)
    may_ask(partner, scope, remember_legacy(envelope), at)
    note_seen(partner, at=at)
    return partner, messages, at


def _take(partner: Partner, what: str, message: Mapping[str, Any], at: datetime) -> Taken:
    if what == Scope.SERVICES:
        return take_service(partner.source, message, at=at)
    return take_rating(partner.source, message, origin=Origin.IMPORTED, at=at)


def _answer(profile: Profile, messages: Sequence[Mapping[str, Any]], taken: Sequence[Taken]) -> dict[str, Any]:
    """Success only if every message was taken; what was not is named."""
    bad = [(number, one) for number, one in enumerate(taken, 1) if one.outcome not in TAKEN]
    words = "; ".join(f"{number}: {explain(fault)[0]}" for number, one in bad for fault in one.faults)
    code = bad[0][1].faults[0].code.value if bad else ""
    first = messages[0] if messages else {}
    return response_for(
        profile,
        success=not bad,
        code=code,
        message=words,
        service_code=taken[0].identifier if taken else "",
        service_number=str(first.get("serviceNumber", "")),
        services=[{"number": number, "outcome": one.outcome} for number, one in enumerate(taken, 1)],
    )
