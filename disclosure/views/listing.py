"""What machines read of what is public: the feed, the sitemap, the rules for robots. Addresses are the portal's own,
never those a request claims."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import SitemapIndexItem, sitemap
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from disclosure.enums import DateGrain
from disclosure.models import PublicCase, PublicCaseQuerySet, PublicWalk
from disclosure.queries import public as queries
from disclosure.queries.figures import unit_lines
from disclosure.views.manners import public_page
from organizations.models import Unit

NEWEST, PER_MAP = 30, 1000


def whole(route: str, *args: str) -> str:
    """The whole address of a page."""
    return settings.PORTAL_URL + reverse(route, args=args)


class CaseFeed(Feed):
    """The newest public cases. The hour is never told, and no day where it is told less exactly on the page."""

    def title(self, _obj: None) -> str:
        return _("差评和整改公示")

    def description(self, _obj: None) -> str:
        return _("每一条差评的问题和整改结果")

    def link(self, _obj: None) -> str:
        return whole("public-cases")

    def feed_url(self, _obj: None) -> str:
        return whole("public-feed")

    def items(self, _obj: None) -> list[PublicCase]:
        return queries.page_of(PublicCase.objects.shown(), queries.NEWEST, None, NEWEST)

    def item_title(self, item: PublicCase) -> str:
        return f"{item.item or item.unit_name}({item.get_result_display()})"

    def item_description(self, item: PublicCase) -> str:
        said = _("应评价人要求不再展示文字") if item.hidden else item.problem or "、".join(item.tags)
        return f"{item.unit_name}:{said}"

    def item_link(self, item: PublicCase) -> str:
        return whole("public-case", item.number)

    def item_pubdate(self, item: PublicCase) -> datetime | None:
        if item.rated_grain != DateGrain.DAY:
            return None
        return timezone.make_aware(datetime.combine(item.published_on, time()))


@require_safe
@public_page
def feed(request: HttpRequest) -> HttpResponse:
    """RSS."""
    return CaseFeed()(request)


class _Places(Sitemap):
    limit = PER_MAP

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.PORTAL_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.PORTAL_URL).netloc


class PageMap(_Places):
    """The pages that are always there."""

    def items(self) -> list[str]:
        return [
            "home",
            "public-cases",
            "public-units",
            "public-figures",
            "public-walks",
            "public-data",
            "public-suggestions",
            "rate-start",
        ]

    def location(self, item: str) -> str:
        return reverse(item)


class UnitMap(_Places):
    """The units with public cases."""

    def items(self) -> list[Unit]:
        return [line.unit for line in unit_lines(frozenset())]

    def location(self, item: Unit) -> str:
        return reverse("public-unit", args=[item.code])


class CaseMap(_Places):
    """The cases that are shown."""

    def items(self) -> PublicCaseQuerySet:
        return PublicCase.objects.shown().order_by("-pk").only("number", "changed_at", "rated_grain")

    def location(self, item: PublicCase) -> str:
        return reverse("public-case", args=[item.number])

    def lastmod(self, item: PublicCase) -> date | None:
        return timezone.localdate(item.changed_at) if item.rated_grain == DateGrain.DAY else None


class WalkMap(_Places):
    """The walks that are public."""

    def items(self) -> Any:
        return PublicWalk.objects.filter(shown=True)

    def location(self, item: PublicWalk) -> str:
        return reverse("public-walk", args=[item.number])


MAPS: dict[str, Any] = {"pages": PageMap, "units": UnitMap, "cases": CaseMap, "walks": WalkMap}


@require_safe
@public_page
def site_index(request: HttpRequest) -> HttpResponse:
    """Where the parts of the sitemap are."""
    parts = [
        SitemapIndexItem(whole("sitemap-part", section) + (f"?p={page}" if page > 1 else ""))
        for section, kind in MAPS.items()
        for page in kind().paginator.page_range
    ]
    return render(request, "sitemap_index.xml", {"sitemaps": parts}, content_type="application/xml")


@require_safe
@public_page
def site_part(request: HttpRequest, section: str) -> HttpResponse:
    """A part of the sitemap."""
    answer: HttpResponse = sitemap(request, MAPS, section=section).render()
    return answer


CLOSED = ("/desk/", "/accounts/", "/t/", "/r/", "/f/", "/o/", "/v/", "/receipt/")


@require_safe
@public_page
def robots(request: HttpRequest) -> HttpResponse:
    """What is public may be read by anybody; addresses that belong to one person are nobody else's."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), f"Sitemap: {whole('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
