from django.urls import path

from oversight.views import acts, extracts, notices

urlpatterns = [
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
