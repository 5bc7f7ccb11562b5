from django.urls import path

from disclosure.views import data, figures, listing, metrics, public, units, walks

urlpatterns = [
    path("cases/", public.cases, name="public-cases"),
    path("cases/units/", units.units, name="public-units"),
    path("cases/units/<str:code>/", units.unit, name="public-unit"),
    path("cases/figures/", figures.public_figures, name="public-figures"),
    path("cases/metrics/", metrics.public_metrics, name="public-metrics"),
    path("cases/data/", data.data, name="public-data"),
    path("cases/data/cases.csv", data.cases_csv, name="public-cases-csv"),
    path("cases/data/cases.json", data.cases_json, name="public-cases-json"),
    path("cases/data/figures.csv", data.figures_csv, name="public-figures-csv"),
    path("cases/data/metrics.csv", data.metrics_csv, name="public-metrics-csv"),
    path("cases/data/metrics.json", data.metrics_json, name="public-metrics-json"),
    path("cases/feed.xml", listing.feed, name="public-feed"),
    path("cases/<str:number>/", public.case, name="public-case"),
    path("cases/<str:number>/pictures/<int:pk>/", public.picture, name="public-picture"),
    path("cases/<str:number>/met/", public.met, name="public-met"),
    path("walks/", walks.walks, name="public-walks"),
    path("walks/<str:number>/", walks.walk, name="public-walk"),
    path("sitemap.xml", listing.site_index, name="sitemap"),
    path("sitemap-<slug:section>.xml", listing.site_part, name="sitemap-part"),
    path("robots.txt", listing.robots, name="robots"),
]
