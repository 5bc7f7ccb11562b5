from django.urls import path

from rectification.views.acts import act
from rectification.views.case import case_page, picture, presence
from rectification.views.drafts import call, keep

urlpatterns = [
    path("desk/cases/<slug:number>/", case_page, name="case"),
    path("desk/cases/<slug:number>/presence/", presence, name="case-presence"),
    path("desk/cases/<slug:number>/pictures/<int:pk>/", picture, name="case-picture"),
    path("desk/cases/<slug:number>/<slug:door>/", act, name="act"),
    path("desk/cases/<slug:number>/<slug:door>/draft/", keep, name="case-draft"),
    path("desk/cases/<slug:number>/<slug:door>/call/", call, name="case-call"),
]
