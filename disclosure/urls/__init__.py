from disclosure.urls import desk

urlpatterns = [*desk.urlpatterns]
