"""Addresses of an exchange's settings."""

from __future__ import annotations

from django.urls import path

from tashbik.web.administration import views

app_name = "administration"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("people/", views.people, name="people"),
    path("people/<int:pk>/revoke/", views.revoke, name="revoke"),
    path("organisations/", views.organisations, name="organisations"),
    path("organisations/<int:pk>/", views.organisation, name="organisation"),
    path("trail/", views.trail, name="trail"),
]
