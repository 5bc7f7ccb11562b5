"""The words of oversight: of the notice, and of what is kept in dossiers."""

from oversight.enums.campaigns import CampaignAct, CampaignStage, Doubt, Method, Moved
from oversight.enums.clues import ClueAct, CluePaperKind, ClueSort, ClueStage, Level
from oversight.enums.dossiers import OPEN_TASKS, DossierAct, FileSide, Kind, Part, TaskState
from oversight.enums.followups import FollowAct, FollowStage, RungKind
from oversight.enums.inspections import InspectionAct, InspectionStage, Seen
from oversight.enums.joint import EntryKind, JointAct, JointStage, Told
from oversight.enums.meetings import AgendaSource, MeetingAct, MeetingStage, Presence
from oversight.enums.notices import OPEN_STAGES, SERVED_STAGES, Act, FileKind, Stage, Why
from oversight.enums.walks import WalkAct, WalkRole, WalkStage
from oversight.enums.warnings import WarningAct, WarningSort, WarningStage

__all__ = [
    "OPEN_STAGES",
    "OPEN_TASKS",
    "SERVED_STAGES",
    "Act",
    "AgendaSource",
    "CampaignAct",
    "CampaignStage",
    "ClueAct",
    "CluePaperKind",
    "ClueSort",
    "ClueStage",
    "DossierAct",
    "Doubt",
    "EntryKind",
    "FileKind",
    "FileSide",
    "FollowAct",
    "FollowStage",
    "InspectionAct",
    "InspectionStage",
    "JointAct",
    "JointStage",
    "Kind",
    "Level",
    "MeetingAct",
    "MeetingStage",
    "Method",
    "Moved",
    "Part",
    "Presence",
    "RungKind",
    "Seen",
    "Stage",
    "TaskState",
    "Told",
    "WalkAct",
    "WalkRole",
    "WalkStage",
    "WarningAct",
    "WarningSort",
    "WarningStage",
    "Why",
]
