"""Somebody who reads the desk's pages: a supervisor of the city, invented, signed in without a browser."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

import bench.ready  # noqa: F401 - makes Django ready
from common.actors import SYSTEM
from organizations.actions.people import add_membership, create_staff
from organizations.enums import RegionLevel, Role
from organizations.middleware import SECOND_FACTOR
from organizations.models import Staff, Unit

NUMBER = "bench"


def supervisor() -> Staff:
    """The city's supervisor; hired the first time."""
    known = Staff.objects.filter(username=NUMBER).first()
    return known or _hired()


def _hired() -> Staff:
    now = timezone.now()
    person = create_staff(username=NUMBER, name="演示督导", by=SYSTEM, at=now)
    unit = Unit.objects.filter(region__level=RegionLevel.CITY).order_by("pk").first()
    assert unit is not None
    today = timezone.localdate(now)
    add_membership(person, role=Role.CITY_SUPERVISOR, unit=unit, valid_from=today, by=SYSTEM, at=now)
    return person


def cookie_of(person: Staff) -> str:
    """The cookie of a session as it is after password and second factor."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session[SECOND_FACTOR] = True
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
