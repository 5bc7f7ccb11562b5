"""通报: the notice of a quarter with what is written by hand, its history, its files, and who has read it."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.models import ActedBy, append_only, no_truncate
from organizations.enums import REGION_ROLES, Role
from organizations.models import Staff, Unit, any_prefix
from oversight.access import READS_DRAFTS, extract_paths, extract_regions, for_the_city
from oversight.enums import SERVED_STAGES, Act, FileKind, Stage
from rectification.models import Case


class QuarterNoticeQuerySet(models.QuerySet["QuarterNotice"]):
    def visible_to(self, user: Staff) -> QuarterNoticeQuerySet:
        """Drafts for the office that writes them; what is issued for everybody it was served on or speaks to."""
        if for_the_city(user.duties, READS_DRAFTS):
            return self
        units = [
            membership.unit.pk for membership in user.duties if membership.role in (Role.UNIT_SUPERVISOR, *REGION_ROLES)
        ]
        told = Q(receipts__unit__in=units) | Q(pk__in=Extract.objects.visible_to(user).values("notice"))
        return self.filter(told, stage__in=SERVED_STAGES).distinct()


class QuarterNotice(models.Model):
    """季度通报. What it says is kept whole once it is issued; until then it is made of the quarter's figures.

    written: what people wrote, by section, and which cases they picked; a section that is missing is made of figures.
    drafted_by, written_by: who answers for its words; None who drafted is the portal. Who writes last, or sends it to
        review as it was drafted, is `written_by`.
    content: the paper as issued (`paper.dump`).
    as_of, seal: 数据截止 of the figures, and the head of the audit trail when it was issued.
    """

    begins = models.DateField(_("季度起始日"))
    stage = models.CharField(_("状态"), max_length=10, choices=Stage, default=Stage.DRAFT)
    year = models.PositiveSmallIntegerField(_("文号年份"), null=True, blank=True)
    serial = models.PositiveSmallIntegerField(_("文号序号"), null=True, blank=True)
    number = models.CharField(_("文号"), max_length=40, blank=True)
    written = models.JSONField(default=dict)
    content = models.JSONField(default=dict)
    as_of = models.DateTimeField(_("数据截止"), null=True, blank=True)
    seal = models.CharField(_("审计校验码"), max_length=64, blank=True)
    drafted_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    drafted_at = models.DateTimeField(_("起草时间"))
    written_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    issued_at = models.DateTimeField(_("签发时间"), null=True, blank=True)
    issued_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    version = models.PositiveIntegerField(default=0)

    objects = QuarterNoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-begins", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["year", "serial"], name="notice_number_once"),
            models.UniqueConstraint(
                fields=["begins"],
                condition=Q(stage__in=[Stage.DRAFT, Stage.REVIEW, Stage.SIGNING]),
                name="one_notice_at_work",
            ),
            models.UniqueConstraint(fields=["begins"], condition=Q(stage=Stage.ISSUED), name="one_notice_in_force"),
            models.CheckConstraint(
                condition=~Q(stage__in=sorted(SERVED_STAGES))
                | (Q(issued_at__isnull=False, issued_by__isnull=False, serial__isnull=False) & ~Q(number="")),
                name="issued_notice_has_number_and_signer",
            ),
            models.CheckConstraint(
                condition=Q(issued_by=None) | Q(drafted_by=None) | ~Q(issued_by=F("drafted_by")),
                name="drafter_never_signs",
            ),
            models.CheckConstraint(
                condition=Q(issued_by=None) | Q(written_by=None) | ~Q(issued_by=F("written_by")),
                name="writer_never_signs",
            ),
            models.CheckConstraint(
                condition=Q(issued_by=None) | Q(drafted_by__isnull=False) | Q(written_by__isnull=False),
                name="somebody_answers_for_the_words",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="notice_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.stage IN ('issued', 'superseded', 'dropped')"
                    " AND NOT (OLD.stage = 'issued' AND NEW.stage = 'superseded' AND OLD.content = NEW.content"
                    " AND OLD.number = NEW.number AND OLD.seal = NEW.seal)"
                ),
            ),
            pgtrigger.Protect(name="notice_no_delete", operation=pgtrigger.Delete),
            no_truncate("notice"),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.begins:%Y-%m}"

    @property
    def authors(self) -> frozenset[int]:
        """Who answers for its words, and so neither reviews nor signs them."""
        return frozenset(pk for pk in (self.drafted_by_id, self.written_by_id) if pk is not None)


class NoticeEvent(ActedBy):
    """经过: one act on a notice. Append-only."""

    notice = models.ForeignKey(QuarterNotice, on_delete=models.PROTECT, related_name="events")
    act = models.CharField(_("行为"), max_length=10, choices=Act)
    at = models.DateTimeField(_("时间"))
    note = models.TextField(_("说明"), blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        triggers = append_only("notice_event")

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.get_act_display()}"


class NoticeFile(models.Model):
    """A file of an issued notice, with the fingerprint (SHA-256) of what was sent."""

    notice = models.ForeignKey(QuarterNotice, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(_("格式"), max_length=4, choices=FileKind)
    file = models.FileField(upload_to="notices")
    fingerprint = models.CharField(max_length=64)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["notice", "kind"], name="one_file_a_kind")]
        triggers = append_only("notice_file")

    def __str__(self) -> str:
        return f"{self.notice} {self.kind}"


class Receipt(models.Model):
    """送达: to which unit a notice was served, and who there said that it was read."""

    notice = models.ForeignKey(QuarterNotice, on_delete=models.PROTECT, related_name="receipts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit_name = models.CharField(_("单位"), max_length=100)
    served_at = models.DateTimeField(_("送达时间"))
    read_at = models.DateTimeField(_("已阅时间"), null=True, blank=True)
    read_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reminders = models.PositiveSmallIntegerField(_("催阅次数"), default=0)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["unit__code"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "unit"], name="served_once"),
            models.CheckConstraint(
                condition=Q(read_at=None, read_by=None) | Q(read_at__isnull=False, read_by__isnull=False),
                name="read_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["unit"], condition=Q(read_at=None), name="receipt_unread")]

    def __str__(self) -> str:
        return f"{self.notice} → {self.unit_name}"


class ExtractQuerySet(models.QuerySet["Extract"]):
    def visible_to(self, user: Staff) -> ExtractQuerySet:
        """A unit its own and those of the units below it, a county those inside it, the city's office all."""
        if for_the_city(user.duties, READS_DRAFTS):
            return self
        seen = any_prefix("unit__path", extract_paths(user.duties))
        return self.filter(seen | any_prefix("unit__region__code", extract_regions(user.duties)))


class Extract(models.Model):
    """摘编: what an issued notice says to one unit, as a paper of its own (`paper.dump`), kept when it was signed."""

    notice = models.ForeignKey(QuarterNotice, on_delete=models.PROTECT, related_name="extracts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit_code = models.CharField(_("单位编码"), max_length=40)
    unit_name = models.CharField(_("单位"), max_length=100)
    content = models.JSONField()

    objects = ExtractQuerySet.as_manager()

    class Meta:
        ordering = ["unit_code"]
        constraints = [models.UniqueConstraint(fields=["notice", "unit_code"], name="one_extract_a_unit")]
        triggers = append_only("notice_extract")

    def __str__(self) -> str:
        return f"{self.notice} · {self.unit_name}"


class CaseText(models.Model):
    """公示文字: the words of a case as a person has let them out, redacted; there only as long as they are public.

    Written by whoever publishes (disclosure), so that a notice can tell a case without reading an original.

    number: 公示编号, by which the public knows it. item: as coarse as it was published.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="+")
    number = models.CharField(_("公示编号"), max_length=9, unique=True)
    item = models.CharField(_("事项"), max_length=200, blank=True)
    problem = models.TextField(_("反映的问题"), blank=True)
    changed = models.TextField(_("整改措施"), blank=True)
    reply = models.TextField(_("答复"), blank=True)
    at = models.DateTimeField(_("更新时间"))

    def __str__(self) -> str:
        return self.number
