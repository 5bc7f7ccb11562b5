from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvaluationsConfig(AppConfig):
    name = "evaluations"

    def ready(self) -> None:
        # Models can be imported only once every app is loaded.
        from evaluations.queries.suggestions import open_suggestions_of
        from organizations.queries import COUNTS_OF_UNIT

        COUNTS_OF_UNIT.append((_("未办结的建议"), lambda unit: open_suggestions_of(unit).count()))
