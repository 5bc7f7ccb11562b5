"""An appeal and what belongs to it. What was said, voted and ruled is never changed; later rulings stand beside."""

from appeals.models.appeal import CONFIRMERS, READERS, Appeal, AppealQuerySet, Exhibit, Screening
from appeals.models.ground import Ground
from appeals.models.panel import Ballot, PanelMember, Place, Relation
from appeals.models.ruling import CitizenFact, Ruling, Service

__all__ = [
    "CONFIRMERS",
    "READERS",
    "Appeal",
    "AppealQuerySet",
    "Ballot",
    "CitizenFact",
    "Exhibit",
    "Ground",
    "PanelMember",
    "Place",
    "Relation",
    "Ruling",
    "Screening",
    "Service",
]
