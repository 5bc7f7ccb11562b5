from django.urls import path

from assessment import views

urlpatterns = [
    path("desk/statistics/", views.statistics, name="statistics"),
    path("desk/statistics/baseline/", views.baseline, name="statistics-baseline"),
]
