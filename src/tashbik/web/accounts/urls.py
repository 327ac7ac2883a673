"""Addresses of the reader's own account; those of signing in are the library's."""

from __future__ import annotations

from django.urls import path

from tashbik.web.accounts import views

app_name = "accounts"
urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("tokens/", views.new_token, name="new-token"),
    path("tokens/<int:pk>/end/", views.end_token, name="end-token"),
    path("data/", views.my_data, name="data"),
    path("erase/", views.erase, name="erase"),
]
