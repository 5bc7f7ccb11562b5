from django.urls import path

from common.views import set_display

urlpatterns = [
    path("display/", set_display, name="set-display"),
]
