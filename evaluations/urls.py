from django.urls import include, path, re_path

from evaluations import api, views
from evaluations.views import intake, intake_files, partners, sources, waiting

LEGACY = r"^api/v1/intake/legacy/(?P<source>[a-z0-9_-]{1,20})/(?P<what>services|ratings)$"

at_desk = [
    path("", intake.intake, name="intake"),
    path("new/", intake_files.new, name="intake-new"),
    path("<int:pk>/", intake.batch, name="intake-batch"),
    path("<int:pk>/progress/", intake.progress, name="intake-progress"),
    path("<int:pk>/start/", intake_files.start, name="intake-start"),
    path("<int:pk>/steer/", intake.steer, name="intake-steer"),
    path("<int:pk>/repeat/", intake.repeat, name="intake-repeat"),
    path("<int:pk>/report/", intake_files.report, name="intake-report"),
    path("waiting/", waiting.waiting, name="intake-waiting"),
    path("waiting/map/", waiting.map_to, name="intake-map"),
    path("waiting/give-up/", waiting.give_up, name="intake-give-up"),
    path("partners/", partners.partners, name="intake-partners"),
    path("partners/add/", partners.add, name="intake-partner-add"),
    path("partners/<str:app_id>/", partners.partner, name="intake-partner"),
    path("sources/", sources.sources, name="intake-sources"),
    path("sources/add/", sources.add, name="intake-source-add"),
    path("sources/<str:code>/", sources.source, name="intake-source"),
]

urlpatterns = [
    path("desk/intake/", include(at_desk)),
    path("rate/", views.rate_start, name="rate-start"),
    path("rate/find/", views.rate_find, name="rate-find"),
    path("rate/service/<str:signed>/", views.rate_service, name="rate-service"),
    path("rate/<str:target>/<str:key>/", views.rate_about, name="rate-about"),
    path("r/<str:token>/", views.rate_link, name="rate-link"),
    path("w/<str:sign_code>/", views.rate_window, name="rate-window"),
    path("receipt/<str:signed>/", views.receipt, name="receipt"),
    path("t/", views.track, name="track"),
    path("t/<str:number>/", views.tracking, name="tracking"),
    path("f/<str:token>/", views.follow_up, name="follow-up"),
    path("api/v1/intake/ratings", api.ratings, name="api-ratings"),
    path("api/v1/intake/services", api.services, name="api-services"),
    path("api/v1/intake/batches", api.batches, name="api-batches"),
    re_path(LEGACY, api.legacy, name="api-legacy"),
    path("api/v1/openapi.json", api.description, name="api-description"),
    path("api/v1/", api.explorer, name="api-explorer"),
]
