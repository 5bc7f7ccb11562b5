"""What people fill in for an appeal: the filing, the vote, the ruling's words, the pool, and the evaluator's facts."""

from appeals.forms.acts import EndForm, FactsForm, NoteForm, ReasonForm, ServeForm, VoteForm
from appeals.forms.filing import ConfirmForm, DraftForm, GroundForm
from appeals.forms.pool import MemberForm, NewMemberForm, RelationForm

__all__ = [
    "ConfirmForm",
    "DraftForm",
    "EndForm",
    "FactsForm",
    "GroundForm",
    "MemberForm",
    "NewMemberForm",
    "NoteForm",
    "ReasonForm",
    "RelationForm",
    "ServeForm",
    "VoteForm",
]
