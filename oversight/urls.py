from django.urls import path

from oversight.views import acts, analysis, notices

urlpatterns = [
    path("desk/analysis/", analysis.analysis, name="analysis"),
    path("desk/analysis/cases/", analysis.cases, name="analysis-cases"),
    path("desk/circulars/", notices.notices, name="circulars"),
    path("desk/circulars/new/", notices.begin, name="circular-new"),
    path("desk/circulars/<int:pk>/", notices.notice, name="circular"),
    path("desk/circulars/<int:pk>/file.<slug:kind>", notices.file, name="circular-file"),
    path("desk/circulars/<int:pk>/read/<int:receipt>/", acts.read, name="circular-read"),
    path("desk/circulars/<int:pk>/<slug:name>/", acts.act, name="circular-act"),
]
