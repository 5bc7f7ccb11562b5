"""Celery holds the clock; the to-do list is in PostgreSQL. Every beat entry is a sweep that may be repeated."""

import os
from datetime import timedelta

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviews_portal.settings")

app = Celery("reviews_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

MINUTE = timedelta(minutes=1)

app.conf.beat_schedule = {
    "deadline-warnings": {"task": "rectification.tasks.sweep_deadlines", "schedule": MINUTE},
    "outbox": {"task": "common.tasks.deliver_outbox", "schedule": timedelta(seconds=5)},
    "audit-seal": {"task": "common.tasks.seal_audit", "schedule": MINUTE},
    "exports": {"task": "rectification.tasks.run_exports", "schedule": timedelta(seconds=5)},
    "callback-messages": {"task": "rectification.tasks.sweep_callbacks", "schedule": timedelta(minutes=5)},
    "re-rating-invitations": {"task": "evaluations.tasks.invite_follow_ups", "schedule": timedelta(minutes=5)},
    "review-invitations": {"task": "evaluations.tasks.invite_reviews", "schedule": timedelta(minutes=5)},
    "survey-draws": {"task": "evaluations.tasks.draw_samples", "schedule": MINUTE},
    "partitions": {"task": "evaluations.tasks.make_partitions", "schedule": timedelta(hours=6)},
    "daily-digest": {"task": "reviews_portal.tasks.send_digests", "schedule": crontab(minute="*/10", hour="8-9")},
    "housekeeping": {"task": "common.tasks.tidy", "schedule": timedelta(hours=1)},
}
# A sweep that waited out a broker outage is worthless once the next one is due.
for entry in app.conf.beat_schedule.values():
    entry["options"] = {"expires": 300}
