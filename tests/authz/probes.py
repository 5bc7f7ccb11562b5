"""How to knock at every door: the address of each route, and what its rightful visitor would send.

Most bodies are read off the page itself; only what somebody would have to type is written here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.core import signing

from rectification.models import Case
from tests.authz.accounting import accounting
from tests.authz.appealing import contested
from tests.authz.classed import classed
from tests.authz.convened import convened
from tests.authz.disclosed import disclosed, published_at_desk, walks_at_desk
from tests.authz.doubted import doubted
from tests.authz.field import fieldwork
from tests.authz.guarding import guarded
from tests.authz.listening import heard_at_desk, heard_citizens
from tests.authz.noticed import noticed
from tests.authz.overseen import overseen
from tests.authz.probing import NOTHING, Arguments, Probe, Words, case_at, fixed, held, types
from tests.authz.scored import scored
from tests.authz.world import Principal, World
from tests.factories import PASSWORD

REPORT = {"kind": "rectified", "wrong": "缺样本", "changed": "已补", "prevention": "每周核对", "reply": "已经改正。"}
ANSWERS = {"was_contacted": "yes", "solved": "yes", "verdict": "satisfied", "pressed": "no", "retaliated": "no"}
TICKS = dict.fromkeys(("facts", "fixed", "answers", "no_identity"), "on")
JOINT = {"kind": "visit", "held_on": "2026-11-23", "place": "大厅", "participants": "两个部门", "result": "已商定"}
JUDGED = {"true": "yes", "reasonable": "yes", "malicious": "no"}
UNIT, OTHER = {"unit": "芝罘区公安局"}, {"unit": "烟台市医疗保障局", "task": "提供清单"}
# door: a case in a state that waits for it, who is rightful, and what they would type
DOORS: dict[str, tuple[str, str, Words]] = {
    "precheck": ("received", "dispatcher", JUDGED),
    "dispatch": ("prechecked", "dispatcher", UNIT),
    "sign": ("dispatched", "window", {}),
    "refuse": ("dispatched", "window", {"reason": "不属本单位"}),
    "accept_refusal": ("refused", "city", {"note": "同意"}),
    "deny_refusal": ("refused", "city", {"note": "属本单位"}),
    "assign_handler": ("rectifying", "supervisor", {}),
    "record_contact": ("rectifying", "window", {"result": "reached", "note": "再次说明"}),
    "start_without_contact": ("unreached", "window", {"note": "三次不通"}),
    "submit_report": ("rectifying", "window", REPORT),
    "send_reply": ("checking", "supervisor", TICKS),
    "return_report": ("checking", "supervisor", {"note": "补照片"}),
    "record_callback": ("replied", "callback", {"result": "reached", "note": "满意", **ANSWERS}),
    "give_up_callback": ("unanswered", "callback", {"note": "三次不通"}),
    "verify_on_file": ("on_file", "city", {"fixed": "yes", "note": "现场看过"}),
    "close": ("verified", "city", {"note": "销号"}),
    "decide_extension": ("asked", "city", {"approved": "yes"}),
    "decide_complex": ("asked", "city", {"approved": "yes"}),
    "answer_co_handling": ("asked", "co_handler", {"answer": "清单已给"}),
    "answer_supervision": ("asked", "window", {"answer": "进度如下"}),
    "add_co_handler": ("rectifying", "window", OTHER),
    "record_joint_work": ("rectifying", "window", JOINT),
    "request_extension": ("rectifying", "window", {"reason": "等批复", "until": "2026-12-04"}),
    "request_complex": ("rectifying", "window", {"reason": "涉及两个部门"}),
    "supervise": ("rectifying", "city", {"text": "请说明"}),
    "escalate": ("rectifying", "city", {"note": "提级"}),
    "mark_typical": ("closed", "city", {"typical": "yes"}),
}
DOORS_BEYOND = {f"{door}@{story}" for door, (story, _who, _words) in DOORS.items() if door != "record_contact"}


def acts() -> Iterator[Probe]:
    """Every act in a state that waits for it; a few of them on cases that are not ours."""
    for door, (story, rightful, words) in DOORS.items():
        yield _act("act", f"{door}@{story}", story, door, rightful, words)
    for name in ("case-draft", "case-call"):
        for door in ("record_contact", "record_callback"):
            story, rightful, words = DOORS[door]
            yield _act(name, f"{door}@{story}", story, door, rightful, words)
    for name in ("act", "case-draft", "case-call"):
        for about in ("elsewhere", "unknown"):
            yield _act(name, f"record_contact@{about}", about, "record_contact", "", {"result": "reached", "note": "x"})
    yield _act("act", "nonsense@rectifying", "rectifying", "nonsense", "", {})


def _act(route: str, about: str, story: str, door: str, rightful: str, words: Words) -> Probe:
    def typed(world: World, who: Principal) -> Words:
        more = {"handler": world.colleague.pk} if door == "assign_handler" else {}
        case = Case.objects.filter(number=world.case_of(story)).first()
        return {"seen": case.version if case else 0, **words, **more}

    return Probe(route, about, case_at(story, door), rightful if route == "act" else "", typed)


def cases() -> Iterator[Probe]:
    """Whatever else hangs on a case."""
    for about in ("rectifying", "received", "closed", "elsewhere", "unknown"):
        yield Probe("case", about, case_at(about))
    for about in ("rectifying", "elsewhere", "unknown"):
        yield Probe("case-presence", about, case_at(about))
        yield Probe("case-picture", about, lambda world, who, about=about: [world.case_of(about), world.picture.pk])


def citizens() -> Iterator[Probe]:
    """The public pages; their addresses and cookies are the keys."""
    liked = types(level="5")
    number = "370600000000000000"
    yield Probe("rate-start")
    yield Probe("rate-find", typed=types(number=number, name="王演示"))
    yield Probe("rate-about", "platform", fixed("platform", "city"), "citizen", liked)
    yield Probe("rate-about", "nothing", fixed("platform", "nowhere"), "", liked)
    yield Probe("rate-link", "", held(lambda w: w.link, lambda w: w.stale_link), "citizen", liked)
    yield Probe("rate-comment", "", NOTHING, "citizen", liked)
    yield Probe("stop-invitations", "", held(lambda w: w.invitation, lambda w: w.link), "citizen", types(x="1"))
    signed = held(lambda w: w.found, lambda w: signing.dumps(1, salt="receipt"))
    yield Probe("rate-service", "", signed, "citizen", liked)
    yield Probe("rate-window", "", held(lambda w: w.window.sign_code, lambda w: "closed"), "citizen", liked)
    paper = held(lambda w: w.old_paper, lambda w: w.stopped_paper)
    yield Probe("rate-window", "old paper", paper, "citizen", liked)
    receipt = held(
        lambda w: signing.dumps(w.nonces["rectifying"], salt="receipt"),
        lambda w: signing.dumps(w.nonces["rectifying"], salt="found-service"),
    )
    yield Probe("receipt", "", receipt, "citizen", types(hidden="1"))
    yield Probe("follow-up", "", held(lambda w: w.follow_up, lambda w: w.link), "citizen", types(verdict="satisfied"))
    yield Probe("track", "", NOTHING, "", _number_and_code)
    for act, story, words in (
        ("verdict", "replied", {"verdict": "satisfied"}),
        ("reopen", "replied", {"reason": "not_done"}),
        ("statement", "rectifying", {"text": "再补充一句"}),
        ("pressure", "rectifying", {"text": "有人打电话"}),
        ("hide", "rectifying", {"hidden": "on"}),
    ):
        yield Probe("tracking", f"{act}@{story}", case_at(story), "", types(act=act, **words), cookie=story)


def tablets() -> Iterator[Probe]:
    """The tablet at a window, whose cookie is its key; and the interface by which its window calls."""
    code = lambda world, who: {"code": world.code if who.keys == "right" else "ABCD-2345"}  # noqa: E731
    yield Probe("kiosk", typed=code, tablet=True)
    yield Probe("kiosk-rate", typed=types(level="5", matter="none"), tablet=True)
    yield Probe("kiosk-pulse", typed=types(battery="50"), tablet=True)
    signed = held(lambda w: signing.dumps(w.nonces["rectifying"], salt="receipt"), lambda w: "x")
    yield Probe("kiosk-done", "", signed, tablet=True)
    scanned = held(lambda w: w.scanned, lambda w: w.link)
    yield Probe("rate-phone", "", scanned, "citizen", types(level="5"))
    yield Probe("window-called", typed=types(hall="YT-ZF", window="A01"))


def devices() -> Iterator[Probe]:
    """What is put up at windows, by those who look after them: ours, and one at a window of another unit."""
    yield Probe("devices")
    yield Probe("device-add", "", NOTHING, "supervisor", _new_device)
    for about, rightful in (("ours", "supervisor"), ("elsewhere", "other_supervisor")):
        one = lambda world, who, about=about: [world.devices[about].pk]  # noqa: E731
        yield Probe("device", about, one, rightful, types(name="改名"))
        yield Probe("device-code", about, one, rightful, types(x="1"))
        yield Probe("device-revoke", about, one, rightful, types(note="坏了"))
    yield Probe("window-keys")
    yield Probe("window-key-add", "", NOTHING, "system", types(hall="YT-ZF", name="叫号"))
    yield Probe("window-key-revoke", "", lambda world, who: [world.window_key.pk], "system", types(note="换系统"))


def _new_device(world: World, who: Principal) -> Words:
    return {"name": "一号", "window": f"{world.window.hall.code}/{world.window.number}"}


def _number_and_code(world: World, who: Principal) -> Words:
    receipt = world.receipts["rectifying"]
    assert receipt.case is not None
    return {"number": receipt.case.number, "code": receipt.code if who.keys == "right" else "000000"}


def desk() -> Iterator[Probe]:
    """Lists, files, notices, and what the administrators run."""
    for name in (
        "desk",
        "queue",
        "exports",
        "pressure",
        "rules",
        "tools",
        "desk-more",
        "audit",
        "outbox",
        "structure-hand-overs",
    ):
        yield Probe(name)
    yield Probe("notices", typed=types(x="1"))
    yield Probe("ledger", "", NOTHING, "auditor", types(format="csv", reason="核对"))
    yield Probe("export", "own", lambda world, who: [_export(world, who)])
    yield Probe("export", "the auditor's", lambda world, who: [world.exports[world.cast.zhou.pk].pk])
    yield Probe(
        "pressure-settle", "", lambda world, who: [world.pressure.pk], "city", types(outcome="found", finding="已核查")
    )
    rule = lambda world, who: [_rule()]  # noqa: E731
    yield Probe("rule", "", rule, "system", types(valid_from="2026-12-01", source="新规", amount="6"))
    yield Probe("resend", "dead", lambda world, who: [world.dead.pk])
    yield Probe("structure-hand-over", "ours", fixed("jing"), "supervisor", types(successor="tong"))
    yield Probe("structure-hand-over", "elsewhere", fixed("sun"), "other_supervisor", types(successor="lu"))
    ours = {"place": "YT-ZF/01", "level": "5"}
    yield Probe("entry", "ours", NOTHING, "dispatcher", types(**ours))
    yield Probe("entry", "the city's", NOTHING, "dispatcher", types(**{**ours, "place": "YT-CITY/B05"}))
    yield Probe("checks")
    seen = {"place": "YT-ZF/01", "level": "5", "visited_at": "2026-11-23T09:00"}
    yield Probe("check-add", "ours", NOTHING, "city", types(**seen))
    yield Probe("check-add", "the city's", NOTHING, "city", types(**{**seen, "place": "YT-CITY/B05"}))
    yield Probe("demo-outbox")
    yield from papers()


def papers() -> Iterator[Probe]:
    """Signs and slips: of our own window, of a window elsewhere in another hall, and of one that nobody has."""
    yield Probe("signs")
    for about, code in (("ours", "YT-ZF"), ("elsewhere", "YT-CITY"), ("unknown", "NOWHERE")):
        yield Probe("signs-hall", about, fixed(code))
    for about, window in (
        ("ours", lambda world: world.window),
        ("elsewhere", lambda world: world.elsewhere_window),
    ):
        at = lambda world, who, window=window: [window(world).pk]  # noqa: E731
        yield Probe("signs-window", about, at)
        seen = lambda world, who, window=window: {"seen": window(world).sign_code, "reason": "破损"}  # noqa: E731
        yield Probe("signs-renew", about, at, "system", seen)
    yield Probe("signs-window", "unknown", fixed(999999))
    yield Probe("signs-renew", "unknown", fixed(999999), "", types(seen="x", reason="破损"))
    yield Probe("signs-stop", "", lambda world, who: [world.retired.pk], "system", types(note="被冒用"))
    slip = lambda world, who: {"paper": "roll", "services": world.unrated.pk}  # noqa: E731
    yield Probe("slips", "", NOTHING, "window", slip)
    yield Probe("statistics")
    yield Probe("metrics")
    yield Probe("metrics-recall", "", NOTHING, "", types(period="2026-11", asof="2026-11-20", metric="active"))
    for route in ("metric", "metric-file", "metric-rows"):
        yield Probe(route, "on time", fixed("on-time"))
        yield Probe(route, "unknown", fixed("nothing"))
    yield Probe("statistics-baseline", "", NOTHING, "city", types(m11="5"))
    yield Probe("ratings")
    taken_out = types(reason="test", note="演示")
    for about in ("rectifying", "elsewhere", "unknown"):
        yield Probe("rating-exclude", about, _rating(about), "city", taken_out)


def _rating(about: str) -> Arguments:
    return lambda world, who: [world.receipts[about].evaluation.pk if about in world.receipts else UUID(int=7)]


def _export(world: World, who: Principal) -> int:
    return world.exports[who.person.pk].pk if who.person else 0


def _rule() -> int:
    from rectification.models import DutyRule

    return DutyRule.objects.filter(preset="yantai").order_by("pk")[0].pk


USCC = "91350100M000100Y43"
ITEM = "11370600990000017B3370010999900"
CLOSES = {"on": "2026-11-23", "note": "撤并"}


def structure() -> Iterator[Probe]:
    """The administrators' pages: who may open each is the separation of the three administrators."""
    for name in ("home", "regions", "units", "halls", "items", "staff", "roles"):
        yield Probe(f"structure-{name}")
    region = {"code": "370602099000", "name": "演示街道", "level": "9"}
    unit = {"code": "NEW-1", "name": "演示局", "short_name": "演示", "uscc": USCC, "region": "370602000000"}
    place = {"code": "NEW-H", "name": "演示大厅", "region": "370602000000", "unit": "370602-GAJ"}
    item = {"code": ITEM, "name": "演示事项", "unit": "370602-GAJ", "task_type": "01"}
    person = {"username": "xinren", "name": "新人"}
    rows: tuple[tuple[str, Arguments, Words], ...] = (
        ("region-add", NOTHING, region),
        ("region", fixed("370602000000"), {"name": "芝罘"}),
        ("unit-add", NOTHING, unit),
        ("unit", fixed("370602-CGJ"), {"phone": "0535-1"}),
        ("unit-close", fixed("370602-CGJ"), CLOSES),
        ("hall-add", NOTHING, place),
        ("hall", fixed("YT-ZF"), {"name": "新名"}),
        ("window-add", fixed("YT-ZF"), {"number": "Z99", "name": "演示窗口", "unit": "370602-GAJ"}),
        ("window", _window, {"name": "新名"}),
        ("window-close", _window, CLOSES),
        ("item-add", NOTHING, item),
        ("item", _item, {"name": "新名"}),
        ("item-close", _item, CLOSES),
        ("staff-add", NOTHING, person),
        ("person-edit", fixed("wei"), {"name": "魏改名"}),
        ("person-disable", fixed("wei"), {"note": "离职"}),
        ("person-enable", fixed("ting"), {"note": "返岗"}),
        ("person-password", fixed("wei"), {}),
        ("calendar", NOTHING, {"year": "2031"}),
        ("calendar-day", fixed(2027), {"day": "2027-03-05", "kind": "holiday", "name": "演示"}),
        ("calendar-confirm", fixed(2027), {"source": "国办发明电"}),
    )
    for name, arguments, words in rows:
        yield Probe(f"structure-{name}", "", arguments, "system", types(**words))
    yield Probe("structure-calendar-year", "", fixed(2027))
    yield Probe("structure-person", "", fixed("wei"))
    yield Probe("structure-role-end", "", _membership, "security", types(on="2026-11-23", note="调走"))
    granted = types(role="callback", unit="370600-SPJ", valid_from="2026-11-23")
    yield Probe("structure-role-add", "", fixed("wei"), "security", granted)
    yield Probe("structure-second-factor", "", fixed("wei"), "security", types(note="换手机"))


def _window(world: World, who: Principal) -> list[Any]:
    return [world.window.pk]


def _item(world: World, who: Principal) -> list[Any]:
    return [world.cast.item.code]


def _membership(world: World, who: Principal) -> list[Any]:
    return [world.cast.wei.memberships.get().pk]


def intake() -> Iterator[Probe]:
    """What comes in by the thousand: the system administrator runs it, supervisors and auditors look on."""
    for name in ("intake", "intake-waiting", "intake-sources", "intake-partners"):
        yield Probe(name)
    # Without a file, which is sent in the tests of the page.
    yield Probe("intake-new", "", NOTHING, "system", types(source="hall", kind="ratings"))
    for name in ("intake-batch", "intake-progress", "intake-report"):
        yield Probe(name, "done", lambda world, who: [world.batches["done"].pk])
    yield Probe("intake-batch", "unknown", fixed(999_999_999))
    yield Probe("intake-start", "draft", lambda world, who: [world.batches["draft"].pk], "system", types(act="real"))
    yield Probe("intake-steer", "draft", lambda world, who: [world.batches["draft"].pk], "", types(to="cancelled"))
    yield Probe("intake-repeat", "dry", lambda world, who: [world.batches["dry"].pk], "", types(what="real"))
    code = "source=hall&kind=unit&code=OLD-1"
    yield Probe("intake-map", "", NOTHING, "", lambda world, who: {"thing": world.unit.pk}, query=code)
    yield Probe("intake-give-up", "", NOTHING, "system", types(reason="演示"), query=code)
    partner = {"name": "演示系统", "source": "hall", "scopes": ["ratings"], "method": "hmac", "per_minute": "60"}
    yield Probe("intake-partner-add", "", NOTHING, "system", types(**partner))
    yield Probe("intake-partner", "", lambda world, who: [world.partner.app_id], "system", types(reason="停用"))
    yield Probe("intake-source", "", fixed("shandong"), "system", types(feedback_url="https://example.invalid/x"))
    yield Probe("intake-source-add", "", NOTHING, "system", types(code="new", name="演示来源", like="default"))


def accounts() -> Iterator[Probe]:
    """Signing in, and one's own account; with the provider of single sign-on that is not configured here."""
    yield Probe("account_login", typed=_password)
    yield Probe("account_logout", typed=types(x="1"))
    yield Probe("account_reauthenticate", typed=types(password=PASSWORD))
    new = {"oldpassword": PASSWORD, "password1": "Zhifu-2027-a!", "password2": "Zhifu-2027-a!"}
    yield Probe("account_change_password", typed=types(**new))
    for name in (
        "account-kept",
        "mfa_index",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "usersessions_list",
        "socialaccount_login_cancelled",
        "socialaccount_login_error",
    ):
        yield Probe(name)
    for name in ("openid_connect_login", "openid_connect_callback"):
        yield Probe(name, "", fixed("sso"))


def _password(world: World, who: Principal) -> Words:
    return {"login": "wei", "password": "wrong" if who.keys == "wrong" else PASSWORD}


def machine() -> Iterator[Probe]:
    """What belongs to no room of its own."""
    for name in ("home", "healthz", "readyz"):
        yield Probe(name)
    yield Probe("set-display", typed=types(text="large"))
    yield Probe("set_language", typed=types(language="en"))
    for name in ("api-ratings", "api-services", "api-batches", "api-description", "api-explorer"):
        yield Probe(name)
    yield Probe("api-legacy", "", fixed("shandong", "ratings"))


# Doors that no case lies behind tell roles apart, not units; those of one's own account only who is signed in.
ANYBODY = frozenset({"anonymous", "window", "system", "disabled", "former"})
CITIZENS = frozenset({"anonymous", "citizen", "wrong_code", "window", "system"})
ROLES = frozenset({"window", "supervisor", "dispatcher", "callback", "county", "city", "auditor"})
ROLES |= {"anonymous", "system", "security", "audit_admin", "disabled", "former"}
# Doors of a case beyond the first tell apart who is signed in.
SIGNED_IN = ROLES | {"colleague", "rated", "superior", "other_window", "other_supervisor", "co_handler", "other_county"}
SIGNED_IN -= {"disabled"}

# Of an appeal also the panel; its evaluator comes by a link, and nobody by a cookie.
CONTESTING = SIGNED_IN | {"panel", "recused", "pool", "citizen", "wrong_code"}


def probes() -> list[Probe]:
    """Every door, with those who are asked to knock."""
    return [
        *(replace(probe, asked=CITIZENS | ANYBODY) for probe in machine()),
        *(replace(probe, asked=ANYBODY) for probe in accounts()),
        *(replace(probe, asked=ROLES) for probe in structure()),
        *(replace(probe, asked=ROLES) for probe in intake()),
        *(replace(probe, asked=CITIZENS) for probe in (*citizens(), *heard_citizens(), *disclosed())),
        *(replace(probe, asked=SIGNED_IN) for probe in heard_at_desk()),
        *(replace(probe, asked=SIGNED_IN) for probe in published_at_desk()),
        *(replace(probe, asked=SIGNED_IN) for probe in walks_at_desk()),
        *(replace(probe, asked=SIGNED_IN) for probe in doubted()),
        *(replace(probe, asked=SIGNED_IN) for probe in noticed()),
        *(replace(probe, asked=SIGNED_IN) for probe in overseen()),
        *(replace(probe, asked=SIGNED_IN) for probe in fieldwork()),
        *(replace(probe, asked=SIGNED_IN) for probe in accounting()),
        *(replace(probe, asked=SIGNED_IN) for probe in classed()),
        *(replace(probe, asked=SIGNED_IN) for probe in convened()),
        *(replace(probe, asked=CONTESTING) for probe in contested()),
        *(replace(probe, asked=SIGNED_IN) for probe in scored()),
        *(replace(probe, asked=SIGNED_IN) for probe in guarded()),
        *(replace(probe, asked=CITIZENS) for probe in tablets()),
        *devices(),
        *desk(),
        *cases(),
        *(replace(probe, asked=SIGNED_IN if probe.about in DOORS_BEYOND else frozenset()) for probe in acts()),
    ]
