"""Gives the runtime role what it needs and nothing that could touch history. Run by the owner after migrating."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction
from psycopg2 import sql

HISTORY = (
    "common_auditentry",
    "common_auditseal",
    "common_drillrun",
    "common_exporttaking",
    "identity_look",
    "rectification_caseevent",
    "rectification_contactattempt",
    "rectification_callbackrecord",
    "rectification_jointrecord",
    "evaluations_evaluation",
    "evaluations_service",
    "evaluations_servicekey",
    "evaluations_submittedform",
    "evaluations_exclusion",
    "evaluations_overlimit",
    "evaluations_followup",
    "evaluations_answersheet",
    "evaluations_answer",
    "evaluations_suggestionevent",
    "evaluations_callattempt",
    "disclosure_disclosureevent",
    "disclosure_publicwalkevent",
    "appeals_ballot",
    "appeals_ruling",
    "appeals_service",
    "assessment_findingevent",
    "assessment_correction",
    "assessment_classcorrection",
    "oversight_noticeevent",
    "oversight_noticefile",
    "oversight_extract",
    "oversight_dossiercase",
    "oversight_dossierevent",
    "oversight_dossierpicture",
    "oversight_campaigneffect",
    "oversight_recurrencecheck",
    "oversight_minutescorrection",
    "oversight_minutesread",
    "oversight_resolution",
    "oversight_jointentry",
    "oversight_entrypicture",
    "oversight_jointtelling",
    "oversight_visit",
    "oversight_warningevent",
    "oversight_cluepaper",
    "oversight_feedback",
    "oversight_followedquarter",
    "oversight_handover",
    "oversight_hearing",
    "oversight_rung",
    "oversight_rungrecord",
    "oversight_sealedlook",
)
PARTITIONED = ("evaluations_evaluation_", "evaluations_service_")


class Command(BaseCommand):
    help = "Grants the runtime role its rights: ordinary tables in full, history only SELECT and INSERT, no DDL."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--role", required=True)

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        role = sql.Identifier(options["role"])
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [options["role"]])
            if cursor.fetchone() is None or self._is_owner(cursor, options["role"]):
                self.stdout.write("one role only: nothing to grant")
                return
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
            tables = sorted(name for (name,) in cursor.fetchall())
            self._run(cursor, "GRANT USAGE ON SCHEMA public TO {role}", role=role)
            self._run(cursor, "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}", role=role)
            for name in tables:
                self._run(cursor, "REVOKE ALL ON {table} FROM {role}", table=sql.Identifier(name), role=role)
                self._run(cursor, self._grant(name), table=sql.Identifier(name), role=role)
            self._run(cursor, "GRANT EXECUTE ON FUNCTION evaluations_make_partition(text, date) TO {role}", role=role)
        self.stdout.write(f"{options['role']}: {len(tables)} tables")

    def _is_owner(self, cursor: Any, role: str) -> bool:
        cursor.execute("SELECT current_user")
        return bool(cursor.fetchone()[0] == role)

    def _grant(self, table: str) -> str:
        if table in HISTORY or table.startswith(PARTITIONED):
            return "GRANT SELECT, INSERT ON {table} TO {role}"
        if table == "django_migrations":
            return "GRANT SELECT ON {table} TO {role}"
        return "GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {role}"

    def _run(self, cursor: Any, statement: str, **names: sql.Identifier) -> None:
        cursor.execute(sql.SQL(statement).format(**names))
