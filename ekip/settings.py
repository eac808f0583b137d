"""Settings of the site. Everything that differs between installations comes from the environment (see .env.example)."""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from ekip.shared import clock
from ekip.shared.env import env, refuse_misspelt_names, required

BASE_DIR = Path(__file__).resolve().parent.parent

refuse_misspelt_names()

# --- Where things are -------------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("EKIP_DEMO", False)
TEST = env.bool("EKIP_TEST", False)
SECRET_KEY = required("SECRET_KEY", "fifty random characters")
BASE_URL = env.str("BASE_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [urlsplit(BASE_URL).hostname or "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = [BASE_URL]

required("DATABASE_URL", "postgres://ekip:password@db.example.org/ekip")
DATABASES = {"default": env.dj_db_url("DATABASE_URL")}
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = required("REDIS_URL", "redis://redis.example.org:6379/0")

# --- Parts ------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "pgtrigger",
    "django_htmx",
    "django_prose_editor",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "rest_framework",
    "drf_spectacular",
    "partners",
    "recommendations",
    "engine",
    "ekip.pages",
]
if DEMO:
    INSTALLED_APPS.append("ekip.demo")

MIDDLEWARE = [
    "ekip.shared.logs.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "partners.middleware.ReaderZoneMiddleware",
    "partners.middleware.SecondFactorMiddleware",
    "ekip.shared.handler.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "ekip.urls"
WSGI_APPLICATION = "ekip.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {"look": "ekip.shared.look"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "ekip.pages.context.site",
            ],
        },
    },
]

# --- People -----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "partners.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "pages:desk"
LOGOUT_REDIRECT_URL = "pages:home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "partners.accounts.adapter.AccountAdapter"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {
    "add_email": "partners.accounts.forms.AddEmailForm",
    "change_password": "partners.accounts.forms.ChangePasswordForm",
    "login": "partners.accounts.forms.LoginForm",
    "reauthenticate": "partners.accounts.forms.ReauthenticateForm",
    "reset_password": "partners.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "partners.accounts.forms.NewPasswordForm",
    "signup": "partners.accounts.forms.SignupForm",
}
# Wrong passwords are counted by axes, in the database and for all processes together.
ACCOUNT_RATE_LIMITS = {"login_failed": None}
MFA_FORMS = {
    "activate_totp": "partners.accounts.factor_forms.ActivateAppForm",
    "add_webauthn": "partners.accounts.factor_forms.AddKeyForm",
    "authenticate": "partners.accounts.factor_forms.CodeForm",
    "reauthenticate": "partners.accounts.factor_forms.CodeAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "ekip Engine"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = BASE_URL.startswith("http://")
USERSESSIONS_TRACK_ACTIVITY = True

AXES_FAILURE_LIMIT = 7  # six slips are forgiven
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "partners.accounts.lockout.typed_address"
AXES_DISABLE_ACCESS_LOG = True  # people see their sessions; no second, lasting log of addresses
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "account/locked_out.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

# --- Language and time ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "ekip" / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

# Tests of endurance live faster, and may tick more often. Nothing else may.
for name in ("EKIP_CLOCK", "EKIP_TICK"):
    if env.str(name, "") and not TEST:
        raise ImproperlyConfigured(f"{name} is for tests (EKIP_TEST=1) only.")
if hasty := env.str("EKIP_CLOCK", ""):
    clock.hurry(clock.read_haste(hasty))
TICK = env.float("EKIP_TICK", 15.0)  # seconds

# --- Files ------------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(BASE_DIR / ".static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # The demonstration and the tests serve the same hashed files, but do not spend time on compressing them.
        "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
        if DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
if DEBUG or TEST:
    STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    WHITENOISE_USE_FINDERS = True
    WHITENOISE_AUTOREFRESH = True  # nothing is collected, so nothing is looked through beforehand

# --- Mail -------------------------------------------------------------------------------------------------------
EMAIL_CONFIG = env.dj_email_url("EMAIL_URL", "console:")
vars().update({name: value for name, value in EMAIL_CONFIG.items() if name.startswith("EMAIL_")})
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "ekip Engine <no-reply@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
if DEMO:
    # The private folder of the demonstration: passwords of the example accounts, and the mail that was sent.
    DEMO_FOLDER = Path(env.str("EKIP_DEMO_FOLDER", str(BASE_DIR / ".local" / "demo")))
    EMAIL_FILE_PATH = str(DEMO_FOLDER / "mail")
    if not env.str("EMAIL_URL", ""):
        EMAIL_BACKEND = "ekip.demo.mailbox.Backend"
    # The example accounts are made at the first start: this hasher takes a tenth of the usual one's time.
    PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.ScryptPasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]

# --- Operator, shown on the imprint and in mail --------------------------------------------------------------------
OPERATOR = {
    "name": env.str("OPERATOR_NAME", ""),
    "address": env.str("OPERATOR_ADDRESS", ""),
    "email": env.str("OPERATOR_EMAIL", ""),
}

# --- Background work --------------------------------------------------------------------------------------------
_socket = REDIS_URL.startswith("unix://")
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1) if _socket else REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 10,
    "socket_timeout": 10,
    "socket_connect_timeout": 2,
}
CELERY_BEAT_SCHEDULE = {
    "tick": {"task": "engine.tick", "schedule": TICK, "options": {"expires": TICK}},
    "deliver": {"task": "partners.deliver", "schedule": TICK, "options": {"expires": TICK}},
    # Looks often and acts once a day: a beat that is started anew begins its intervals anew.
    "checkpoint": {"task": "engine.checkpoint", "schedule": 600.0, "options": {"expires": 600.0}},
}
CELERY_BEAT_SCHEDULER = "ekip.beat:Scheduler"

# --- Safety -----------------------------------------------------------------------------------------------------
_https = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "ekip.pages.views.site.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- API --------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "ekip.shared.handler.api_exception_handler",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "ekip Engine API",
    "DESCRIPTION": "Published innovation-policy recommendations for the cultural and creative industries.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "ENUM_NAME_OVERRIDES": {
        "LevelKey": "recommendations.api.serializers.LEVELS",
        "NoticeKind": "recommendations.api.serializers.NOTICE_KINDS",
        "BuildingBlockKind": "recommendations.api.serializers.BUILDING_BLOCK_KINDS",
        "OrganisationKind": "recommendations.api.serializers.ORGANISATION_KINDS",
    },
}

# --- Watching ---------------------------------------------------------------------------------------------------
METRICS_TOKEN = env.str("METRICS_TOKEN", "")  # without one there are no metrics

# --- Logs -------------------------------------------------------------------------------------------------------
LOG_FORMAT = env.str("LOG_FORMAT", "") or ("text" if DEBUG or DEMO or TEST else "json")
if LOG_FORMAT not in ("json", "text"):
    raise ImproperlyConfigured("LOG_FORMAT is json or text.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"discreet": {"()": "ekip.shared.logs.Discreet"}},
    "formatters": {
        "text": {
            "()": "ekip.shared.logs.TextFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        },
        "json": {"()": "ekip.shared.logs.JsonFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["discreet"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # Django would write a second, unfiltered line of its own.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "celery": {"level": "INFO"},
        # One line for each task that is received or done is said often enough by the tasks themselves.
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "ekip": {"level": "INFO"},
        "ekip.requests": {"level": "WARNING" if TEST else "INFO"},
        "engine": {"level": "INFO"},
        "partners": {"level": "INFO"},
        "recommendations": {"level": "INFO"},
    },
}
