"""来源系统: how each source writes is data, checked before it is kept, with every version on the trail."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from common.actions import record_audit
from common.actors import Actor
from evaluations.models import Source
from evaluations.profiles import parse_profile, shipped_data


class ChangedMeanwhile(Exception):
    """Somebody else has saved the profile since it was shown."""


class CodeTaken(Exception):
    """There is a source of this code already."""


def version_of(profile: Mapping[str, Any]) -> str:
    """A mark by which two versions of a profile are told apart."""
    return hashlib.sha256(json.dumps(profile, sort_keys=True).encode()).hexdigest()[:16]


@transaction.atomic
def save_profile(
    source: Source, profile: Mapping[str, Any], *, feedback_url: str, active: bool, seen: str, by: Actor, at: datetime
) -> bool:
    """Keeps another version of a source's profile, its address for results, and whether it is in use.

    Args:
        seen: `version_of` the profile that was shown to whoever changed it.

    Returns:
        Whether anything differed.

    Raises:
        ChangedMeanwhile: it is not that version any more.
        evaluations.profiles.BadProfile: it would misread its source.
    """
    locked = Source.objects.select_for_update().get(pk=source.pk)
    if version_of(locked.profile) != seen:
        raise ChangedMeanwhile
    parse_profile(profile)
    facts = {"profile": dict(profile), "feedback_url": feedback_url, "active": active}
    before = {name: getattr(locked, name) for name, value in facts.items() if getattr(locked, name) != value}
    if not before:
        return False
    for name in before:
        setattr(locked, name, facts[name])
    locked.save(update_fields=list(before))
    after = {name: facts[name] for name in before}
    record_audit("source.change", ("source", locked.pk), by=by, at=at, before=before, after=after)
    return True


@transaction.atomic
def add_source(code: str, name: str, *, like: str, by: Actor, at: datetime) -> Source:
    """Registers a source that writes like one of the shipped profiles; its own version is edited afterwards.

    Args:
        code: short and lasting: it is part of every key.
        like: code of a shipped profile.

    Raises:
        CodeTaken: there is one already.
    """
    if Source.objects.filter(pk=code).exists():
        raise CodeTaken(code)
    source = Source.objects.create(code=code, name=name, profile=shipped_data(like))
    record_audit("source.create", ("source", code), by=by, at=at, after={"name": name, "like": like})
    return source
