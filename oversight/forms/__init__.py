from oversight.forms.notices import (
    AnalysisForm,
    NoteForm,
    OverviewForm,
    QuarterForm,
    SelectionForm,
    SetForm,
    WrittenForm,
)

__all__ = ["AnalysisForm", "NoteForm", "OverviewForm", "QuarterForm", "SelectionForm", "SetForm", "WrittenForm"]
