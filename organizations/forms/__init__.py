"""What administrators and people signing in are asked for."""

from organizations.forms.people import (
    ConfirmYearForm,
    DayForm,
    DecisionForm,
    EndForm,
    ExportForm,
    GrantForm,
    MembershipForm,
    ReasonForm,
    RoleForm,
    StaffForm,
    YearForm,
)
from organizations.forms.structure import (
    CloseForm,
    HallForm,
    ItemForm,
    KeyedForm,
    RegionForm,
    RenewSignForm,
    UnitForm,
    WindowForm,
)

__all__ = [
    "CloseForm",
    "ConfirmYearForm",
    "DayForm",
    "DecisionForm",
    "EndForm",
    "ExportForm",
    "GrantForm",
    "HallForm",
    "ItemForm",
    "KeyedForm",
    "MembershipForm",
    "ReasonForm",
    "RegionForm",
    "RenewSignForm",
    "RoleForm",
    "StaffForm",
    "UnitForm",
    "WindowForm",
    "YearForm",
]
