"""A file sent by hand, its columns confirmed, and the report of what was wrong in it."""

from __future__ import annotations

import csv
import errno
import io
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from common.forms import PortalForm
from common.rows import safe_cell
from evaluations.actions.batches import NotNow, inspection_of, start_batch
from evaluations.actions.uploads import profile_of, receive_file
from evaluations.enums import BatchKind, BatchState, CanonicalField, FileFormat, ServiceSource
from evaluations.lists.intake import batch_shown, complaints_of, preview_of
from evaluations.models import Batch, Source
from evaluations.profiles import CANONICAL, KIND_OF, Kind, Profile, lacking, phones_among_codes, shown_cell
from evaluations.readers import Inspection, Unreadable
from evaluations.views.desk import actor_of, for_readers, for_runners
from identity.queries import known_names

MEGABYTE, BLOCK = 1024 * 1024, 500
DELIMITERS = {
    ",": gettext_lazy("逗号"),
    "\t": gettext_lazy("制表符"),
    ";": gettext_lazy("分号"),
    "，": gettext_lazy("全角逗号"),
}


class UploadForm(PortalForm):
    source = forms.ChoiceField(label=gettext_lazy("来源系统"))
    kind = forms.ChoiceField(label=gettext_lazy("内容"), choices=BatchKind, widget=forms.RadioSelect)
    file = forms.FileField(label=gettext_lazy("文件"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sources = Source.objects.filter(active=True).exclude(pk=ServiceSource.PORTAL)
        choices = [(source.pk, f"{source.name}({source.pk})") for source in sources]
        self.fields["source"].choices = [("", _("请选择")), *choices]  # type: ignore[attr-defined]  # the choice above

    def clean_file(self) -> UploadedFile:
        """The file, if it is not too large.

        Raises:
            ValidationError: it is.
        """
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > settings.INTAKE_FILE_MAX_MB * MEGABYTE:
            raise forms.ValidationError(_("文件超过 %(most)d MB,请拆成几个。") % {"most": settings.INTAKE_FILE_MAX_MB})
        return file


@for_runners
def new(request: HttpRequest) -> HttpResponse:
    """Takes a file; one that cannot be read is refused with the reason, and nothing is kept of it."""
    form = UploadForm(request.POST or None, request.FILES or None, initial={"kind": BatchKind.RATINGS})
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            return _received(request, form)
        except Unreadable as refused:
            refusal = refused
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            form.add_error("file", _("存储空间不足,文件没有保存。请联系运维人员清理后再传。"))
    context = {"form": form, "refusal": refusal, "most": settings.INTAKE_FILE_MAX_MB}
    return render(request, "evaluations/intake/new.html", {**context, "days": settings.INTAKE_FILE_DAYS})


def _received(request: HttpRequest, form: UploadForm) -> HttpResponse:
    file, source = form.cleaned_data["file"], Source.objects.get(pk=form.cleaned_data["source"])
    kind = BatchKind(form.cleaned_data["kind"])
    made = receive_file(file, file.name, source=source, kind=kind, by=actor_of(request), at=timezone.now())
    if len(made) > 1:
        messages.success(request, _("压缩包里有 %(count)d 个文件,每个各成一批,请逐个确认。") % {"count": len(made)})
        return redirect("intake")
    if made[0].stage == BatchState.CHECKING:
        messages.success(request, _("文件已收到,正在检查。检查完后请确认列的对应关系。"))
        return redirect("intake-batch", made[0].pk)
    return redirect("intake-start", made[0].pk)


class MappingForm(forms.Form):
    """Which column is which; one field for each column of the file."""

    def __init__(self, *args: Any, header: list[str], kind: Kind, rows: list[Any], profile: Profile, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.header, self.kind, self.rows, self.profile = header, kind, rows, profile
        known = [(name, CanonicalField(name).label) for name in CANONICAL[kind]]
        for place, title in enumerate(header):
            label = title.strip() or _("第 %(number)d 列") % {"number": place + 1}
            field = forms.ChoiceField(label=label, choices=[("", _("不导入")), *known], required=False)
            self.fields[f"column-{place}"] = field

    @property
    def columns(self) -> list[str | None]:
        """What was chosen, or on the untouched page what was guessed."""
        given = (self[name] for name in self.fields)
        known = set(CANONICAL[self.kind])
        return [value if (value := field.value()) in known else None for field in given]

    def clean(self) -> dict[str, Any]:
        """Refuses what would read no row, or the wrong thing."""
        chosen = [name for name in self.columns if name]
        for name in dict.fromkeys(name for name in chosen if chosen.count(name) > 1):
            self.add_error(None, _("“%(name)s”对应了两列,请只留一列。") % {"name": CanonicalField(name).label})
        for choice in lacking(self.profile, chosen, self.kind):
            labels = _("或").join(str(CanonicalField(name).label) for name in choice)
            self.add_error(None, _("没有“%(names)s”列,每一行都会被退回。请指定是哪一列。") % {"names": labels})
        for place in phones_among_codes(self.columns, (cells for _line, cells in self.rows)):
            self.add_error(
                None, _("“%(title)s”列看起来是电话号码,不能当作编码。") % {"title": self.header[place].strip()}
            )
        return self.cleaned_data

    def shown(self) -> list[tuple[int, list[str]]]:
        """The first rows, without anybody who could be known in them."""
        width = range(len(self.header))
        columns, names = self.columns, known_names()
        return [
            (line, [shown_cell(cells[n], self.header[n], columns[n], names) if n < len(cells) else "" for n in width])
            for line, cells in self.rows
        ]

    def bound(self) -> list[BoundField]:
        """The fields in the order of the columns."""
        return [self[name] for name in self.fields]


@for_runners
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """The first rows with what each column was taken for; then a dry run, or the import itself."""
    batch = get_object_or_404(Batch, pk=pk)
    if batch.stage != BatchState.PREVIEW:
        return redirect("intake-batch", pk)
    source, inspection = Source.objects.get(pk=batch.source), inspection_of(batch)
    initial = {f"column-{place}": name or "" for place, name in enumerate(batch.plan["columns"])}
    form = MappingForm(
        request.POST or None,
        initial=initial,
        header=list(inspection.header),
        kind=KIND_OF[batch.kind],
        rows=preview_of(batch),
        profile=profile_of(source),
    )
    if request.method == "POST" and form.is_valid():
        return _started(request, batch, form)
    context = {
        "batch": batch,
        "source": source,
        "form": form,
        "rows": form.shown(),
        "lacking": [] if form.is_bound else _lacks(form),
        "inspection": inspection,
        "format": FileFormat(inspection.format).label,
        "delimiter": DELIMITERS.get(inspection.delimiter, inspection.delimiter),
        "negatives": _negatives(batch, inspection),
    }
    return render(request, "evaluations/intake/start.html", context)


def _negatives(batch: Batch, inspection: Inspection) -> int | None:
    """How many rows come first; None where that is not known, or is nothing to be said of services."""
    counted = "level" in batch.plan["columns"] and not batch.plan["rescan"] and inspection.negatives_complete
    return len(inspection.negatives) if counted else None


def _lacks(form: MappingForm) -> list[str]:
    """The needed fields that no column was guessed to be."""
    missing = lacking(form.profile, form.columns, form.kind)
    return [_("或").join(str(CanonicalField(name).label) for name in choice) for choice in missing]


def _started(request: HttpRequest, batch: Batch, form: MappingForm) -> HttpResponse:
    dry_run = request.POST.get("act") != "real"
    try:
        start_batch(batch, form.columns, dry_run=dry_run, by=actor_of(request), at=timezone.now())
    except NotNow:
        messages.warning(request, _("这一批的状态已经变了,没有执行。"))
    else:
        said = _("试运行已开始:逐行检查,不入库。") if dry_run else _("导入已开始。")
        messages.success(request, said)
    return redirect("intake-batch", batch.pk)


@for_readers
@require_safe
def report(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Every fault of every row as a CSV, written while it is sent: a few thousand rows in memory, however many."""
    batch = batch_shown(pk)
    if batch is None:
        raise Http404
    response = StreamingHttpResponse(_lines(batch), content_type="text/csv; charset=utf-8")
    name = _("批次%(number)d问题清单.csv") % {"number": pk}
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _lines(batch: Batch) -> Iterator[bytes]:
    """In Chinese whoever asks: it goes back to those who sent the file."""
    yield "\ufeff".encode()
    with translation.override(settings.LANGUAGE_CODE):
        heading = [_("行号"), _("列"), _("结果"), _("代码"), _("原因"), _("处理办法")]
    yield _block([heading])
    found = complaints_of(batch)
    while True:
        # The language is the thread's: it is changed for as long as nobody else can run.
        with translation.override(settings.LANGUAGE_CODE):
            block = [
                [str(c.line), *map(safe_cell, (c.column, c.outcome, c.code, c.reason, c.fix))]
                for c in islice(found, BLOCK)
            ]
        if not block:
            return
        yield _block(block)


def _block(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
