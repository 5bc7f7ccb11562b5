from django.urls import path

from assessment.views import findings, metrics, rows, statistics

urlpatterns = [
    path("desk/statistics/", statistics.statistics, name="statistics"),
    path("desk/statistics/baseline/", statistics.baseline, name="statistics-baseline"),
    path("desk/metrics/", metrics.catalogue, name="metrics"),
    path("desk/metrics/<slug:code>/", metrics.metric, name="metric"),
    path("desk/metrics/<slug:code>/file/", metrics.metric_file, name="metric-file"),
    path("desk/metrics/<slug:code>/rows/", rows.metric_rows, name="metric-rows"),
    path("desk/findings/", findings.findings, name="findings"),
    path("desk/findings/<int:number>/", findings.finding, name="finding"),
    path("desk/findings/<int:number>/decide/", findings.decide, name="finding-decide"),
    path("desk/findings/<int:number>/explain/", findings.explain, name="finding-explain"),
]
