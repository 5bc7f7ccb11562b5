from django.urls import path

from assessment import views

urlpatterns = [
    path("desk/statistics/", views.statistics, name="statistics"),
    path("desk/statistics/baseline/", views.baseline, name="statistics-baseline"),
    path("desk/findings/", views.findings, name="findings"),
    path("desk/findings/<int:number>/", views.finding, name="finding"),
    path("desk/findings/<int:number>/decide/", views.decide, name="finding-decide"),
    path("desk/findings/<int:number>/explain/", views.explain, name="finding-explain"),
]
