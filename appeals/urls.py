from django.urls import path

from appeals.views import acts, citizen, exhibits, filing, lists, panel, pool

urlpatterns = [
    path("a/<str:token>/", citizen.facts, name="appeal-facts"),
    path("desk/appeals/", lists.appeals, name="appeals"),
    path("desk/appeals/figures/", lists.figures, name="appeal-figures"),
    path("desk/appeals/new/<slug:number>/", filing.new, name="appeal-new"),
    path("desk/appeals/drafts/<int:pk>/", filing.draft, name="appeal-draft"),
    path("desk/appeals/drafts/<int:pk>/confirm/", filing.confirm, name="appeal-confirm"),
    path("desk/appeals/exhibits/<int:pk>/", exhibits.exhibit, name="appeal-exhibit"),
    path("desk/appeals/<slug:number>/", panel.appeal, name="appeal"),
    path("desk/appeals/<slug:number>/vote/", panel.vote, name="appeal-vote"),
    path("desk/appeals/<slug:number>/recuse/", acts.recuse, name="appeal-recuse"),
    path("desk/appeals/<slug:number>/withdraw/", acts.withdraw, name="appeal-withdraw"),
    path("desk/appeals/<slug:number>/serve/", acts.serve, name="appeal-serve"),
    path("desk/appeals/<slug:number>/review/", acts.review, name="appeal-review"),
    path("desk/panel/", lists.panel, name="panel"),
    path("desk/panel/pool/", pool.pool, name="panel-pool"),
    path("desk/panel/pool/add/", pool.add, name="panel-member-add"),
    path("desk/panel/pool/<str:username>/", pool.member, name="panel-member"),
    path("desk/panel/pool/<str:username>/relations/", pool.declare, name="panel-relation-add"),
    path("desk/panel/relations/<int:pk>/end/", pool.end, name="panel-relation-end"),
]
