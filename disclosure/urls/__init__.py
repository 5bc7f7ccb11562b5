from disclosure.urls import public

urlpatterns = [*public.urlpatterns]
