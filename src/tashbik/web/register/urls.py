"""Addresses of the register's reading pages. A code may hold any sign, so it comes last."""

from __future__ import annotations

from django.urls import path

from tashbik.web.register import files, profile_views, views

app_name = "register"
urlpatterns = [
    path("", views.index, name="list"),
    path("concepts/<slug:kind>/", views.concepts, name="concepts"),
    path("export/<slug:ending>/", files.export, name="export"),
    path("data/<path:code>", profile_views.jsonld, name="jsonld"),
    path("enterprise/<path:code>", profile_views.profile, name="profile"),
]
