from django.urls import path

from assessment import views

urlpatterns = [
    path("desk/statistics/", views.statistics, name="statistics"),
    path("desk/statistics/baseline/", views.baseline, name="statistics-baseline"),
    path("desk/scores/", views.scores, name="scores"),
    path("desk/scores/<str:name>/", views.scores_of, name="scores-quarter"),
    path("desk/scores/<str:name>/export/<str:kind>/", views.export, name="scores-export"),
    path("desk/scores/<str:name>/<str:kind>/<str:subject>/", views.score, name="score"),
    path("desk/scores/<str:name>/<str:kind>/<str:subject>/object/", views.object_to, name="score-object"),
    path("desk/schemes/", views.schemes, name="schemes"),
    path("desk/schemes/add/", views.scheme_add, name="scheme-add"),
    path("desk/schemes/<int:pk>/", views.scheme, name="scheme"),
    path("desk/schemes/<int:pk>/edit/", views.scheme_edit, name="scheme-edit"),
    path("desk/schemes/<int:pk>/<str:verb>/", views.scheme_act, name="scheme-act"),
    path("desk/quarters/", views.quarters, name="quarters"),
    path("desk/quarters/<str:name>/", views.quarter, name="quarter"),
    path("desk/quarters/<str:name>/exempt/", views.exempt, name="quarter-exempt"),
    path("desk/quarters/<str:name>/<str:verb>/", views.quarter_act, name="quarter-act"),
    path("desk/objections/<int:pk>/", views.answer, name="objection-answer"),
    path("desk/exemptions/<int:pk>/lift/", views.lift, name="exemption-lift"),
]
