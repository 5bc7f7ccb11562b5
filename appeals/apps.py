from django.apps import AppConfig
from django.core.checks import Tags, register

from appeals.checks import a_scanner, odd_panels


class AppealsConfig(AppConfig):
    name = "appeals"
    verbose_name = "申诉"

    def ready(self) -> None:
        register(odd_panels, Tags.security)
        register(a_scanner, Tags.security, deploy=True)
