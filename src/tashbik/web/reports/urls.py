"""Addresses of these pages."""

from __future__ import annotations

from django.urls import path

from tashbik.web.reports import views

app_name = "reports"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("file/<slug:ending>/", views.file, name="file"),
]
