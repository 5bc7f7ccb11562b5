from django.apps import AppConfig
from django.core.checks import Tags, register

from organizations.checks import no_demo_accounts


class OrganizationsConfig(AppConfig):
    name = "organizations"

    def ready(self) -> None:
        register(no_demo_accounts, Tags.security, deploy=True)
