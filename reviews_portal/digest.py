"""每日摘要: one mail a day to everybody with unread notices, once however often the clock asks."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from common.actions import post_message
from common.enums import Channel
from common.models import Notice
from reviews_portal.words import kind_words

AFTER = time(8, 30)
GROUP = 5


def send_digests(*, at: datetime) -> int:
    """Posts today's digests from 8:30 on; groups of more than five notices of a kind become one line.

    Returns:
        How many people had something to read.
    """
    local = timezone.localtime(at)
    if local.time() < AFTER:
        return 0
    fresh = Notice.objects.filter(read_at=None, created_at__gte=at - timedelta(days=1), staff__is_active=True)
    by_person: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for staff, kind, text in fresh.exclude(staff__email="").order_by("pk").values_list("staff_id", "kind", "text"):
        by_person[staff][kind].append(text)
    with translation.override(settings.LANGUAGE_CODE):
        for staff, kinds in by_person.items():
            post_message(
                f"digest:{staff}:{local:%Y%m%d}",
                channel=Channel.MAIL,
                kind="digest",
                address=("staff", staff),
                subject=_("好差评待办摘要 %(date)s") % {"date": f"{local:%Y-%m-%d}"},
                body=_body(kinds),
                at=at,
            )
    return len(by_person)


def _body(kinds: dict[str, list[str]]) -> str:
    lines: list[str] = []
    for kind, texts in kinds.items():
        if len(texts) > GROUP:
            lines.append(_("%(kind)s:%(count)s 件") % {"kind": kind_words(kind), "count": len(texts)})
        else:
            lines += [f"{kind_words(kind)}: {text}" for text in texts]
    lines += ["", f"{settings.PORTAL_URL}/desk/", _("您收到本邮件是因为有未读通知;读过后不再提醒。")]
    return "\n".join(lines)
