from django.urls import path

from evaluations import views

urlpatterns = [
    path("rate/", views.rate_start, name="rate-start"),
    path("rate/find/", views.rate_find, name="rate-find"),
    path("rate/comment/", views.rate_comment, name="rate-comment"),
    path("rate/service/<str:signed>/", views.rate_service, name="rate-service"),
    path("rate/<str:target>/<str:key>/", views.rate_about, name="rate-about"),
    path("r/<str:token>/", views.rate_link, name="rate-link"),
    path("o/<str:token>/", views.stop_invitations, name="stop-invitations"),
    path("w/<str:sign_code>/", views.rate_window, name="rate-window"),
    path("receipt/<str:signed>/", views.receipt, name="receipt"),
    path("t/", views.track, name="track"),
    path("t/<str:number>/", views.tracking, name="tracking"),
    path("f/<str:token>/", views.follow_up, name="follow-up"),
    path("desk/entry/", views.entry, name="entry"),
    path("desk/checks/", views.checks, name="checks"),
    path("desk/checks/add/", views.add_check, name="check-add"),
]
