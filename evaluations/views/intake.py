"""批次: the files and messages that came in, how far each has come, and what became of its rows."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from evaluations.actions.batches import STEERING, NotNow, may_repeat, repeat_batch, steer_batch
from evaluations.enums import MOVING_STATES, BatchState
from evaluations.faults import explain
from evaluations.lists.intake import batch_shown, counts_of, first_complaints, newest_batches, progress_of, refusal_of
from evaluations.models import Batch, Source
from evaluations.views.desk import actor_of, for_readers, for_runners, number, runs, tabs

PAGE, SHOWN = 50, 50


@for_readers
@require_safe
def intake(request: HttpRequest) -> HttpResponse:
    """All batches, the newest first."""
    found = newest_batches(number(request.GET.get("before")), PAGE + 1)
    page = found[:PAGE]
    context = {
        "tabs": tabs(request, "intake"),
        "runs": runs(request),
        "rows": [(batch, progress_of(batch), counts_of(batch)) for batch in page],
        "names": dict(Source.objects.values_list("code", "name")),
        "next_url": f"?before={page[-1].pk}" if len(found) > PAGE else "",
    }
    return render(request, "evaluations/intake/batches.html", context)


@for_readers
@require_safe
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One batch: progress, counts, the first faults, and what may be done with it now."""
    return render(request, "evaluations/intake/batch.html", _shown(request, pk))


@for_readers
@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page, for whoever asks at intervals: a script, or the browser itself while something moves."""
    return render(request, "evaluations/intake/batch.html", _shown(request, pk))


def _shown(request: HttpRequest, pk: int) -> dict[str, Any]:
    found = batch_shown(pk)
    if found is None:
        raise Http404
    refusal = refusal_of(found)
    counts = counts_of(found)
    mine = runs(request)
    return {
        "batch": found,
        "source": Source.objects.filter(pk=found.source).first(),
        "progress": progress_of(found),
        "counts": counts,
        "adds_up": found.received == sum(count for _label, count in counts),
        "refused": found.plan.get("refused"),
        "why": explain(refusal) if refusal else None,
        "complaints": first_complaints(found, SHOWN),
        "shown": SHOWN,
        "steps": _steps(found) if mine else [],
        "repeats": mine and may_repeat(found),
        "earnest": found.plan.get("real"),
        "confirms": mine and found.stage == BatchState.PREVIEW,
        "moving": found.stage in MOVING_STATES,
    }


def _steps(batch: Batch) -> list[tuple[str, str]]:
    """What may be done with a batch now, in words."""
    words = {
        BatchState.PAUSED: _("暂停"),
        BatchState.WAITING: _("继续"),
        BatchState.CANCELLED: _("取消"),
    }
    return [(to.value, words[to]) for to, begins in STEERING.items() if batch.stage in begins]


@for_runners
@require_POST
def steer(request: HttpRequest, pk: int) -> HttpResponse:
    """Pauses, resumes or cancels."""
    batch = get_object_or_404(Batch.objects.defer("plan"), pk=pk)
    to = request.POST.get("to", "")
    if to not in {step.value for step in STEERING}:
        raise Http404
    said = {
        BatchState.PAUSED: _("已暂停。正在处理的这一段做完后停下,已入库的保留。"),
        BatchState.WAITING: _("已继续,从停下的地方接着处理。"),
        BatchState.CANCELLED: _("已取消。已入库的保留。"),
    }
    try:
        steer_batch(batch, to=BatchState(to), by=actor_of(request), at=timezone.now())
    except NotNow:
        messages.warning(request, _("这一批的状态已经变了,没有执行。"))
    else:
        messages.success(request, said[BatchState(to)])
    return redirect("intake-batch", pk)


@for_runners
@require_POST
def repeat(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes the file of a dry run in, or lets its columns be confirmed anew."""
    batch, draft = get_object_or_404(Batch, pk=pk), request.POST.get("what") == "draft"
    try:
        made = repeat_batch(batch, draft=draft, by=actor_of(request), at=timezone.now())
    except NotNow:
        messages.warning(request, _("这一批不能再导入:它还没有结束,或者文件已经删除。"))
        return redirect("intake-batch", pk)
    if draft:
        return redirect("intake-start", made.pk)
    messages.success(request, _("正式导入已开始。"))
    return redirect("intake-batch", made.pk)
