"""Background work: the broker (a folder by default, Redis with REDIS_URL), the workers' limits, the jobs' lease, the mail cap.

What a broker loses is sent again by `core.jobs.sweep`, so none of this is needed for a job to be done once. It decides how
soon.
"""

import os

from bdeplatform.settings.paths import DATA_DIR

# ---------------------------------------------------------------- jobs, as core.jobs uses them
JOBS_LEASE_SECONDS = int(os.environ.get("JOBS_LEASE_SECONDS", "60"))  # until a killed worker’s job is taken up
JOBS_RESEND_SECONDS = int(os.environ.get("JOBS_RESEND_SECONDS", "60"))  # a message without effect is sent again
JOBS_SWEEP_SECONDS = int(os.environ.get("JOBS_SWEEP_SECONDS", "30"))

# ---------------------------------------------------------------- mail, as core.mail uses it
MAIL_DAILY_CAP = int(os.environ.get("MAIL_DAILY_CAP", "1000"))  # messages a day for the whole installation; 0: no cap

# ---------------------------------------------------------------- Celery
REDIS_URL = os.environ.get("REDIS_URL", "")
QUEUE_DIR = DATA_DIR / "queue"

if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 3600,  # longer than the longest task
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "global_keyprefix": "bdeplatform:",
        # A request that asks for a job waits at most this long for a broker that is gone; the sweep sends it later.
        "socket_connect_timeout": 1,
        "socket_timeout": 3,
        "max_retries": 0,
        "interval_start": 0,
    }
else:
    for folder in ("messages", "control", "taken"):
        (QUEUE_DIR / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),  # one folder: who writes and who reads are the same platform
        "control_folder": str(QUEUE_DIR / "control"),
        "processed_folder": str(QUEUE_DIR / "taken"),  # on the same disk, so that taking a message is one rename
        "polling_interval": 0.1,
    }

CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_STORE_ERRORS_EVEN_IF_IGNORED = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_TASK_SOFT_TIME_LIMIT = 25 * 60  # the job is then closed with a sentence
CELERY_TASK_TIME_LIMIT = 30 * 60
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker as long as it takes
# Needed with Redis: without its channel, a worker whose slots are full when Redis restarts never notices, and stays idle
# (seen; tests/drills). A folder has nobody to listen to.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = bool(REDIS_URL)
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False  # the job's claim sees to it
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Europe/Paris"
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # in memory: what was done on which date is known by the job table
CELERY_BEAT_MAX_LOOP_INTERVAL = 5
