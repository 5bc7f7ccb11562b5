"""Pages on structure that need to know of cases: the calendar and the hand-over."""

from __future__ import annotations

from django.urls import path

from reviews_portal import calendar_views, handover_views

urlpatterns = [
    path("desk/structure/calendar/", calendar_views.calendar, name="structure-calendar"),
    path("desk/structure/calendar/<int:year>/", calendar_views.calendar_year, name="structure-calendar-year"),
    path("desk/structure/calendar/<int:year>/days/", calendar_views.set_day, name="structure-calendar-day"),
    path("desk/structure/calendar/<int:year>/confirm/", calendar_views.confirm_year, name="structure-calendar-confirm"),
    path("desk/people/hand-over/", handover_views.hand_overs, name="structure-hand-overs"),
    path("desk/people/hand-over/<str:username>/", handover_views.hand_over, name="structure-hand-over"),
]
