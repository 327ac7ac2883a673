"""Addresses of the duplicates' queue, of a pair, and of merging."""

from __future__ import annotations

from django.urls import path

from tashbik.web.identity import merging_views, views

app_name = "identity"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("find/", views.find, name="find"),
    path("learn/", views.learn, name="learn"),
    path("<int:number>/", views.pair, name="pair"),
    path("<int:number>/distinct/", views.distinct, name="distinct"),
    path("<int:number>/later/", views.later, name="later"),
    path("<int:number>/link/", views.link, name="link"),
    path("<int:number>/undo/", views.undo, name="undo"),
    path("<int:number>/same/", merging_views.same, name="same"),
    path("<int:number>/check/", merging_views.check, name="check"),
    path("<int:number>/merge/", merging_views.merge, name="merge"),
]
