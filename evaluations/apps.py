from django.apps import AppConfig
from django.core.checks import Tags, register


class EvaluationsConfig(AppConfig):
    name = "evaluations"

    def ready(self) -> None:
        # Models are there only now, and the check asks the act itself how long its message is.
        from evaluations.checks import invitation_fits

        register(invitation_fits, Tags.compatibility, deploy=True)
