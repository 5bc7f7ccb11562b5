from rectification.urls import case, lists

urlpatterns = [*lists.urlpatterns, *case.urlpatterns]
