"""Settings. Everything is read from the environment; the defaults suit a classroom."""

import sys
from pathlib import Path
from urllib.parse import urlsplit

import environ
from kombu import Exchange, Queue

from config import logs
from queueing import patience
from queueing.tls import with_certificate

STAGE = 4
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
    "daphne",  # first: its runserver speaks WebSocket, Django's own does not
    "corsheaders",
    "django.contrib.auth",
    "django.contrib.humanize",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "rest_framework",
    "students",
    "reports",
    "attendance",
    "queueing",
    "outbox",
    "exports",
    "feedback",
    "accounts",
    "sockets",
    "chat",
    "follow",
    "jobs",
]
MIDDLEWARE = [
    "config.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
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
                "django.contrib.auth.context_processors.auth",
                "config.context.stage",
                "outbox.context.inbox",
                "accounts.context.classroom",
            ]
        },
    }
]
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "home"

DATABASES = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Web and workers write at the same time. By default 77 of 450 writes failed with
    # "database is locked". So they wait for each other, for as long as `timeout`.
    # The fifth is for slow readers: each has a connection, and 0.2 MB of pages will do.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,  # seconds to wait for another writer
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-200;"
        ),
    }
    # Channels gives a connection back after every call, and opening one takes longer
    # than what a chat does with it. So the sockets' one thread keeps its connection;
    # a request closes its own (sockets/connections.py).
    DATABASES["default"]["CONN_MAX_AGE"] = 60  # seconds
elif DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # A process that is frozen in the middle of a change must not hold its rows for ever.
    DATABASES["default"]["OPTIONS"] = {
        "options": "-c lock_timeout=10s -c idle_in_transaction_session_timeout=10s"
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
    Queue("jobs", Exchange("jobs"), routing_key="jobs"),
]
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_DEFAULT_EXCHANGE = "default"
CELERY_TASK_DEFAULT_ROUTING_KEY = "default"
CELERY_TASK_ROUTES = {
    # The whole school as an attachment takes long: feedback does not wait behind it.
    "exports.tasks.*": {"queue": "slow"},
    # A job takes longer still: nothing else waits behind it.
    "jobs.tasks.run_job": {"queue": "jobs"},
}

CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "relay-letters": {
        "task": "outbox.tasks.relay_letters",
        "schedule": 5,  # seconds
        "options": {"expires": 5},  # seconds
    },
    "roll-call": {
        "task": "attendance.tasks.roll_call",
        "schedule": 10,  # seconds
        # With no worker there, calls that came too late are dropped, not piled up.
        "options": {"expires": 10},  # seconds
    },
    "forget-old-messages": {
        "task": "chat.tasks.forget_old_messages",
        "schedule": 60 * 60,  # seconds
    },
    "rescue-jobs": {
        "task": "jobs.tasks.rescue_jobs",
        "schedule": 10,  # seconds
        "options": {"expires": 10},  # seconds
    },
    "sweep-files": {
        "task": "jobs.tasks.sweep_files",
        "schedule": 10 * 60,  # seconds
        "options": {"expires": 10 * 60},  # seconds
    },
}

# A stopped broker is an answer within about a second, not a page that hangs.
globals().update(patience.settings_for(CELERY_BROKER_URL))

# --- E-mail: from the environment alone; with no server named, it goes to the console ---
EMAIL_HOST = env("EMAIL_HOST", default="")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", default=False)
EMAIL_TIMEOUT = 10  # seconds; without it a silent mail server holds a worker for ever
EMAIL_BACKEND = (
    f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="School <school@example.com>")
FEEDBACK_EMAIL = env("FEEDBACK_EMAIL", default="school@example.com")  # who reads it
# Seconds that every mail waits first: a provider is slow, the inbox on this machine is not.
MAIL_PAUSE = env.float("MAIL_PAUSE", default=2 if DEBUG else 0)
# Seconds until the relay looks after a letter: one that no worker has taken is queued
# again; one that a worker has been sending for so long is in doubt, the worker is dead.
MAIL_QUEUE_LEASE = env.float("MAIL_QUEUE_LEASE", default=30)
MAIL_LEASE = env.float("MAIL_LEASE", default=600)
MAIL_UI_PORT = env.int("MAIL_UI_PORT", default=0)  # where `make stage-N` shows the mail
INBOX_URL = f"http://127.0.0.1:{MAIL_UI_PORT}/" if MAIL_UI_PORT else ""

# --- Channels: the layer is how one process reaches the sockets of another --------------
LAYERS = {
    "redis": {
        "BACKEND": "sockets.layer.PubSubLayer",
        # Pub/sub ignores Redis' database numbers: the prefix keeps the stages apart.
        "CONFIG": {"hosts": [REDIS_URL], "prefix": f"stage{STAGE}"},
    },
    # Keeps messages in lists of Redis, at most `capacity` for each socket. Its client must
    # not time out, or every quiet socket is dropped after five seconds.
    "core": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {
            "hosts": [{"address": REDIS_URL, "socket_timeout": None}],
            "prefix": f"stage{STAGE}",
        },
    },
    # For one process alone: another process has a memory of its own.
    "memory": {"BACKEND": "channels.layers.InMemoryChannelLayer"},
}
CHANNEL_LAYER = env("CHANNEL_LAYER", default="redis")
if CHANNEL_LAYER not in LAYERS:
    sys.exit(f"CHANNEL_LAYER={CHANNEL_LAYER} is not known: say {' or '.join(LAYERS)}.")
CHANNEL_LAYERS = {"default": LAYERS[CHANNEL_LAYER]}
if CHANNEL_LAYER != "memory" and urlsplit(REDIS_URL)[:2] != urlsplit(CELERY_BROKER_URL)[:2]:
    HEALTH_CHECKS["layer"] = "sockets.health.check_layer"  # a server of its own

CHAT_FRAMES_PER_SECOND = env.int("CHAT_FRAMES_PER_SECOND", default=20)  # of one socket
CHAT_LEASE = env.float("CHAT_LEASE", default=30)  # seconds; then a silent socket is gone
FOLLOWED_FILE = Path(env("FOLLOWED_FILE", default=str(DATA_DIR / "bell.log")))

# Which pages of other sites may read our API, in full: https://other.example
CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_URLS_REGEX = r"^/api/"

# --- Jobs and their progress; times in seconds --------------------------------------------
JOB_REPORT_EVERY = env.float("JOB_REPORT_EVERY", default=0.2)
JOB_READ_AGAIN = env.float("JOB_READ_AGAIN", default=2)  # should news be lost
JOB_LEASE = env.float("JOB_LEASE", default=10)  # a worker silent for so long is dead
JOB_QUEUE_LEASE = env.float("JOB_QUEUE_LEASE", default=30)  # a queued one is sent again
JOB_SEND_AGAIN = env.float("JOB_SEND_AGAIN", default=2)  # after the queue refused a job
JOB_ATTEMPTS = 3
JOB_LIVE_LIMIT = env.int("JOB_LIVE_LIMIT", default=100)  # jobs of one person
JOB_FILE_AGE = env.float("JOB_FILE_AGE", default=7 * 24 * 3600)  # then a report is deleted
# The longest job that the form allows takes fourteen hours.
JOB_TIME_LIMIT = env.float("JOB_TIME_LIMIT", default=16 * 3600)
CELERY_TASK_ANNOTATIONS = {
    "jobs.tasks.run_job": {
        "soft_time_limit": JOB_TIME_LIMIT,  # raises in the task: the job fails in words
        "time_limit": JOB_TIME_LIMIT + 30,  # ends the worker's child
    }
}
# nginx sends finished reports itself: deploy/nginx.conf has the place /finished/ for it.
NGINX_SENDS_FILES = env.bool("NGINX_SENDS_FILES", default=False)
CSRF_FAILURE_VIEW = "jobs.views.csrf_refused"
