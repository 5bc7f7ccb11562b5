from django.urls import URLPattern

from disclosure.urls import desk, public

urlpatterns: list[URLPattern] = [*public.urlpatterns, *desk.urlpatterns]
