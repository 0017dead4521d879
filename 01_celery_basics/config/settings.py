"""Settings. Everything is read from the environment; the defaults suit a classroom."""

import sys
from pathlib import Path

import environ
from kombu import Exchange, Queue

from config import logs
from queueing import patience
from queueing.tls import with_certificate

STAGE = 1
BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# Database, reports and the like: kept out of the code's folder tree by git's ignore list.
DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / "var")))
DATA_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = env.bool("DJANGO_DEBUG", default=True)
SECRET_KEY = env("DJANGO_SECRET_KEY", default="")
if DEBUG and not SECRET_KEY:
    SECRET_KEY = "only-for-the-classroom"
if not SECRET_KEY:
    sys.exit(
        "DJANGO_SECRET_KEY is not set: with DJANGO_DEBUG=0 it must be a long random text."
    )
ALLOWED_HOSTS = env.list(
    "DJANGO_ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"]
)
# Pages whose forms we take although they seem to come from another site: a proxy changed
# one of the two names.
CSRF_TRUSTED_ORIGINS = env.list("DJANGO_CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "rest_framework",
    "django_tasks",
    "django_tasks_db",
    "students",
    "reports",
    "archive",
    "attendance",
    "certificates",
    "queueing",
    "labs",
    "home",
]
MIDDLEWARE = [
    "config.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "answers.refusals.RefusalMiddleware",
]
ROOT_URLCONF = "config.urls"
APPEND_SLASH = False  # answers.refusals does it, for every method
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "config.context.stage",
            ]
        },
    }
]
WSGI_APPLICATION = "config.wsgi.application"

DATABASES = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Web and workers write at the same time. By default 77 of 450 writes failed with
    # "database is locked". So they wait for each other, for as long as `timeout`.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,  # seconds to wait for another writer
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TIME_ZONE = "America/Manaus"
USE_TZ = True
LANGUAGE_CODE = "en"

# The pages' header: which exercise runs, if one does, and where the machine room is.
COPY = env("WORK", default="")
ROOM_PORT = env.int("ROOM_PORT", default=0)
ROOM_URL = f"http://127.0.0.1:{ROOM_PORT}/" if ROOM_PORT else ""

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"  # filled by collectstatic, in the Procfile's release
STATIC_ROOT.mkdir(exist_ok=True)

DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024  # bytes; a larger body is answered with 413

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_PARSER_CLASSES": [
        "answers.parsers.JSONParser",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 20,
}

# Django's own tasks framework, for comparison: its queue is a table of the database.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# What GET /healthz asks, by name: functions that raise when a server does not answer.
HEALTH_CHECKS = {
    "database": "config.health.check_database",
    "broker": "queueing.sending.check_broker",
}

# --- Production: HTTPS in front, and logs of one line a record ------------------
# DJANGO_HTTPS=0 is for trying DJANGO_DEBUG=0 on a laptop that has no HTTPS.
HTTPS = env.bool("DJANGO_HTTPS", default=not DEBUG)
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 30 * 24 * 3600 if HTTPS else 0
# Subdomains and browsers' preload lists are for the owner of the domain to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if env.bool("DJANGO_BEHIND_PROXY", default=False):
    # Only behind a proxy that sets this header itself: a client could send it too.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if not DEBUG:
    LOGGING = logs.LOGGING

# --- Celery -------------------------------------------------------------------
REDIS_URL = env("REDIS_URL", default="") or f"redis://127.0.0.1:6379/{STAGE}"
REDIS_URL = with_certificate(REDIS_URL, env("REDIS_CERTIFICATE", default="required"))
CELERY_BROKER_URL = env("CELERY_BROKER_URL", default="") or REDIS_URL
CELERY_RESULT_BACKEND = env("CELERY_RESULT_BACKEND", default="") or REDIS_URL
CELERY_RESULT_EXPIRES = 60 * 60  # seconds

CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_ENABLE_UTC = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_TRACK_STARTED = True

CELERY_TASK_QUEUES = [
    Queue("default", Exchange("default"), routing_key="default"),
    Queue("slow", Exchange("slow"), routing_key="slow"),
]
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_DEFAULT_EXCHANGE = "default"
CELERY_TASK_DEFAULT_ROUTING_KEY = "default"
CELERY_TASK_ROUTES = {"archive.tasks.*": {"queue": "slow"}}

CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "roll-call": {
        "task": "attendance.tasks.roll_call",
        "schedule": 10,  # seconds
        # With no worker there, calls that came too late are dropped, not piled up.
        "options": {"expires": 10},  # seconds
    }
}

# A stopped broker is an answer within about a second, not a page that hangs.
globals().update(patience.settings_for(CELERY_BROKER_URL))
