"""Addresses of the import wizard."""

from __future__ import annotations

from django.urls import path

from tashbik.web.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.index, name="list"),
    path("<int:pk>/", views.page, name="page"),
    path("<int:pk>/columns/", views.columns, name="columns"),
    path("<int:pk>/start/", views.start, name="start"),
    path("<int:pk>/undo/", views.undo, name="undo"),
    path("<int:pk>/rejects.csv", views.rejects, name="rejects"),
    path("<int:pk>/mend/", views.mend, name="mend"),
]
