from django.urls import include, path

from reviews_portal import desk_views, export_views, inbox_views, look_views, status_views, trail_views
from reviews_portal.views import home

urlpatterns = [
    path("", home, name="home"),
    # First what is asked for a thousand times as often as all the rest.
    path("", include("evaluations.urls")),
    path("", include("common.urls")),
    path("", include("organizations.urls")),
    path("", include("reviews_portal.structure_urls")),
    path("", include("appeals.urls")),
    path("", include("assessment.urls")),
    path("", include("rectification.urls")),
    path("", include("disclosure.urls")),
    path("", include("oversight.urls")),
    path("desk/inbox/", inbox_views.inbox, name="inbox"),
    path("desk/notices/", desk_views.notices, name="notices"),
    path("desk/tools/", desk_views.tools, name="tools"),
    path("desk/more/", desk_views.more, name="desk-more"),
    path("desk/audit/", trail_views.audit, name="audit"),
    path("desk/audit/checks/", trail_views.checks, name="audit-checks"),
    path("desk/audit/looks/", look_views.looks, name="audit-looks"),
    path("desk/audit/exports/", export_views.exports, name="audit-exports"),
    path("desk/audit/file/", export_views.trail_file, name="audit-file"),
    path("desk/status/", status_views.status, name="status"),
    path("desk/outbox/", desk_views.outbox, name="outbox"),
    path("desk/outbox/<int:pk>/resend/", desk_views.resend, name="resend"),
    path("demo/outbox/", desk_views.demo_outbox, name="demo-outbox"),
]
