"""Addresses under /forum/ of the organiser's pages. Not the participants' (participation/urls.py)."""

from __future__ import annotations

from django.urls import path

from tashbik.web.editions import day, meetings, participants, planning, uploading, views

app_name = "editions"
urlpatterns = [
    path("", views.index, name="list"),
    path("new/", views.new, name="new"),
    path("organise/<slug:code>/", views.home, name="home"),
    path("organise/<slug:code>/edit/", views.edit, name="edit"),
    path("organise/<slug:code>/state/<slug:act>/", views.act, name="act"),
    path("organise/<slug:code>/programme/", views.programme, name="programme"),
    path("organise/<slug:code>/parts/<slug:kind>/", views.part_list, name="parts"),
    path("organise/<slug:code>/parts/<slug:kind>/add/", views.part, name="part-new"),
    path("organise/<slug:code>/parts/<slug:kind>/<int:pk>/", views.part, name="part"),
    path("organise/<slug:code>/parts/<slug:kind>/<int:pk>/remove/", views.part_remove, name="part-remove"),
    path("organise/<slug:code>/participants/", participants.index, name="participants"),
    path("organise/<slug:code>/participants/decide/", participants.decide, name="decide"),
    path("organise/<slug:code>/participants/new/", participants.new, name="participant-new"),
    path("organise/<slug:code>/participants/export/", participants.export, name="export"),
    path("organise/<slug:code>/participants/<int:pk>/", participants.edit, name="participant"),
    path("organise/<slug:code>/participants/<int:pk>/<slug:act>/", participants.act, name="participant-act"),
    path("organise/<slug:code>/import/", uploading.index, name="import"),
    path("organise/<slug:code>/import/template/", uploading.template, name="template"),
    path("organise/<slug:code>/import/<int:pk>/", uploading.listing, name="listing"),
    path("organise/<slug:code>/import/<int:pk>/rows/", uploading.rows, name="listing-rows"),
    path("organise/<slug:code>/meetings/", meetings.setting, name="meetings"),
    path("organise/<slug:code>/meetings/times/", meetings.times, name="times"),
    path("organise/<slug:code>/meetings/tables/", meetings.tables, name="tables"),
    path("organise/<slug:code>/meetings/conditions/", meetings.condition, name="condition"),
    path("organise/<slug:code>/meetings/conditions/<int:pk>/", meetings.condition_remove, name="condition-remove"),
    path("organise/<slug:code>/wishes/", meetings.wishes, name="wishes"),
    path("organise/<slug:code>/proposals/", meetings.proposals, name="proposals"),
    path("organise/<slug:code>/plans/", planning.index, name="plans"),
    path("organise/<slug:code>/plans/<int:number>/", planning.page, name="plan"),
    path("organise/<slug:code>/plans/<int:number>/publish/", planning.publish, name="publish"),
    path("organise/<slug:code>/plans/<int:number>/drop/", planning.drop, name="drop"),
    path("organise/<slug:code>/plans/<int:number>/why/", planning.why, name="why"),
    path("organise/<slug:code>/day/", day.page, name="day"),
]
