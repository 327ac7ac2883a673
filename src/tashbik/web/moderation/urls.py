"""Addresses of the queue and of the histories."""

from __future__ import annotations

from django.urls import path

from tashbik.web.moderation import histories, views

app_name = "moderation"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("bulk/", views.bulk, name="bulk"),
    path("<int:number>/", views.item, name="item"),
    path("<int:number>/accept/", views.accept, name="accept"),
    path("<int:number>/return/", views.send_back, name="return"),
    path("history/<slug:kind>/<int:number>/", histories.history, name="history"),
    path("undo/<int:revision>/", histories.undo, name="undo"),
]
