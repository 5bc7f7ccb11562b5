from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RectificationConfig(AppConfig):
    name = "rectification"

    def ready(self) -> None:
        # Models can be imported only once every app is loaded.
        from organizations.queries import COUNTS_OF_UNIT
        from rectification.queries import open_cases_with

        COUNTS_OF_UNIT.append((_("未办结的件"), lambda unit: open_cases_with(unit).count()))
