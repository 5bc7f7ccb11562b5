"""What the page of a case asks of joint files while it is drawn."""

from __future__ import annotations

from dataclasses import dataclass

from django import template

from organizations.models import Staff
from oversight.access import managing, meets
from oversight.queries.joint import OfCase, files_of_case
from rectification.models import Case

register = template.Library()


@dataclass(frozen=True)
class Found:
    """The joint files of a case. reads: the reader may open them. may: and begin one."""

    files: list[OfCase]
    reads: bool
    may: bool


@register.simple_tag
def joint_of(case: Case, reader: Staff) -> Found:
    """What is done about a case together with others, and whether the reader may begin it."""
    files = files_of_case(case)
    running = any(not one.final for one in files)
    leads = managing(reader.duties, case.region_code) is not None
    reads = meets(reader.duties, case.region_code, case.unit)
    return Found(files, reads, leads and not running)
