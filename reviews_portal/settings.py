"""One settings file, driven by the environment. docs/operations.md lists every variable."""

import base64
from datetime import time, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from reviews_portal.administration import *  # noqa: F403 - settings that stand beside this file
from reviews_portal.figures import *  # noqa: F403 - as above
from reviews_portal.integrity import integrity
from reviews_portal.logs import logging
from reviews_portal.notices import *  # noqa: F403 - as above
from reviews_portal.oversight import *  # noqa: F403 - as above

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

PORTAL_MODE = env.str("PORTAL_MODE", "production")
if PORTAL_MODE not in {"demo", "production", "test"}:
    raise ImproperlyConfigured(f"PORTAL_MODE={PORTAL_MODE}: use demo, production or test")
PRODUCTION = PORTAL_MODE == "production"
DEMO = PORTAL_MODE == "demo"
DEBUG = False


def secret(name: str, stand_in: str) -> str:
    """A secret from the environment; outside production a fixed, worthless stand-in is allowed."""
    return env.str(name) if PRODUCTION else env.str(name, stand_in)


SECRET_KEY = secret("SECRET_KEY", "worthless-outside-production")
_WORTHLESS_KEY = base64.b64encode(bytes(32)).decode()
IDENTITY_KEYS = secret("IDENTITY_KEYS", f"k0:{_WORTHLESS_KEY}")
BLIND_INDEX_KEY = secret("BLIND_INDEX_KEY", _WORTHLESS_KEY)
IDENTITY_ALGORITHM = env.str("IDENTITY_ALGORITHM", "aes-256-gcm")

PORTAL_URL = env.str("PORTAL_URL", "http://127.0.0.1:8000").rstrip("/")
PORTAL_NAME = env.str("PORTAL_NAME", gettext_noop("烟台市政务服务“好差评”"))
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["*"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
TRUSTED_PROXY_HOPS = env.int("TRUSTED_PROXY_HOPS", 0)
SECURE_COOKIES = env.bool("SECURE_COOKIES", PRODUCTION)

INSTALLED_APPS = [
    "reviews_portal",
    "oversight",
    "disclosure",
    "assessment",
    "appeals",
    "evaluations",
    "rectification",
    "identity",
    "organizations",
    "common",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "rest_framework",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_structlog",
    "pgtrigger",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "common.middleware.client_address",
    "common.middleware.RequestLog",
    "common.middleware.ContentPolicy",
    "common.middleware.known_methods",
    "common.middleware.database_outage",
    "common.middleware.body_size",
    "common.middleware.signed_requests",
    "common.middleware.clean_input",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "organizations.middleware.session_limits",
    "organizations.middleware.password_age",
    "organizations.middleware.second_factor",
    "common.middleware.private_pages",
    "organizations.middleware.refused_acts",
]

ROOT_URLCONF = "reviews_portal.urls"
WSGI_APPLICATION = "reviews_portal.wsgi.application"
FORM_RENDERER = "common.forms.PortalRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "common.context_processors.portal",
                "reviews_portal.context_processors.rail",
            ],
        },
    },
]

DATABASES = {"default": env.db_url("DATABASE_URL")}
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL: PostgreSQL is the only database")
# A socket folder as host is written percent-encoded, as libpq does: postgres://user:pw@%2Frun%2Fpostgresql/name
DATABASES["default"]["HOST"] = unquote(DATABASES["default"]["HOST"])
DATABASES["default"] |= {"ENGINE": "common.postgresql", "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The broker may be away for an hour: pages and acts depend on PostgreSQL alone, so cache and sessions live there too.
# Lock-outs are kept in the cache: a small one would forget them when it is flooded.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 500_000},
    }
}
SESSION_ENGINE = "common.sessions"
SESSION_COOKIE_NAME = "__Host-session" if SECURE_COOKIES else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE_COOKIES else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_IDLE = timedelta(minutes=env.int("SESSION_IDLE_MINUTES", 30))
SESSION_ABSOLUTE = timedelta(hours=env.int("SESSION_ABSOLUTE_HOURS", 12))
ADMIN_SESSION_IDLE = timedelta(minutes=env.int("ADMIN_SESSION_IDLE_MINUTES", 15))
ADMIN_SESSION_ABSOLUTE = timedelta(hours=env.int("ADMIN_SESSION_ABSOLUTE_HOURS", 8))
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", SECURE_COOKIES)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31536000 if SECURE_COOKIES else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = bool(SECURE_HSTS_SECONDS)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_HOPS else None
# Not "no-referrer": browsers then send "Origin: null" with our own forms, and the CSRF check refuses them.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
UPLOAD_MAX_BYTES = 10 * 1024 * 1024
# The largest form is a report with twelve pictures. Files for intake come to one page alone.
REQUEST_MAX_BYTES = 14 * UPLOAD_MAX_BYTES
FILE_UPLOAD_TEMP_DIR = env.str("FILE_UPLOAD_TEMP_DIR", "") or None
FORM_TARGETS = [SELF]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "style-src": [SELF, NONCE],
        "script-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": FORM_TARGETS,
    }
}

AUTH_USER_MODEL = "organizations.Staff"
AUTHENTICATION_BACKENDS = ["organizations.backends.StaffBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "organizations.adapters.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
_FORMS = {"login": "Login", "reauthenticate": "Reauthenticate", "change_password": "ChangePassword"}
ACCOUNT_FORMS = {page: f"organizations.forms.account.{name}Form" for page, name in _FORMS.items()}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {"login": "200/m/ip", "login_failed": "5/15m/key,100/15m/ip"}
MFA_ADAPTER = "organizations.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
_FORMS = {"authenticate": "Authenticate", "reauthenticate": "ReauthenticateCode", "activate_totp": "Activate"}
MFA_FORMS = {page: f"organizations.forms.account.{name}Form" for page, name in _FORMS.items()}
MFA_REQUIRED = env.bool("MFA_REQUIRED", PRODUCTION)
USERSESSIONS_ADAPTER = "organizations.adapters.SessionsAdapter"
SOCIALACCOUNT_ADAPTER = "organizations.adapters.SignOnAdapter"
OIDC_USERNAME_CLAIM = env.str("OIDC_USERNAME_CLAIM", "preferred_username")
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, list[dict[str, object]]]] = {"openid_connect": {"APPS": []}}
if env.str("OIDC_SERVER_URL", ""):
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"].append(
        {
            "provider_id": "sso",
            "name": env.str("OIDC_NAME", "统一身份认证"),
            "client_id": env.str("OIDC_CLIENT_ID"),
            "secret": env.str("OIDC_CLIENT_SECRET"),
            "settings": {"server_url": env.str("OIDC_SERVER_URL"), "oauth_pkce_enabled": True},
        }
    )
    # Browsers hold a form to this rule on the redirect to the provider as well.
    FORM_TARGETS.append("{0.scheme}://{0.netloc}".format(urlsplit(env.str("OIDC_SERVER_URL"))))

# reliability: 等保 wants complexity and change, ASVS forbids both; the customer's law decides (docs/decisions.md).
PASSWORD_PROFILE = env.str("PASSWORD_PROFILE", "dengbao3")
PASSWORD_MAX_AGE_DAYS = {"dengbao3": 90, "nist": None}[PASSWORD_PROFILE]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": {"dengbao3": 10, "nist": 12}[PASSWORD_PROFILE]},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if PASSWORD_PROFILE == "dengbao3":
    AUTH_PASSWORD_VALIDATORS.append({"NAME": "organizations.passwords.CharacterClassesValidator"})
if PORTAL_MODE == "test":
    # The first one hashes, fast; the second reads the passwords of a demo city that was seeded in its own mode.
    PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{name}PasswordHasher" for name in ("MD5", "PBKDF2")]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
FORMAT_MODULE_PATH = "reviews_portal.formats"

STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", str(BASE_DIR / "var" / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = env.str("MEDIA_ROOT", str(BASE_DIR / "var" / "media"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if PORTAL_MODE == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = PORTAL_MODE == "test"

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="dummymail://" if not PRODUCTION else "consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = SMS_TIMEOUT = 10
MAIL_CONFIGURED = bool(env.str("EMAIL_URL", ""))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "portal@example.invalid")
SMS_GATEWAY_URL = env.str("SMS_GATEWAY_URL", "")
SMS_GATEWAY_KEY = env.str("SMS_GATEWAY_KEY", "")
CALL_GATEWAY_URL = env.str("CALL_GATEWAY_URL", "")
CALL_GATEWAY_KEY = env.str("CALL_GATEWAY_KEY", "")
CALL_TIMEOUT = 8
SMS_QUIET_HOURS = (time(21), time(8))
SMS_MAX_CHARACTERS = 70
SMS_MAX_PER_CASE = env.int("SMS_MAX_PER_CASE", 3)
OUTBOX_ADDRESSES = {
    "staff": "organizations.queries.mail_address",
    "evaluator": "identity.actions.phone_for_delivery",
    "source": "evaluations.feedback.address_of",
}
OUTBOX_SOURCE_SENDER = "evaluations.feedback.send"
OUTBOX_MAX_ATTEMPTS = env.int("OUTBOX_MAX_ATTEMPTS", 8)

CELERY_BROKER_URL = env.str("REDIS_URL", "redis://127.0.0.1:6379/0")
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 240
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Longer than any task, far shorter than the default hour: a killed worker's message comes back soon.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 300}
CELERY_TIMEZONE = TIME_ZONE
# A year's file takes a quarter of an hour: it has a worker of its own, so that no deadline and no message waits for it.
CELERY_TASK_ROUTES = {f"evaluations.tasks.{name}": {"queue": "bulk"} for name in ("check_files", "run_batches")}

# Parameters of domain.md §16 that are not rows of DutyRule. Each can be set in the environment.
OFFICE_OPENING = time.fromisoformat(env.str("OFFICE_OPENING", "08:30"))
OFFICE_CLOSING = time.fromisoformat(env.str("OFFICE_CLOSING", "17:00"))
DAY_ONE = env.str("DAY_ONE", "next")
PAUSE_DAY_COUNTS = env.bool("PAUSE_DAY_COUNTS", False)
SHIFT_NATURAL_DAYS = env.bool("SHIFT_NATURAL_DAYS", False)
DUTY_PRESET = env.str("DUTY_PRESET", "yantai")
# 公示: how many who rated the same matter make a crowd that hides one of them (disclosure/anonymity.py).
DISCLOSURE_CROWD = env.int("DISCLOSURE_CROWD", 5)
# How many of a web process's threads reading may hold at once; how often one network may say 我也遇到过 in an hour.
PUBLIC_AT_ONCE = env.int("PUBLIC_AT_ONCE", 4)
ECHOES_PER_ADDRESS_HOUR = env.int("ECHOES_PER_ADDRESS_HOUR", 60)
NEGATIVE_REQUIRES_REASON = env.bool("NEGATIVE_REQUIRES_REASON", True)
SUPPLEMENT_WORKING_DAYS = env.int("SUPPLEMENT_WORKING_DAYS", 5)
CLERK_ENTRY_MAX_DAYS = env.int("CLERK_ENTRY_MAX_DAYS", 30)
INVITE_RATINGS = env.bool("INVITE_RATINGS", True)
INVITE_AFTER_DAYS = env.int("INVITE_AFTER_DAYS", 3)
INVITE_CAP_DAYS = env.int("INVITE_CAP_DAYS", 7)
INVITE_REMINDER_DAYS = env.int("INVITE_REMINDER_DAYS", 3)
INVITE_MAX_PER_SWEEP = env.int("INVITE_MAX_PER_SWEEP", 1000)
RATING_TEXT_MAX = env.int("RATING_TEXT_MAX", 500)
# How long after a rating its receipt is still worth an SMS: not when last year's file is read in.
RECEIPT_MESSAGE_DAYS = env.int("RECEIPT_MESSAGE_DAYS", 7)
# How long after a service the number reported with it is kept for the invitation to rate it.
CONTACT_DAYS = env.int("CONTACT_DAYS", 14)
# What is believable of a row of another system: how old, how far in the future, how long a text.
INTAKE_OLDEST_DAYS = env.int("INTAKE_OLDEST_DAYS", 3660)
INTAKE_FUTURE_MINUTES = env.int("INTAKE_FUTURE_MINUTES", 10)
INTAKE_TEXT_MAX = env.int("INTAKE_TEXT_MAX", 2000)
DEMO_SERVICES, DEMO_YEAR = env.int("DEMO_SERVICES", 140_000), env.bool("DEMO_YEAR", False)
PARTNER_PER_MINUTE = env.int("PARTNER_PER_MINUTE", 600)
# How large a file for intake may be, up to which size it is looked at while somebody waits, how long it is kept.
INTAKE_FILE_MAX_MB = env.int("INTAKE_FILE_MAX_MB", 4096)
INTAKE_INSPECT_NOW_MB = env.int("INTAKE_INSPECT_NOW_MB", 20)
INTAKE_FILE_DAYS = env.int("INTAKE_FILE_DAYS", 7)
LARGE_UPLOADS = {"/desk/intake/new/": (INTAKE_FILE_MAX_MB + 1) * 1024 * 1024}
RATING_LINK_DAYS = env.int("RATING_LINK_DAYS", 14)
SIGN_GRACE_DAYS = env.int("SIGN_GRACE_DAYS", 30)
FOLLOW_UP_DAYS = env.int("FOLLOW_UP_DAYS", 30)
REOPEN_DAYS = env.int("REOPEN_DAYS", 30)
REFUSALS_MAX = env.int("REFUSALS_MAX", 1)
EXTENSIONS_MAX = env.int("EXTENSIONS_MAX", 1)
REWORKS_MAX = env.int("REWORKS_MAX", 2)
CALLBACK_ATTEMPTS_MIN = env.int("CALLBACK_ATTEMPTS_MIN", 3)
# 申诉: seats, deputies; who looks into files; working days for the evaluator's facts, and for looking a ruling over;
# from which upheld share on, of how many rulings, a unit or a ground is looked at; how large a file may be.
APPEAL_SEATS, APPEAL_DEPUTIES = env.int("APPEAL_SEATS", 3), env.int("APPEAL_DEPUTIES", 3)
SCANNER_ADDRESS = env.str("SCANNER_ADDRESS", "")
APPEAL_HEARING_DAYS, APPEAL_SERVE_DAYS = env.int("APPEAL_HEARING_DAYS", 2), env.int("APPEAL_SERVE_DAYS", 1)
APPEAL_FILED_SHARE = env.int("APPEAL_FILED_SHARE", 50)
APPEAL_ALARM_SHARE, APPEAL_ALARM_MIN = env.int("APPEAL_ALARM_SHARE", 50), env.int("APPEAL_ALARM_MIN", 5)
APPEAL_PDF_MAX_MB, APPEAL_RECORDING_MAX_MB = env.int("APPEAL_PDF_MAX_MB", 20), env.int("APPEAL_RECORDING_MAX_MB", 100)
# 精准评议: how long a link of an invitation leads somewhere, how seldom one phone is asked, how many in one sweep.
REVIEW_LINK_DAYS = env.int("REVIEW_LINK_DAYS", 14)
REVIEW_CAP_DAYS = env.int("REVIEW_CAP_DAYS", 7)
REVIEW_MAX_PER_SWEEP = env.int("REVIEW_MAX_PER_SWEEP", 200)
# 意见建议: working days until somebody is named, and until that unit has answered.
SUGGESTION_SORT_DAYS = env.int("SUGGESTION_SORT_DAYS", 3)
SUGGESTION_ANSWER_DAYS = env.int("SUGGESTION_ANSWER_DAYS", 15)
SUGGESTION_TEXT_MAX = env.int("SUGGESTION_TEXT_MAX", 1000)
SUGGESTIONS_PER_ADDRESS_HOUR = env.int("SUGGESTIONS_PER_ADDRESS_HOUR", 60)
# 抽访: hours of calling, on how many days somebody is tried, how seldom a phone is drawn, how long a caller holds one.
SURVEY_OPENING = time.fromisoformat(env.str("SURVEY_OPENING", "09:00"))
SURVEY_CLOSING = time.fromisoformat(env.str("SURVEY_CLOSING", "20:00"))
SURVEY_DAYS_MIN = env.int("SURVEY_DAYS_MIN", 3)
SURVEY_CAP_DAYS = env.int("SURVEY_CAP_DAYS", 90)
SURVEY_LEASE_MINUTES = env.int("SURVEY_LEASE_MINUTES", 30)
SURVEY_SIZE_MAX = env.int("SURVEY_SIZE_MAX", 50_000)
# Whether somebody who has stopped invitations by SMS is still called for a survey.
SURVEY_CALLS_STOPPED = env.bool("SURVEY_CALLS_STOPPED", False)
TRACKING_TRIES_PER_CASE_HOUR = env.int("TRACKING_TRIES_PER_CASE_HOUR", 5)
TRACKING_TRIES_PER_ADDRESS = env.int("TRACKING_TRIES_PER_ADDRESS", 60)
# The tablets at the windows (ux.md §3, §4.1). The seconds are time limits of WCAG 2.2.1: longer rather than shorter.
KIOSK_NETWORK_BOUND = env.bool("KIOSK_NETWORK_BOUND", True)
KIOSK_CODE_MINUTES, KIOSK_CALL_MINUTES = env.int("KIOSK_CODE_MINUTES", 30), env.int("KIOSK_CALL_MINUTES", 15)
KIOSK_SILENT_MINUTES = env.int("KIOSK_SILENT_MINUTES", 5)
KIOSK_PULSE_SECONDS = env.int("KIOSK_PULSE_SECONDS", 30)
KIOSK_IDLE_SECONDS = env.int("KIOSK_IDLE_SECONDS", 60)
KIOSK_WARNING_SECONDS = env.int("KIOSK_WARNING_SECONDS", 20)
KIOSK_RECEIPT_SECONDS = env.int("KIOSK_RECEIPT_SECONDS", 20)
KIOSK_TEXT_MAX = env.int("KIOSK_TEXT_MAX", 150)
KIOSK_CALLS_PER_MINUTE = env.int("KIOSK_CALLS_PER_MINUTE", 600)
# How often somebody may rate before it is doubted (reliability.md §8.1): how many, in how many seconds, and what then:
# block (429; on by proof of work or by waiting), flag (taken, marked) or off. A window's is never to block by itself:
# whoever sent many ratings there could otherwise keep all others from it.
_LIMITS = {"token": "10/60", "device": "6/60", "tablet": "6/60", "window": "30/60", "address": "200/60"}
RATING_LIMITS = {
    name: env.str(f"RATING_LIMIT_{name.upper()}", f"{often}/{'flag' if name == 'window' else 'block'}")
    for name, often in _LIMITS.items()
}
# The work of a proof: derivations of PBKDF2-SHA-256 with 5,000 rounds, about 3 ms each on a desk and 15 on a telephone.
PROOF_STEPS = env.int("PROOF_STEPS", 200)
PROOF_MINUTES = env.int("PROOF_MINUTES", 20)
# 自检: every quarter of an hour a bad rating at the window for testing, through the public door; how soon it counts.
PROBE_RATINGS = env.bool("PROBE_RATINGS", PORTAL_MODE != "test")
PROBE_URL, PROBE_SECONDS = env.str("PROBE_URL", PORTAL_URL).rstrip("/"), env.int("PROBE_SECONDS", 120)
# 总览: how old what is shown may be, and how long one panel may ask the database.
OVERVIEW_SECONDS, OVERVIEW_PANEL_SECONDS = env.int("OVERVIEW_SECONDS", 180), env.int("OVERVIEW_PANEL_SECONDS", 8)
# How long one question of a page that counts from rows may take before it is left to the clock, or refused.
PATIENCE_SECONDS = env.float("PATIENCE_SECONDS", 5)
INTEGRITY = integrity(env)
STAFF_MAY_RATE_OWN = env.bool("STAFF_MAY_RATE_OWN", False)
CONSENT_VERSION = "2026-11"
FAILPOINTS = PORTAL_MODE == "test"

LOGGING = logging(PRODUCTION, env.str("LOG_LEVEL", "WARNING" if PORTAL_MODE == "test" else "INFO"))
