from django.urls import path

from common.views import healthz, readyz, set_display, set_language

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("display/", set_display, name="set-display"),
    path("i18n/setlang/", set_language, name="set_language"),
]
