"""Takes files of ratings or services in, from the command line."""

from __future__ import annotations

import sys
import threading
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from common.actors import SYSTEM
from evaluations.actions.batches import start_batch, steer_batch
from evaluations.actions.running import run_batches
from evaluations.actions.uploads import profile_of, receive_file
from evaluations.enums import ENDED_STATES, BatchKind, BatchState, CanonicalField
from evaluations.lists.intake import COUNTED, progress_of
from evaluations.models import Batch, Source
from evaluations.profiles import CANONICAL, KIND_OF, lacking
from evaluations.readers import Unreadable, normalised

EVERY = 2.0


class Command(BaseCommand):
    help = (
        "Takes files in, as on the desk: proved readable first, negatives before all others, each row once. The files "
        "are run to their end here; --wait leaves that to the worker of the queue `bulk` and only looks on. Killed, "
        "the worker goes on where this stopped. Exit code 1 if a file was refused as a whole."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--profile", required=True, help="code of the source whose names and codes the files use")
        parser.add_argument("--kind", choices=BatchKind.values, default=BatchKind.RATINGS.value)
        parser.add_argument("--dry-run", action="store_true", help="judge every row, store none")
        parser.add_argument("--map", action="append", default=[], metavar="COLUMN=FIELD", help="say what a column is")
        parser.add_argument("--wait", action="store_true", help="let the worker do it")

    def handle(self, *args: Any, **options: Any) -> None:
        source = Source.objects.filter(pk=options["profile"]).first()
        if source is None:
            raise CommandError(_("没有来源系统“%(code)s”") % {"code": options["profile"]})
        kind = BatchKind(options["kind"])
        chosen = self._chosen(options["map"], kind)
        opened = [self._open(path, source, kind, chosen, dry_run=options["dry_run"]) for path in options["files"]]
        batches = [pk for found in opened for pk in found or ()]
        with self._told(batches):
            self._until_ended(batches, here=not options["wait"])
        whole = all(found is not None for found in opened)
        failed = self._table(batches)
        if failed or not whole:
            sys.exit(1)

    def _chosen(self, given: Sequence[str], kind: BatchKind) -> dict[str, str]:
        """Column's name, as it is compared → field."""
        chosen = {}
        for pair in given:
            column, sign, field = pair.rpartition("=")
            if not sign or (field and field not in CANONICAL[KIND_OF[kind]]):
                raise CommandError(f"--map {pair}: COLUMN=FIELD, {', '.join(CANONICAL[KIND_OF[kind]])}")
            chosen[normalised(column)] = field
        return chosen

    def _open(
        self, path: Path, source: Source, kind: BatchKind, chosen: dict[str, str], *, dry_run: bool
    ) -> list[int] | None:
        """The batches of one file; None if nothing of it can be taken in."""
        try:
            with path.open("rb") as file:
                made = receive_file(
                    File(file, path.name), path.name, source=source, kind=kind, by=SYSTEM, at=timezone.now(), now=True
                )
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except Unreadable as refusal:
            where = _("第 %(line)d 行:") % {"line": refusal.line} if refusal.line else ""
            self.stderr.write(f"{path} {refusal.member} {where}{refusal.reason} → {refusal.fix}")
            return None
        started = [self._start(batch, source, chosen, dry_run=dry_run) for batch in made]
        return [batch.pk for batch in made] if all(started) else None

    def _start(self, batch: Batch, source: Source, chosen: dict[str, str], *, dry_run: bool) -> bool:
        named = [chosen.get(name) for name in batch.plan["inspection"]["names"]]
        said = {name for name in named if name}
        guessed = [None if name in said else name for name in batch.plan["columns"]]
        columns = [ours if name is None else name or None for name, ours in zip(named, guessed, strict=True)]
        missing = lacking(profile_of(source), columns, KIND_OF[batch.kind])
        if missing:
            labels = "、".join("/".join(str(CanonicalField(name).label) for name in choice) for choice in missing)
            self.stderr.write(_("%(name)s:没有这些列:%(labels)s;用 --map 指定") % {"name": batch, "labels": labels})
            steer_batch(batch, to=BatchState.CANCELLED, by=SYSTEM, at=timezone.now())
            return False
        start_batch(batch, columns, dry_run=dry_run, by=SYSTEM, at=timezone.now())
        return True

    def _until_ended(self, batches: Sequence[int], *, here: bool) -> None:
        """Somebody else may have taken one of them, or paused it at the desk: what has not ended is waited for."""
        while True:
            if here:
                run_batches(at=timezone.now(), only=batches)
            if not Batch.objects.filter(pk__in=batches).exclude(stage__in=ENDED_STATES).exists():
                return
            time.sleep(EVERY / 2)

    @contextmanager
    def _told(self, batches: Sequence[int]) -> Iterator[None]:
        """Every two seconds one line about the batch that is running."""
        stop = threading.Event()

        def tell() -> None:
            while not stop.wait(EVERY):
                for batch in Batch.objects.filter(pk__in=batches, stage=BatchState.RUNNING).defer("plan"):
                    self.stdout.write(line_of(batch))
            connection.close()

        teller = threading.Thread(target=tell, daemon=True)
        teller.start()
        try:
            yield
        finally:
            stop.set()
            teller.join()

    def _table(self, batches: Sequence[int]) -> bool:
        """What became of every row; whether a batch was refused as a whole."""
        rows = [[_("批次"), _("状态"), _("收到"), *map(str, COUNTED.values()), _("差评立案")]]
        failed = False
        for batch in Batch.objects.filter(pk__in=batches).defer("plan").order_by("pk"):
            failed = failed or batch.stage == BatchState.FAILED
            counts = [batch.received, *(getattr(batch, name) for name in COUNTED), batch.cases]
            rows.append([f"{batch.pk} {batch}", str(batch.get_stage_display()), *(f"{count:,}" for count in counts)])
        for cells in rows:
            self.stdout.write("  ".join(cells))
        return failed


def line_of(batch: Batch) -> str:
    """How far a batch has come."""
    progress = progress_of(batch)
    words = {"done": f"{progress.done:,}", "total": f"{progress.total:,}", "pace": f"{progress.pace:,}"}
    line = _("%(done)s / %(total)s 行,每秒 %(pace)s 行") % words
    return f"{batch} {line} {progress.percent}%"
