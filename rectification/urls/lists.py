from __future__ import annotations

from django.urls import path

from rectification.views import homes, ledger, pressure, queue, rules

urlpatterns = [
    path("desk/", homes.home, name="desk"),
    path("desk/cases/", queue.queue, name="queue"),
    path("desk/ledger/", ledger.ledger, name="ledger"),
    path("desk/pressure/", pressure.pressure, name="pressure"),
    path("desk/pressure/<int:pk>/", pressure.settle, name="pressure-settle"),
    path("desk/rules/", rules.rules, name="rules"),
    path("desk/rules/<int:pk>/", rules.revise, name="rule"),
]
