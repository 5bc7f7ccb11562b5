"""The rows of a file of the trail: what the search had shown to its asker, in the words of the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common.models import AuditEntry
from common.rows import Table
from organizations.models import Staff
from reviews_portal.acts import Changed
from reviews_portal.trail_views import READS_ADDRESSES, TrailForm, lines_of, searched

STEP = 500


def trail_table(by: Staff, filters: Mapping[str, Any]) -> Table:
    """The rows that a search finds, oldest first; network addresses for auditors alone, as on the page."""
    addresses = by.has_role(*READS_ADDRESSES)
    form = TrailForm(filters, addresses=addresses)
    entries = searched(form.cleaned_data) if form.is_valid() else AuditEntry.objects.none()
    heads = [
        _("编号"),
        _("时间"),
        _("行为人"),
        _("单位"),
        _("行为"),
        _("行为代码"),
        _("对象"),
        _("对象编号"),
        _("是否成功"),
        _("变更"),
        _("理由"),
    ]
    return Table(heads + [_("网络地址")] * addresses, entries.count(), _rows(entries, by, addresses))


def _rows(entries: QuerySet[AuditEntry], by: Staff, addresses: bool) -> Iterator[list[object]]:
    found = entries.order_by("pk").iterator(STEP)
    while part := list(islice(found, STEP)):
        for line in lines_of(part, by):
            one = line.entry
            who = [one.pk, one.at, one.actor_name, one.actor_unit, line.act, one.action, line.kind, one.object_id]
            told = [_("是") if one.success else _("否"), "; ".join(map(_words, line.changes)), line.reason]
            yield [*who, *told, *([one.address or ""] if addresses else [])]


def _words(changed: Changed) -> str:
    sides = [side for side in (changed.before, changed.after) if side is not None]
    return f"{changed.label}: {' → '.join(sides)}"
