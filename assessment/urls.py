from django.urls import path

from assessment.views import metrics, rows, statistics

urlpatterns = [
    path("desk/statistics/", statistics.statistics, name="statistics"),
    path("desk/statistics/baseline/", statistics.baseline, name="statistics-baseline"),
    path("desk/metrics/", metrics.catalogue, name="metrics"),
    path("desk/metrics/<slug:code>/", metrics.metric, name="metric"),
    path("desk/metrics/<slug:code>/file/", metrics.metric_file, name="metric-file"),
    path("desk/metrics/<slug:code>/rows/", rows.metric_rows, name="metric-rows"),
]
