from django.urls import path, re_path

from evaluations import api, views
from evaluations.urls import listening

LEGACY = r"^api/v1/intake/legacy/(?P<source>[a-z0-9_-]{1,20})/(?P<what>services|ratings)$"

urlpatterns = [
    *listening.urlpatterns,
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
