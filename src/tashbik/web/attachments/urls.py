"""Addresses of files: opening leads to a signed link, which hands the file out."""

from __future__ import annotations

from django.urls import path

from tashbik.web.attachments import views

app_name = "attachments"
urlpatterns = [
    path("open/<int:number>/", views.open_file, name="open"),
    path("file/<str:ticket>/", views.download, name="download"),
    path("add/<slug:kind>/<int:owner>/", views.add, name="add"),
    path("remove/<int:number>/", views.remove, name="remove"),
]
