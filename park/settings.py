"""Settings of the portal, in the order in which a request meets them.

What differs between machines comes from the environment (see 'Configuration' in README.md) and fails loudly.
"""

import hashlib
import sys
from pathlib import Path

import environ
import structlog
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from park.runtime.addresses import database_url, redis_url, var_dir
from park.timetable import TIMETABLE

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = var_dir()
env = environ.Env()
TESTING = "pytest" in sys.modules


def flag(name: str, default: bool) -> bool:
    """Return a yes-or-no variable; refuse what is neither, with its name."""
    value = env.str(name, default="").strip().lower()
    if value in {"", "1", "true", "yes", "on", "0", "false", "no", "off"}:
        return default if value == "" else value in {"1", "true", "yes", "on"}
    raise ImproperlyConfigured(f"{name} is '{value}'; set it to 1 or 0. See 'Configuration' in README.md.")


def whole_number(name: str, default: int) -> int:
    """Return a whole number of the environment; refuse anything else, with its name."""
    value = env.str(name, default=str(default))
    if value.isdigit():
        return int(value)
    raise ImproperlyConfigured(f"{name} is '{value}'; set it to a whole number. See 'Configuration' in README.md.")


# --- Where we are -----------------------------------------------------------------------------------------------------
DEBUG = flag("DEBUG", False)
DEMO = flag("DEMO", False)
BASE_URL = env.str("BASE_URL", default=f"http://127.0.0.1:{whole_number('PORT', 8000)}").rstrip("/")
SITE_NAME = "Parasol"
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=LOOPBACK)
if DEMO and set(ALLOWED_HOSTS) - {*LOOPBACK, "testserver"}:
    raise ImproperlyConfigured("DEMO opens known sign-ins: it runs on loopback only. Unset DEMO or ALLOWED_HOSTS.")
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if not (DEMO or DEBUG or TESTING):
        raise ImproperlyConfigured("Set SECRET_KEY: see 'Configuration' in README.md.")
    kept = VAR_DIR / "secret_key"
    SECRET_KEY = kept.read_text() if kept.exists() else hashlib.sha256(str(BASE_DIR).encode()).hexdigest()

# --- Rooms: the ground floor joins the upper ones by name only --------------------------------------------------------
INSTALLED_APPS = [
    "modeltranslation",
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "rest_framework_api_key",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_celery_beat",
    "django_htmx",
    "django_structlog",
    "pgtrigger",
    "pghistory",
    "csp",
    "park.runtime",
    "park.pages",
    "park.accounts",
    "park.organisations",
    "park.api",
    "park.rules",
    "park.workflow",
    "park.notices",
    "park.webhooks",
    "park.files",
    "park.letters",
    "park.audit",
    "park.casework",
    "talents.profiles",
    "enterprises.registry",
    "enterprises.growth",
    "incubation.intake",
    "incubation.journey",
    "incubation.review",
    "incubation.facts",
    "services.policies",
    "services.interpretation",
    "services.intermediaries",
    "services.alerts",
    "services.claims",
    "services.desk",
    "services.demo",
]

# --- The way of a request ---------------------------------------------------------------------------------------------
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "park.pages.middleware.AdminContentPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "park.accounts.middleware.SignInRequired",
    "park.runtime.request_log.RequestLog",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "park.accounts.middleware.SessionLimits",
    "park.accounts.middleware.PersonalLanguage",
    "park.accounts.middleware.PersonalTimeZone",
    "park.accounts.middleware.SecondFactorRequired",
    "park.accounts.middleware.AttemptLimits",
    "park.organisations.middleware.ActingFor",
    "park.pages.middleware.PrivateAnswers",
    "django_htmx.middleware.HtmxMiddleware",
    "park.audit.middleware.ActorMiddleware",
]
ROOT_URLCONF = "park.urls"
WSGI_APPLICATION = "park.wsgi.application"
APPEND_SLASH = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
HTTPS = BASE_URL.startswith("https://")
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
TRUSTED_PROXY_COUNT = whole_number("TRUSTED_PROXY_COUNT", 0)
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "park.pages.views.csrf_failure"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 7 * 24 * 3600
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "park.pages.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "park.pages.templatetags.parasol"],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                ),
            ],
        },
    },
]
# What a page of the ground floor shows of the floors above it: each callable(request) -> dict.
PAGE_CONTEXT_PROVIDERS = ["park.notices.context.unread", "services.desk.context.workspaces"]
MAIN_NAVIGATION = [
    (_("Apply"), "intake:guide"),
    (_("Policies"), "policies:catalogue"),
    (_("Services"), "intermediaries:directory"),
    (_("Stages"), "journey:stages"),
]

# --- What is kept -----------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=database_url())}
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database: postgresql://user:password@host/name.")
DATABASES["default"].update(
    CONN_MAX_AGE=None,
    CONN_HEALTH_CHECKS=True,
    OPTIONS={**DATABASES["default"].get("OPTIONS", {}), "connect_timeout": 5},
)
if env.str("PROCESS", default="") == "web":  # set by the web process itself: no page may wait for ever
    DATABASES["default"]["OPTIONS"].setdefault("options", (
        "-c statement_timeout=10s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s"
    ))  # fmt: skip
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL", default=redis_url())


def redis_for(db: int) -> tuple[str, str]:
    """Return two addresses of the Redis database ``db``: redis-py and kombu spell sockets differently."""
    if REDIS_URL.startswith("unix://"):
        path = REDIS_URL.removeprefix("unix://").partition("?")[0]
        return f"unix://{path}?db={db}", f"redis+socket://{path}?virtual_host={db}"
    base = REDIS_URL.rstrip("/").rpartition("/")[0] if REDIS_URL.count("/") > 2 else REDIS_URL
    return f"{base}/{db}", f"{base}/{db}"


CACHES = {
    "default": {
        "BACKEND": "park.runtime.cache.ForgivingRedisCache",
        "LOCATION": redis_for(1)[0],
        "KEY_PREFIX": "parasol",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    },
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "files")))
FSYNC = env.str("FSYNC", default="on") != "off"
SCANNER_URL = env.str("SCANNER_URL", default="")
OUTBOUND_ALLOWED_NETWORKS = env.list("OUTBOUND_ALLOWED_NETWORKS", default=[])  # beside public addresses
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", "png", "webp", "jpg", "gz", "woff2"]
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

# --- Who signs in -----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("desk:me")
LOGOUT_REDIRECT_URL = reverse_lazy("desk:home")
PASSWORD_RESET_TIMEOUT = 3600
ACCOUNT_ADAPTER = "park.accounts.adapter.AccountAdapter"
MFA_ADAPTER = "park.accounts.adapter.SecondFactorAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "park.accounts.forms.SignUpForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/h/ip",
    "signup": "10/h/ip",
    "reset_password": "10/h/ip",
    "reset_password_from_key": "20/h/ip",
    "confirm_email": "10/h/key",
    "change_password": "10/h/user",
    "manage_email": "10/h/user",
    "reauthenticate": "20/h/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = SITE_NAME
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
USERSESSIONS_TRACK_ACTIVITY = False  # SessionLimits does it, once a minute instead of at each request
REQUIRE_SECOND_FACTOR = flag("REQUIRE_SECOND_FACTOR", not DEMO)
# Duties of park staff: a group each, with the least rights. Rights are named as 'app_label.codename'.
DUTIES = "services.duties.DUTIES"  # a dotted name: the ground floor does not import upwards

# --- The partner API --------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["park.api.keys.BearerKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["park.api.keys.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["drf_orjson_renderer.renderers.ORJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["drf_orjson_renderer.parsers.ORJSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["park.api.filters.StrictFilterBackend", "park.api.filters.StrictOrderingFilter"],
    "DEFAULT_PAGINATION_CLASS": "park.api.pages.KeysetPagination",
    "DEFAULT_THROTTLE_CLASSES": ["park.api.limits.KeyRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"key": "600/min"},
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "park.api.problems.problem",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_VERSIONING_CLASS": None,
    "URL_FORMAT_OVERRIDE": None,
    "PAGE_SIZE": 25,
    "NUM_PROXIES": TRUSTED_PROXY_COUNT,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Parasol partner API",
    "DESCRIPTION": "Policies, institutions, companies and stages of the park. Read docs: /api/.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "park.api.schema.document_problems",
    ],
}

# --- Mail -------------------------------------------------------------------------------------------------------------
EMAIL_URL = env.str("EMAIL_URL", default=f"file://{VAR_DIR / 'mail'}")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Parasol <portal@park.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 20
if EMAIL_URL.startswith("file://"):
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = EMAIL_URL.removeprefix("file://")
elif EMAIL_URL.split("://")[0] in {"smtp", "smtps", "smtp+tls"}:
    for key, value in env.email_url_config(EMAIL_URL.replace("smtps://", "smtp+ssl://")).items():
        globals()[key] = value
else:
    raise ImproperlyConfigured("EMAIL_URL must be smtp://, smtps:// or file://DIR. See 'Configuration' in README.md.")

# Mail that may be muted waits for the reader's morning (22:00-07:00 in their own zone); the demo shows it at once.
QUIET_HOURS = None if DEMO else (22, 7)

# --- Work behind the pages --------------------------------------------------------------------------------------------
CELERY_BROKER_URL = redis_for(0)[1]
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,  # above the hard time limit
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "queue_order_strategy": "priority",
    "global_keyprefix": "parasol:",
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
    "health_check_interval": 25,
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT, CELERY_TASK_TIME_LIMIT = 240, 300
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = False  # an idle worker would sleep the whole time-out away
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "park.notices.tasks.*": {"queue": "mail"},
    "park.accounts.tasks.send_letters": {"queue": "mail"},
    "park.webhooks.tasks.*": {"queue": "webhooks"},  # other people's servers: a worker of their own waits for them
}
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = TIMETABLE
# What /health/ asks of the rooms, by name: each callable() -> (name, 'ok' | 'degraded' | 'down').
HEALTH_PROBES = ["park.notices.health.oldest_due"]

# --- Languages, times, numbers ----------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_FALLBACK_LANGUAGES = {"default": ("en", "zh-hans"), "zh-hans": ("zh-hans", "en")}
FORMAT_MODULE_PATH = ["park.formats"]
USE_I18N = USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="Asia/Shanghai")
LANGUAGE_COOKIE_NAME = "language"

# --- The staff's desk -------------------------------------------------------------------------------------------------
from park.admin_theme import UNFOLD, in_language  # noqa: E402, F401

MODELTRANSLATION_BUILD_LOCALIZED_VERBOSE_NAME = in_language

# --- Logs -------------------------------------------------------------------------------------------------------------
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO").upper()
if LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
    raise ImproperlyConfigured(f"LOG_LEVEL is '{LOG_LEVEL}'; set DEBUG, INFO, WARNING, ERROR or CRITICAL.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer(ensure_ascii=False),
            "foreign_pre_chain": [
                structlog.contextvars.merge_contextvars,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
            ],
        },
    },
    "filters": {"names_the_page": {"()": "park.runtime.log_lines.NamesThePage"}},
    "loggers": {name: {"filters": ["names_the_page"]} for name in ("django.request", "django.security.csrf")},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
DJANGO_STRUCTLOG_CELERY_ENABLED = False
SILENCED_SYSTEM_CHECKS = []
