from django.urls import path

from bench.peers import views

urlpatterns = [
    path("healthz", views.healthz),
    path("bare", views.bare),
    path("drf/plain", views.drf_plain),
    path("drf/looked-up", views.drf_looked_up),
]
