from django.urls import path

from common.views import healthz, readyz, set_display

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("display/", set_display, name="set-display"),
]
