"""What the pages of versions share: the acts on one, each in its state, and a page on which an act is confirmed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.enums import SchemeState
from assessment.forms import SureForm
from assessment.models.versions import Version
from organizations.models import Staff
from organizations.views.doors import Page, one_act

Do = Callable[..., object]
Acts = Mapping[str, "Act"]


@dataclass(frozen=True)
class Act:
    """An act on a version in a state."""

    state: SchemeState
    label: Promise
    about: Promise
    act: Do
    danger: bool = False


def ways(trial: Mapping[str, Act], *, propose: Do, discard: Do, adopt: Do, adopting: Promise, send_back: Do) -> Acts:
    """Every act on a version of a kind, by its word in the address.

    Args:
        trial: how a draft is tried.
        adopting: what follows from adopting such a version.
    """
    draft, proposed = SchemeState.DRAFT, SchemeState.PROPOSED
    handing_over = gettext_lazy("提请后不能再改,由另一位市级督导审定。")
    losing = gettext_lazy("草稿删除后不能找回,审计记录里留有内容。")
    return {
        **trial,
        "propose": Act(draft, gettext_lazy("提请审定"), handing_over, propose),
        "discard": Act(draft, gettext_lazy("删除草稿"), losing, discard, danger=True),
        "adopt": Act(proposed, gettext_lazy("审定施行"), adopting, adopt, danger=True),
        "send-back": Act(proposed, gettext_lazy("退回修改"), gettext_lazy("退回后又成为草稿。"), send_back),
    }


def way_of(version: Version, acts: Acts, user: Staff) -> dict[str, object]:
    """What a page of a version says of its way: what can be done now, and whether this person proposed it."""
    offered = [(verb, act.label) for verb, act in acts.items() if act.state == version.state]
    return {"acts": offered, "mine": version.proposed_by_id == user.pk}


def edit_draft(
    request: HttpRequest, found: Version, form: BaseForm, save: Do, *, back: str, template: str, **more: object
) -> HttpResponse:
    """The editor of a draft; a version that is none any more is shown instead, at `back`."""
    if found.state != SchemeState.DRAFT:
        messages.info(request, _("只有草稿可以修改。"))
        return redirect(back)
    words = Page(_("修改"), back, _("保存草稿"), _("已保存。"), subject=str(found))
    return one_act(request, form, save, words, template=template, **more)


def confirm(request: HttpRequest, version: Version, acts: Acts, verb: str, *, listed: str, own: str) -> HttpResponse:
    """One act on a version, confirmed on a page of its own.

    Args:
        listed, own: the addresses of all versions and of this one.
    """
    act = acts.get(verb)
    if act is None:
        raise Http404(verb)
    back = listed if verb == "discard" else own
    words = asking(act.label, act.about, back, danger=act.danger, subject=str(version))
    return one_act(request, SureForm(sent(request)), lambda by, at: act.act(version, by=by, at=at), words)


def asking(label: Promise, about: Promise, back: str, *, danger: bool, subject: str) -> Page:
    """The words of a page on which an act is confirmed."""
    return Page(str(label), back, str(label), _("已完成。"), str(about), danger, subject)


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, which may be nothing at all."""
    return request.POST if request.method == "POST" else None
