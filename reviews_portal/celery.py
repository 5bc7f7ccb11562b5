"""Celery holds the clock; the to-do list is in PostgreSQL. Every beat entry is a sweep that may be repeated."""

import os
from datetime import datetime, timedelta

from celery import Celery
from celery.schedules import crontab, maybe_schedule

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviews_portal.settings")

app = Celery("reviews_portal", task_cls="common.tasks:Sweep")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

MINUTE = timedelta(minutes=1)
YEAR = timedelta(days=366)

app.conf.beat_schedule = {
    "deadline-warnings": {"task": "rectification.tasks.sweep_deadlines", "schedule": MINUTE},
    "outbox": {"task": "common.tasks.deliver_outbox", "schedule": timedelta(seconds=5)},
    "audit-seal": {"task": "common.tasks.seal_audit", "schedule": MINUTE},
    "audit-checks": {"task": "organizations.tasks.check_audit", "schedule": timedelta(seconds=5)},
    "audit-nightly": {"task": "organizations.tasks.ask_for_check", "schedule": crontab(minute="40", hour="2")},
    "exports": {"task": "organizations.tasks.run_exports", "schedule": timedelta(seconds=5)},
    "exports-over": {"task": "organizations.tasks.forget_exports", "schedule": timedelta(hours=1)},
    "callback-messages": {"task": "rectification.tasks.sweep_callbacks", "schedule": timedelta(minutes=5)},
    "re-rating-invitations": {"task": "evaluations.tasks.invite_follow_ups", "schedule": timedelta(minutes=5)},
    "results-to-sources": {"task": "evaluations.tasks.report_results", "schedule": MINUTE},
    "intake-checks": {"task": "evaluations.tasks.check_files", "schedule": timedelta(seconds=5)},
    "intake-batches": {"task": "evaluations.tasks.run_batches", "schedule": timedelta(seconds=5)},
    "intake-mapped": {"task": "evaluations.tasks.release_mapped", "schedule": MINUTE},
    "intake-arrived": {"task": "evaluations.tasks.release_arrived", "schedule": MINUTE},
    "intake-files": {"task": "evaluations.tasks.forget_files", "schedule": timedelta(hours=1)},
    "tallies": {"task": "assessment.tasks.refresh_tallies", "schedule": timedelta(seconds=30)},
    "past-states": {"task": "assessment.tasks.count_past", "schedule": timedelta(seconds=30)},
    "notice-drafts": {"task": "oversight.tasks.draft_frozen", "schedule": timedelta(minutes=10)},
    "task-warnings": {"task": "oversight.tasks.warn_tasks", "schedule": MINUTE},
    "campaign-effects": {"task": "oversight.tasks.look_again", "schedule": timedelta(hours=1)},
    "campaign-shares": {"task": "oversight.tasks.tell_campaign_shares", "schedule": timedelta(hours=1)},
    "low-ranks": {"task": "oversight.tasks.follow_low", "schedule": timedelta(minutes=10)},
    "clues": {"task": "oversight.tasks.propose_clues", "schedule": timedelta(minutes=10)},
    "unread-notices": {"task": "oversight.tasks.remind_unread", "schedule": timedelta(hours=1)},
    "overviews": {"task": "oversight.tasks.warm_overviews", "schedule": timedelta(seconds=30)},
    "quarters": {"task": "assessment.tasks.close_quarters", "schedule": timedelta(minutes=10)},
    "corrections": {"task": "assessment.tasks.correct_quarters", "schedule": crontab(minute="20", hour="3")},
    "disclosures": {"task": "disclosure.tasks.prepare_disclosures", "schedule": timedelta(seconds=20)},
    "public-figures": {"task": "disclosure.tasks.refresh_figures", "schedule": timedelta(minutes=10)},
    "findings": {"task": "assessment.tasks.look_for_findings", "schedule": timedelta(minutes=10)},
    "rating-traces": {"task": "evaluations.tasks.forget_traces", "schedule": timedelta(hours=6)},
    "probe": {"task": "assessment.tasks.probe_rating", "schedule": timedelta(minutes=15)},
    "probes": {"task": "assessment.tasks.watch_probes", "schedule": timedelta(seconds=20)},
    "silent-devices": {"task": "evaluations.tasks.watch_devices", "schedule": MINUTE},
    "rating-invitations": {"task": "evaluations.tasks.invite_ratings", "schedule": timedelta(minutes=10)},
    "rating-reminders": {"task": "evaluations.tasks.remind_ratings", "schedule": timedelta(minutes=10)},
    "review-invitations": {"task": "evaluations.tasks.invite_reviews", "schedule": timedelta(minutes=5)},
    "survey-draws": {"task": "evaluations.tasks.draw_samples", "schedule": MINUTE},
    "appeal-panels": {"task": "appeals.tasks.draw_waiting", "schedule": timedelta(minutes=30)},
    "appeals-due": {"task": "appeals.tasks.settle_due", "schedule": MINUTE},
    "appeal-recusals": {"task": "appeals.tasks.renew_panels", "schedule": timedelta(minutes=5)},
    "appeal-files": {"task": "appeals.tasks.screen_exhibits", "schedule": MINUTE},
    "rulings-unserved": {"task": "appeals.tasks.serve_late", "schedule": timedelta(minutes=10)},
    "partitions": {"task": "evaluations.tasks.make_partitions", "schedule": timedelta(hours=6)},
    "daily-digest": {"task": "reviews_portal.tasks.send_digests", "schedule": crontab(minute="*/10", hour="8-9")},
    "housekeeping": {"task": "common.tasks.tidy", "schedule": timedelta(hours=1)},
}
# A sweep that waited out a broker outage is worthless once the next one is due.
for entry in app.conf.beat_schedule.values():
    entry["options"] = {"expires": 300}
# Asked for every few seconds while a long file is running: what waited so long is not worth beginning.
for name in ("intake-checks", "intake-batches"):
    app.conf.beat_schedule[name]["options"] = {"expires": 5}


def due_after(entry: str, last: datetime) -> datetime:
    """When a task that ran at a moment is to run again, whatever the present: a crontab's own answer depends on it.

    Args:
        entry: its name in the schedule.

    Raises:
        ValueError: never again within a year.
    """
    schedule = maybe_schedule(app.conf.beat_schedule[entry]["schedule"])
    if not isinstance(schedule, crontab):
        return last + timedelta(seconds=schedule.run_every.total_seconds())
    moment = last.astimezone(app.timezone).replace(second=0, microsecond=0)
    for _minute in range(YEAR // MINUTE):
        moment += MINUTE
        if _rings(schedule, moment):
            return moment
    raise ValueError(entry)


def _rings(schedule: crontab, moment: datetime) -> bool:
    day = moment.day in schedule.day_of_month and moment.month in schedule.month_of_year
    hour = moment.hour in schedule.hour and moment.minute in schedule.minute
    return hour and day and moment.isoweekday() % 7 in schedule.day_of_week
