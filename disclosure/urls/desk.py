from __future__ import annotations

from django.urls import path

from disclosure.views import desk

urlpatterns = [
    path("desk/disclosure/", desk.disclosures, name="disclosures"),
    path("desk/disclosure/publish/", desk.publish_clear, name="disclosures-publish"),
    path("desk/disclosure/<str:number>/", desk.disclosure, name="disclosure"),
    path("desk/disclosure/<str:number>/<slug:door>/", desk.remove, name="disclosure-remove"),
]
