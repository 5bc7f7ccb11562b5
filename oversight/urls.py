from django.urls import path

from oversight.views import acts, analysis, dossiers, extracts, notices, overview, overview_rows, supervision, tasks

urlpatterns = [
    path("desk/overview/", overview.overview, name="overview"),
    path("desk/overview/<slug:code>/", overview.panel, name="overview-panel"),
    path("desk/overview/<slug:code>/part/", overview.part, name="overview-part"),
    path("desk/overview/<slug:code>/file/", overview.panel_file, name="overview-file"),
    path("desk/overview/<slug:code>/rows/", overview_rows.rows, name="overview-rows"),
    path("desk/supervision/", supervision.home, name="supervision"),
    path("desk/supervision/tasks/", supervision.all_tasks, name="supervision-tasks"),
    path("desk/supervision/campaigns/board/", supervision.board, name="campaign-board"),
    path("desk/supervision/<slug:slug>/", dossiers.dossiers, name="dossiers"),
    path("desk/supervision/<slug:slug>/new/", dossiers.begin, name="dossier-new"),
    path("desk/dossiers/pictures/<int:pk>/", dossiers.picture, name="dossier-picture"),
    path("desk/dossiers/<slug:number>/", dossiers.dossier, name="dossier"),
    path("desk/dossiers/<slug:number>/ledger/", dossiers.ledger, name="dossier-ledger"),
    path("desk/dossiers/<slug:number>/ledger.xlsx", dossiers.ledger_file, name="dossier-file"),
    path("desk/dossiers/<slug:number>/tasks/new/", tasks.new_task, name="task-new"),
    path("desk/dossiers/<slug:number>/do/<slug:name>/", dossiers.act, name="dossier-act"),
    path("desk/tasks/<int:pk>/", tasks.task, name="task"),
    path("desk/tasks/<int:pk>/<slug:name>/", tasks.task_act, name="task-act"),
    path("desk/analysis/", analysis.analysis, name="analysis"),
    path("desk/analysis/cases/", analysis.cases, name="analysis-cases"),
    path("desk/circulars/", notices.notices, name="circulars"),
    path("desk/circulars/new/", notices.begin, name="circular-new"),
    path("desk/circulars/<int:pk>/", notices.notice, name="circular"),
    path("desk/circulars/<int:pk>/file.<slug:kind>", notices.file, name="circular-file"),
    path("desk/circulars/<int:pk>/extracts/", extracts.extracts, name="circular-extracts"),
    path("desk/circulars/<int:pk>/extracts/<str:code>/", extracts.extract, name="circular-extract"),
    path(
        "desk/circulars/<int:pk>/extracts/<str:code>/file.<slug:kind>",
        extracts.extract_file,
        name="circular-extract-file",
    ),
    path("desk/circulars/<int:pk>/read/<int:receipt>/", acts.read, name="circular-read"),
    path("desk/circulars/<int:pk>/<slug:name>/", acts.act, name="circular-act"),
]
