from __future__ import annotations

from django.urls import path

from disclosure.views import desk, walks_desk

urlpatterns = [
    path("desk/disclosure/", desk.disclosures, name="disclosures"),
    path("desk/disclosure/publish/", desk.publish_clear, name="disclosures-publish"),
    path("desk/disclosure/walks/", walks_desk.walks, name="walk-disclosures"),
    path("desk/disclosure/walks/<str:number>/", walks_desk.walk, name="walk-disclosure"),
    path("desk/disclosure/walks/<str:number>/take-down/", walks_desk.take_down, name="walk-take-down"),
    path("desk/disclosure/<str:number>/", desk.disclosure, name="disclosure"),
    path("desk/disclosure/<str:number>/<slug:door>/", desk.remove, name="disclosure-remove"),
]
