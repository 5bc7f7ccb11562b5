from django.urls import path

from assessment.views import findings, metrics, quarters, rows, schemes, scores, statistics

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
    path("desk/scores/", scores.scores, name="scores"),
    path("desk/scores/<str:name>/", scores.scores_of, name="scores-quarter"),
    path("desk/scores/<str:name>/export/<str:kind>/", scores.export, name="scores-export"),
    path("desk/scores/<str:name>/<str:kind>/<str:subject>/", scores.score, name="score"),
    path("desk/scores/<str:name>/<str:kind>/<str:subject>/object/", scores.object_to, name="score-object"),
    path("desk/schemes/", schemes.schemes, name="schemes"),
    path("desk/schemes/add/", schemes.add, name="scheme-add"),
    path("desk/schemes/<int:pk>/", schemes.scheme, name="scheme"),
    path("desk/schemes/<int:pk>/edit/", schemes.edit, name="scheme-edit"),
    path("desk/schemes/<int:pk>/<str:verb>/", schemes.act, name="scheme-act"),
    path("desk/quarters/", quarters.quarters, name="quarters"),
    path("desk/quarters/<str:name>/", quarters.quarter, name="quarter"),
    path("desk/quarters/<str:name>/exempt/", quarters.exempt, name="quarter-exempt"),
    path("desk/quarters/<str:name>/<str:verb>/", quarters.act, name="quarter-act"),
    path("desk/objections/<int:pk>/", quarters.answer, name="objection-answer"),
    path("desk/exemptions/<int:pk>/lift/", quarters.lift, name="exemption-lift"),
]
