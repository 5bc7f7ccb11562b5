"""The rows themselves: who looks at which address."""

from __future__ import annotations

from tests.support.portal import Portal
from tests.ui.accounting_table import ACCOUNTING
from tests.ui.field_table import FIELD
from tests.ui.figures_table import FIGURES
from tests.ui.guarded_table import GUARDED
from tests.ui.meetings_table import MEETINGS
from tests.ui.overseen_table import OVERSEEN
from tests.ui.rows import (
    SEND,
    Row,
    act_on,
    case_in,
    device_at,
    first,
    fresh_link,
    guide,
    guide_when_many_rate,
    window_key_at,
    window_sign,
)

GAJ = "370600-GAJ"


_unit = first("SELECT code FROM organizations_unit WHERE code = '370600-GAJ'", "/desk/structure/units/{}/")
_window = first("SELECT id FROM organizations_window ORDER BY id LIMIT 1", "/desk/structure/windows/{}/")
_sign = first("SELECT id FROM organizations_window ORDER BY id LIMIT 1", "/desk/signs/windows/{}/")
_item = first("SELECT code FROM organizations_serviceitem ORDER BY code LIMIT 1", "/desk/structure/items/{}/")
_rule = first("SELECT id FROM rectification_dutyrule WHERE preset = 'yantai' ORDER BY id LIMIT 1", "/desk/rules/{}/")
_report = first(
    "SELECT id FROM rectification_pressurereport WHERE settled_at IS NULL ORDER BY id LIMIT 1", "/desk/pressure/{}/"
)
_role = first(
    "SELECT id FROM organizations_membership WHERE role = 'window' ORDER BY id LIMIT 1", "/desk/structure/roles/{}/end/"
)
# Of a unit that its supervisor is not of.
_OTHERS = "unit_id IN (SELECT id FROM organizations_unit WHERE NOT supervises)"
_rating = first(
    f"SELECT id FROM evaluations_evaluation WHERE {_OTHERS} ORDER BY id LIMIT 1", "/desk/ratings/{}/exclude/"
)
_batch = first("SELECT id FROM evaluations_batch WHERE stage = 'done' ORDER BY id LIMIT 1", "/desk/intake/{}/")
_draft = first("SELECT id FROM evaluations_batch WHERE stage = 'preview' ORDER BY id LIMIT 1", "/desk/intake/{}/start/")
_partner = first("SELECT app_id FROM evaluations_partner ORDER BY id LIMIT 1", "/desk/intake/partners/{}/")
_code = "?source=hall&kind=unit&code=3706-OLD-08"


def list_with(address: str) -> str:
    """The list a thing is on, which is there once its own page is."""
    return address.rsplit("/", 2)[0] + "/"


_suggestion = first(
    "SELECT number FROM evaluations_suggestion WHERE stage = 'received' ORDER BY id DESC LIMIT 1",
    "/desk/suggestions/{}/",
)
_PUBLIC = "SELECT number FROM disclosure_publiccase WHERE shown AND {} ORDER BY id DESC LIMIT 1"
_shown = first(_PUBLIC.format("result = 'rectified' AND reply <> ''"), "/cases/{}/")
_hidden = first(_PUBLIC.format("hidden"), "/cases/{}/")
_answered = first(
    "SELECT number FROM evaluations_suggestion WHERE stage = 'answered' AND position('0535-' in reasons) > 0",
    "/desk/suggestions/{}/publish/",
)
_draft_to_look_at = first(
    "SELECT number FROM disclosure_disclosure WHERE waiting_since IS NOT NULL AND NOT clear ORDER BY id LIMIT 1",
    "/desk/disclosure/{}/",
)
_published = first(
    "SELECT number FROM disclosure_disclosure WHERE standing = 'published' ORDER BY id LIMIT 1", "/desk/disclosure/{}/"
)
_survey = first("SELECT id FROM evaluations_samplingplan ORDER BY id DESC LIMIT 1", "/desk/surveys/{}/")


def _appeal(condition: str, more: str = "", column: str = "number"):  # type: ignore[no-untyped-def]
    """An appeal of the demo, the oldest that fits."""
    where = "/desk/appeals/{}/" if column == "number" else "/desk/appeals/drafts/{}/"
    return first(f"SELECT {column} FROM appeals_appeal WHERE {condition} ORDER BY id LIMIT 1", where + more)


def _link(portal: Portal) -> str:
    """Where an evaluator is asked for facts, as their message has it."""
    [(body,)] = portal.query(
        "SELECT m.body FROM common_outboxmessage m JOIN appeals_appeal a ON m.about = a.number"
        " JOIN appeals_citizenfact f ON f.appeal_id = a.id WHERE m.kind = 'citizen.appeal_facts'"
        " AND f.said_at IS NULL ORDER BY m.id LIMIT 1"
    )
    return "/a/" + body.rsplit("/a/", 1)[1].strip() + "/"


_contested = first(
    "SELECT c.number FROM rectification_case c JOIN organizations_unit u ON u.id = c.unit_id"
    " WHERE u.code = '370600-GAJ' AND c.state = 'rectifying'"
    " AND NOT EXISTS (SELECT FROM appeals_appeal a WHERE a.case_id = c.id)"
    " ORDER BY c.id DESC LIMIT 1",
    "/desk/appeals/new/{}/",
)
_tie = first("SELECT id FROM appeals_relation ORDER BY id LIMIT 1", "/desk/panel/relations/{}/end/")
_voting, _hearing = "stage = 'voting' AND ground_id = 'W8'", "stage = 'voting' AND ground_id = 'W6' AND side = 'unit'"
# Those of earlier quarters have been served long since.
_unserved = "id = (SELECT max(id) FROM appeals_appeal WHERE stage = 'ruled' AND ground_id = 'W9')"
_rejected = "stage = 'ruled' AND ground_id = 'W5'"
_upheld = "stage = 'ruled' AND ground_id = 'W3'"
_mine, _unsaid = "stage = 'draft' AND ground_id = 'W6'", "stage = 'draft' AND ground_id = 'W1'"

PAGES: dict[str, Row] = {
    # The citizen.
    "home": Row("", "/"),
    "rate-start": Row("", "/rate/"),
    "rate-find": Row("", "/rate/find/", spoil=SEND),
    "rate-about": Row("", guide, spoil=SEND),
    "rate-about#stopped": Row("", guide_when_many_rate, spoil=("label.face", SEND)),
    "rate-link": Row("", fresh_link, spoil=SEND),
    "rate-link#gone": Row("", "/r/nothing/", status=404),
    "rate-comment": Row("", "/rate/comment/", spoil=SEND),
    "stop-invitations": Row("", "/o/nothing/", status=404),
    "rate-window": Row("", window_sign),
    "kiosk": Row("", "/kiosk/", spoil=SEND),
    "track": Row("", "/t/", spoil=SEND),
    "follow-up": Row("", "/f/nothing/", status=404),
    "review": Row("", "/review/one-go/", spoil=SEND),
    "review-invited": Row("", "/v/nothing/", status=404),
    "suggest": Row("", "/suggest/", spoil=SEND),
    "public-suggestions": Row("", "/suggestions/"),
    "public-suggestions#declined": Row("", "/suggestions/?declined=1"),
    "public-cases": Row("", "/cases/", empty="/cases/?q=zzzz&level=1"),
    "public-cases#filtered": Row("", "/cases/?level=1&result=rectified&sort=longest", empty="/cases/?level=9"),
    "public-case": Row("", _shown),
    "public-case#hidden": Row("", _hidden),
    "public-case#unknown": Row("", "/cases/ZZZZ-9999/", status=404),
    "public-met": Row("", lambda portal: _shown(portal) + "met/"),
    "public-units": Row("", "/cases/units/"),
    "public-unit": Row("", "/cases/units/370600-GAJ/", empty="/cases/units/370600-SPJ/"),
    "public-figures": Row("", "/cases/figures/"),
    "public-data": Row("", "/cases/data/"),
    "public-metrics": Row("", "/cases/metrics/"),
    "account_login": Row("", "/accounts/login/", spoil=SEND),
    # The case, by state and by who looks.
    "case": Row("wu", case_in("rectifying", GAJ)),
    "case#received": Row("lin", case_in("received")),
    "case#replied": Row("zhao", case_in("replied")),
    "case#verified": Row("qian", case_in("verified")),
    "case#closed": Row("qian", case_in("closed")),
    "case#suspended": Row("zhou", case_in("suspended")),
    "act": Row("wu", act_on("submit_report", "rectifying", GAJ), spoil=SEND),
    "act#precheck": Row("lin", act_on("precheck", "received"), spoil=SEND),
    "act#dispatch": Row("lin", act_on("dispatch", "prechecked"), spoil=SEND),
    "act#contact": Row("wu", act_on("record_contact", "rectifying", GAJ), spoil=SEND),
    "act#reply": Row("zheng", act_on("send_reply", "checking", GAJ), spoil=SEND),
    "act#close": Row("qian", act_on("close", "verified"), spoil=""),
    # Lists.
    "desk": Row("qian", "/desk/"),
    "desk#unit": Row("zheng", "/desk/"),
    "desk#dispatcher": Row("lin", "/desk/"),
    "queue": Row("wu", "/desk/cases/", empty="/desk/cases/?q=zzzz"),
    "desk#panel": Row("tang", "/desk/tools/"),
    "queue#callbacks": Row("zhao", "/desk/cases/?view=callbacks"),
    "ledger": Row(
        "qian", "/desk/ledger/", spoil="main form.panel button[type=submit]", empty="/desk/ledger/?number=ZZZZ"
    ),
    "exports": Row("wu", "/desk/exports/"),
    "notices": Row("wu", "/desk/notices/", empty=""),
    "pressure": Row("qian", "/desk/pressure/"),
    "pressure-settle": Row("qian", _report, spoil=SEND),
    "statistics": Row("qian", "/desk/statistics/"),
    "statistics#line": Row("qian", "/desk/statistics/?unit=370600-GAJ"),
    "statistics#unit": Row("zheng", "/desk/statistics/"),
    **FIGURES,
    **OVERSEEN,
    **MEETINGS,
    **FIELD,
    **ACCOUNTING,
    "statistics-baseline": Row("qian", "/desk/statistics/baseline/"),
    "ratings": Row("zheng", "/desk/ratings/", empty="/desk/ratings/?origin=check"),
    "ratings#negative": Row("qian", "/desk/ratings/?negative=received"),
    "rating-exclude": Row("qian", _rating, spoil=SEND),
    "rules": Row("xu", "/desk/rules/"),
    "rule": Row("xu", _rule, spoil=SEND),
    "tools": Row("xu", "/desk/tools/"),
    "desk-more": Row("qian", "/desk/more/"),
    "audit": Row("zhou", "/desk/audit/", empty="/desk/audit/?who=zzzz"),
    "outbox": Row("xu", "/desk/outbox/"),
    "signs": Row("zheng", "/desk/signs/"),
    "signs#window": Row("wu", "/desk/signs/"),
    "signs-hall": Row("xu", "/desk/signs/halls/YT-CITY/"),
    "signs-window": Row("xu", _sign),
    "signs-renew": Row("xu", lambda portal: _sign(portal) + "renew/", spoil=SEND),
    "slips": Row("wu", "/desk/slips/", spoil=SEND),
    # Handed in at the desk.
    "entry": Row("lin", "/desk/entry/", spoil="form.slip button[type=submit]"),
    "entry#empty": Row("cui", "/desk/entry/"),
    "checks": Row("zhao", "/desk/checks/"),
    "checks#empty": Row("fang", "/desk/checks/"),
    "check-add": Row("zhao", "/desk/checks/add/", spoil=SEND),
    # Tablets.
    "devices": Row("zheng", lambda portal: list_with(device_at(portal)), empty="/desk/devices/?only=silent"),
    "devices#system": Row("xu", "/desk/devices/"),
    "device-add": Row("zheng", "/desk/devices/add/", spoil=SEND),
    "device": Row("zheng", device_at),
    "device-code": Row("zheng", lambda portal: device_at(portal) + "code/"),
    "device-revoke": Row("zheng", lambda portal: device_at(portal) + "revoke/", spoil=SEND),
    "window-keys": Row("xu", "/desk/devices/keys/"),
    "window-key-add": Row("xu", "/desk/devices/keys/add/", spoil=SEND),
    "window-key-revoke": Row("xu", lambda portal: window_key_at(portal) + "revoke/", spoil=SEND),
    # What the city hears besides ratings.
    "voices": Row("qian", "/desk/voices/"),
    "reviews": Row("qian", "/desk/reviews/"),
    "review-add": Row("qian", "/desk/reviews/add/", spoil=SEND),
    "review-page": Row("qian", "/desk/reviews/one-go/1/"),
    "review-edit": Row("qian", "/desk/reviews/one-go/1/edit/"),
    "review-question": Row("qian", "/desk/reviews/one-go/1/questions/", spoil=SEND),
    "review-wave": Row("qian", "/desk/reviews/one-go/1/waves/", spoil=SEND),
    "review-results": Row("qian", "/desk/reviews/one-go/1/results/"),
    "disclosures": Row("lin", "/desk/disclosure/", empty="/desk/disclosure/?view=unshown"),
    "disclosures#clear": Row("lin", "/desk/disclosure/?view=clear"),
    "disclosures#published": Row("zhou", "/desk/disclosure/?view=published"),
    "disclosure": Row("lin", _draft_to_look_at),
    "disclosure#public": Row("qian", _published),
    "disclosure-remove": Row("lin", lambda portal: _draft_to_look_at(portal) + "withhold/", spoil=SEND),
    "suggestions": Row("lin", "/desk/suggestions/"),
    "suggestions#all": Row("qian", "/desk/suggestions/?view=all"),
    "suggestion": Row("lin", _suggestion),
    "suggestion-act": Row("lin", lambda portal: _suggestion(portal) + "sort/", spoil=SEND),
    "suggestion-act#publish": Row("lin", _answered),
    "surveys": Row("qian", "/desk/surveys/"),
    "survey-add": Row("qian", "/desk/surveys/add/", spoil=SEND),
    "survey": Row("qian", _survey),
    "survey-calls": Row(
        "qian",
        lambda portal: _survey(portal) + "calls/",
        empty=lambda portal: _survey(portal) + "calls/?stage=wrong_number",
    ),
    "survey-results": Row("qian", lambda portal: _survey(portal) + "results/"),
    "calls": Row("zhao", "/desk/calls/"),
    # Appeals.
    "appeals": Row("qian", "/desk/appeals/?view=all", empty="/desk/appeals/?view=all&q=zzzz"),
    "appeals#serve": Row("lin", "/desk/appeals/?view=serve"),
    "appeals#unit": Row("zheng", "/desk/appeals/"),
    "appeal-figures": Row("qian", "/desk/appeals/figures/"),
    "appeal-new": Row("zheng", _contested, spoil=SEND),
    "appeal-draft": Row("zheng", _appeal(_mine, column="id"), spoil="main button[name=add]"),
    "appeal-confirm": Row("zhao", _appeal(_unsaid, "confirm/", "id"), spoil=SEND),
    "appeal": Row("tang", _appeal(_voting), spoil="#vote button[type=submit]"),
    "appeal#hearing": Row("zheng", _appeal(_hearing)),
    "appeal#unserved": Row("lin", _appeal(_unserved)),
    "appeal#rejected": Row("qian", _appeal(_rejected)),
    "appeal-recuse": Row("tang", _appeal(_voting, "recuse/"), spoil=SEND),
    "appeal-withdraw": Row("zheng", _appeal(_hearing, "withdraw/")),
    "appeal-serve": Row("lin", _appeal(_unserved, "serve/")),
    "appeal-review": Row("qian", _appeal(_upheld, "review/")),
    "appeal-facts": Row("", _link, spoil=SEND),
    "appeal-facts#gone": Row("", "/a/nothing/", status=404),
    "panel": Row("tang", "/desk/panel/"),
    "panel#empty": Row("panel4", "/desk/panel/"),
    "panel-pool": Row("qian", "/desk/panel/pool/"),
    "panel-member-add": Row("qian", "/desk/panel/pool/add/", spoil=SEND),
    "panel-member": Row("qian", "/desk/panel/pool/panel3/"),
    "panel-relation-add": Row("tang", "/desk/panel/pool/tang/relations/", spoil=SEND),
    "panel-relation-end": Row("qian", _tie, spoil=SEND),
    # Administrators.
    "structure-home": Row("xu", "/desk/structure/"),
    "structure-regions": Row("xu", "/desk/structure/regions/"),
    "structure-region-add": Row("xu", "/desk/structure/regions/add/", spoil=SEND),
    "structure-region": Row("xu", "/desk/structure/regions/370602000000/"),
    "structure-units": Row("xu", "/desk/structure/units/"),
    "structure-unit-add": Row("xu", "/desk/structure/units/add/", spoil=SEND),
    "structure-unit": Row("xu", _unit),
    "structure-unit-close": Row("xu", "/desk/structure/units/370600-GAJ/close/"),
    "structure-halls": Row("xu", "/desk/structure/halls/"),
    "structure-hall-add": Row("xu", "/desk/structure/halls/add/", spoil=SEND),
    "structure-hall": Row("xu", "/desk/structure/halls/YT-CITY/"),
    "structure-window-add": Row("xu", "/desk/structure/halls/YT-CITY/windows/add/", spoil=SEND),
    "structure-window": Row("xu", _window),
    "structure-window-close": Row("xu", lambda portal: _window(portal) + "close/"),
    "structure-items": Row("xu", "/desk/structure/items/", empty="/desk/structure/items/?words=zzzz"),
    "structure-item-add": Row("xu", "/desk/structure/items/add/", spoil=SEND),
    "structure-item": Row("xu", _item),
    "structure-item-close": Row("xu", lambda portal: _item(portal) + "close/"),
    "structure-staff": Row("xu", "/desk/structure/staff/"),
    "structure-staff-add": Row("xu", "/desk/structure/staff/add/", spoil=SEND),
    "structure-person": Row("xu", "/desk/structure/staff/wu/"),
    "structure-person-edit": Row("xu", "/desk/structure/staff/wu/edit/"),
    "structure-person-disable": Row("xu", "/desk/structure/staff/wu/disable/", spoil=SEND),
    "structure-person-enable": Row("xu", "/desk/structure/staff/wu/enable/", spoil=SEND),
    "structure-person-password": Row("xu", "/desk/structure/staff/wu/password/"),
    "structure-role-add": Row("gu", "/desk/structure/staff/wu/roles/add/", spoil=SEND),
    "structure-second-factor": Row("gu", "/desk/structure/staff/wu/second-factor/"),
    "structure-role-end": Row("gu", _role, spoil=SEND),
    "structure-roles": Row("gu", "/desk/people/roles/", empty="/desk/people/roles/?q=zzzz"),
    "structure-roles#print": Row("gu", "/desk/people/roles/?print=1&role=auditor"),
    **GUARDED,
    "structure-calendar": Row("xu", "/desk/structure/calendar/"),
    "structure-calendar-year": Row("xu", "/desk/structure/calendar/2027/"),
    "structure-calendar-day": Row("xu", "/desk/structure/calendar/2027/days/", spoil=SEND),
    "structure-calendar-confirm": Row("xu", "/desk/structure/calendar/2027/confirm/", spoil=SEND),
    "structure-hand-overs": Row("zheng", "/desk/people/hand-over/"),
    "structure-hand-over": Row("zheng", "/desk/people/hand-over/wu/"),
    # What comes in by the thousand.
    "intake": Row("xu", "/desk/intake/", empty="/desk/intake/?before=1"),
    "intake#supervisor": Row("qian", "/desk/intake/"),
    "intake-new": Row("xu", "/desk/intake/new/", spoil=SEND),
    "intake-batch": Row("xu", _batch),
    "intake-batch#auditor": Row("zhou", _batch),
    "intake-start": Row("xu", _draft, spoil=SEND),
    "intake-waiting": Row("xu", "/desk/intake/waiting/"),
    "intake-map": Row("xu", f"/desk/intake/waiting/map/{_code}", empty=f"/desk/intake/waiting/map/{_code}&q=zzzz"),
    "intake-give-up": Row("xu", f"/desk/intake/waiting/give-up/{_code}", spoil=SEND),
    "intake-give-up#services": Row("xu", "/desk/intake/waiting/give-up/?source=hall&kind=service&code=", spoil=SEND),
    "intake-partners": Row("xu", "/desk/intake/partners/"),
    "intake-partner-add": Row("xu", "/desk/intake/partners/add/", spoil=SEND),
    "intake-partner": Row("xu", _partner, spoil=SEND),
    "intake-sources": Row("xu", "/desk/intake/sources/"),
    "intake-source-add": Row("xu", "/desk/intake/sources/add/", spoil=SEND),
    "intake-source": Row("xu", "/desk/intake/sources/shandong/", spoil=SEND),
    "intake-source#auditor": Row("zhou", "/desk/intake/sources/shandong/"),
    # One's own account.
    "account_change_password": Row("wu", "/accounts/password/change/", spoil=SEND),
    "mfa_index": Row("wu", "/accounts/2fa/"),
    "usersessions_list": Row("wu", "/accounts/sessions/"),
    "account_logout": Row("wu", "/accounts/logout/"),
}

# Addresses that show no page of their own: they answer a POST, redirect, hand out a file, or are not for people.
NOT_PAGES = {
    "dossier-file": "a file",
    "dossier-picture": "a picture",
    "statement-picture": "a picture",
    "clue-paper": "a file",
    "appeal-exhibit": "a file",
    "appeal-vote": "POST",
    "api-batches": "for machines",
    "api-description": "for machines",
    "api-explorer": "Swagger's own viewer",
    "api-legacy": "for machines",
    "api-ratings": "for machines",
    "api-services": "for machines",
    "account-kept": "shown after a POST that met an ended session",
    "account_reauthenticate": "shown only to a session that has to prove itself again",
    "call-next": "POST",
    "walks-summary-file": "a file",
    "call-release": "POST",
    "call-ring": "POST",
    "case-call": "POST",
    "case-draft": "POST",
    "case-picture": "a picture",
    "case-presence": "POST",
    "demo-outbox": "exists in the demo only",
    "metric-file": "a file",
    "metrics-recall": "POST",
    "overview-file": "a file",
    "overview-part": "a piece of the overview",
    "export": "POST",
    "structure-roles-file": "a file",
    "healthz": "for machines",
    "intake-progress": "the page of intake-batch, for whoever asks at intervals",
    "intake-repeat": "POST",
    "intake-report": "a file",
    "intake-steer": "POST",
    "kiosk-done": "shown on an enrolled tablet after a rating; walked in tests/walks/test_tablet.py",
    "kiosk-pulse": "POST",
    "kiosk-rate": "needs an enrolled tablet; walked in tests/walks/test_tablet.py",
    "mfa_activate_totp": "asks for the password first; walked in tests/organizations",
    "mfa_authenticate": "shown between password and second factor; walked in tests/organizations",
    "mfa_deactivate_totp": "refused where the second factor is required",
    "mfa_download_recovery_codes": "a file",
    "mfa_generate_recovery_codes": "needs a second factor; walked in tests/organizations",
    "mfa_reauthenticate": "needs a second factor; walked in tests/organizations",
    "mfa_view_recovery_codes": "needs a second factor; walked in tests/organizations",
    "openid_connect_callback": "redirect",
    "openid_connect_login": "redirect",
    "public-cases-csv": "a file",
    "public-picture": "a picture",
    "meeting-minutes-file": "a file",
    "meeting-read": "a button",
    "circular-file": "a file",
    "circular-extract-file": "a file",
    "scores-export": "a file",
    "circular-read": "a button",
    "disclosures-publish": "a button",
    "public-cases-json": "a file",
    "public-feed": "for machines",
    "public-figures-csv": "a file",
    "public-metrics-csv": "a file",
    "public-metrics-json": "a file",
    "rate-phone": "a signed address of an hour; the page is that of rate-link",
    "rate-service": "a signed address of half an hour; the page is that of rate-link",
    "readyz": "for machines",
    "robots": "for machines",
    "receipt": "a signed address after a rating; walked in tests/walks",
    "resend": "POST",
    "review-act": "POST",
    "review-question-remove": "POST",
    "sampled-call": "needs a person in hand; tests/evaluations/test_survey_pages.py opens it",
    "set-display": "POST",
    "set_language": "POST",
    "sitemap": "for machines",
    "sitemap-part": "for machines",
    "signs-stop": "needs a code that was replaced; walked in tests/walks",
    "socialaccount_login_cancelled": "only with single sign-on",
    "socialaccount_login_error": "only with single sign-on",
    "window-called": "for machines",
    "suggestion-receipt": "a signed address after a suggestion; tests/evaluations/test_suggestion_pages.py opens it",
    "suggestion-status": "needs the code of a receipt; tests/evaluations/test_suggestion_pages.py opens it",
    "survey-close": "POST",
    "tracking": "needs the code of a receipt; walked in tests/walks",
}
