from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _


class EvaluationsConfig(AppConfig):
    name = "evaluations"

    def ready(self) -> None:
        # Models are there only now, and the check asks the act itself how long its message is.
        from evaluations.checks import invitation_fits, limits_are_readable
        from evaluations.queries.suggestions import open_suggestions_of
        from organizations.queries import COUNTS_OF_UNIT

        register(invitation_fits, Tags.compatibility, deploy=True)
        register(limits_are_readable, Tags.compatibility)
        COUNTS_OF_UNIT.append((_("未办结的建议"), lambda unit: open_suggestions_of(unit).count()))
