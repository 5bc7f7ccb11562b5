"""The partners' interface: /api/v1/intake/ (docs/intake.md)."""

from evaluations.api.description import description, explorer
from evaluations.api.intake import batches, ratings, services
from evaluations.api.legacy import legacy

__all__ = ["batches", "description", "explorer", "legacy", "ratings", "services"]
