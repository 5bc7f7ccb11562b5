"""The words of oversight: of the notice, and of what is kept in dossiers."""

from oversight.enums.campaigns import CampaignAct, CampaignStage, Method
from oversight.enums.clues import ClueAct, CluePaperKind, ClueSort, ClueStage, Level
from oversight.enums.dossiers import OPEN_TASKS, DossierAct, FileSide, Kind, Part, TaskState
from oversight.enums.followups import FollowAct, FollowStage, RungKind
from oversight.enums.notices import OPEN_STAGES, SERVED_STAGES, Act, FileKind, Stage, Why

__all__ = [
    "OPEN_STAGES",
    "OPEN_TASKS",
    "SERVED_STAGES",
    "Act",
    "CampaignAct",
    "CampaignStage",
    "ClueAct",
    "CluePaperKind",
    "ClueSort",
    "ClueStage",
    "DossierAct",
    "FileKind",
    "FileSide",
    "FollowAct",
    "FollowStage",
    "Kind",
    "Level",
    "Method",
    "Part",
    "RungKind",
    "Stage",
    "TaskState",
    "Why",
]
