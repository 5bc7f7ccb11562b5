from django.urls import include, path, re_path

from evaluations import api, views
from evaluations.api import window
from evaluations.urls import listening
from evaluations.views import devices, intake, intake_files, partners, sources, waiting

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
    path("api/v1/intake/ratings", api.ratings, name="api-ratings"),
    path("api/v1/intake/services", api.services, name="api-services"),
    path("api/v1/intake/batches", api.batches, name="api-batches"),
    re_path(LEGACY, api.legacy, name="api-legacy"),
    path("api/v1/openapi.json", api.description, name="api-description"),
    path("api/v1/", api.explorer, name="api-explorer"),
    path("r/<str:token>/", views.rate_link, name="rate-link"),
    path("desk/intake/", include(at_desk)),
    *listening.urlpatterns,
    path("rate/", views.rate_start, name="rate-start"),
    path("rate/find/", views.rate_find, name="rate-find"),
    path("rate/comment/", views.rate_comment, name="rate-comment"),
    path("rate/service/<str:signed>/", views.rate_service, name="rate-service"),
    path("rate/<str:target>/<str:key>/", views.rate_about, name="rate-about"),
    path("k/<str:signed>/", views.rate_phone, name="rate-phone"),
    path("o/<str:token>/", views.stop_invitations, name="stop-invitations"),
    path("w/<str:sign_code>/", views.rate_window, name="rate-window"),
    path("receipt/<str:signed>/", views.receipt, name="receipt"),
    path("t/", views.track, name="track"),
    path("t/<str:number>/", views.tracking, name="tracking"),
    path("f/<str:token>/", views.follow_up, name="follow-up"),
    path("desk/ratings/", views.ratings, name="ratings"),
    path("desk/ratings/<uuid:pk>/exclude/", views.exclude, name="rating-exclude"),
    path("kiosk/", views.kiosk, name="kiosk"),
    path("kiosk/rate/", views.kiosk_rate, name="kiosk-rate"),
    path("kiosk/done/<str:signed>/", views.kiosk_done, name="kiosk-done"),
    path("kiosk/pulse/", views.kiosk_pulse, name="kiosk-pulse"),
    path("desk/devices/", devices.devices, name="devices"),
    path("desk/devices/add/", devices.add, name="device-add"),
    path("desk/devices/<int:pk>/", devices.device, name="device"),
    path("desk/devices/<int:pk>/code/", devices.code, name="device-code"),
    path("desk/devices/<int:pk>/revoke/", devices.revoke, name="device-revoke"),
    path("desk/devices/keys/", devices.keys, name="window-keys"),
    path("desk/devices/keys/add/", devices.add_key, name="window-key-add"),
    path("desk/devices/keys/<int:pk>/revoke/", devices.revoke_key, name="window-key-revoke"),
    path("api/v1/window/called", window.called, name="window-called"),
    path("desk/signs/", views.signs, name="signs"),
    path("desk/signs/halls/<str:code>/", views.signs_hall, name="signs-hall"),
    path("desk/signs/windows/<int:pk>/", views.signs_window, name="signs-window"),
    path("desk/slips/", views.slips, name="slips"),
    path("desk/entry/", views.entry, name="entry"),
    path("desk/checks/", views.checks, name="checks"),
    path("desk/checks/add/", views.add_check, name="check-add"),
]
