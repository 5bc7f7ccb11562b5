from django.urls import include, path

from reviews_portal.views import home

urlpatterns = [
    path("", home, name="home"),
    path("", include("common.urls")),
    path("", include("evaluations.urls")),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]
