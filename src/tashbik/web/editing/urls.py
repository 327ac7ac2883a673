"""Addresses of the editing pages, all under `register/edit/`."""

from __future__ import annotations

from django.urls import path

from tashbik.web.editing import acts, registration, views

app_name = "editing"
urlpatterns = [
    path("edit/registration/", registration.form, name="register"),
    path("edit/registration/check/", registration.check, name="register_check"),
    path("edit/registration/sent/", registration.sent, name="sent"),
    path("edit/submission/<int:number>/", registration.submission, name="returned"),
    path("edit/submission/<int:number>/cancel/", registration.cancel, name="cancel"),
    path("edit/<str:code>/", views.tasks, name="tasks"),
    path("edit/<str:code>/capability/", views.new_capability, name="new_capability"),
    path("edit/<str:code>/capability/<str:number>/remove/", acts.remove_capability, name="remove_capability"),
    path("edit/<str:code>/section/<str:name>/", views.section, name="section"),
    path("edit/<str:code>/draft/<str:name>/", views.draft, name="draft"),
    path("edit/<str:code>/discard/<str:name>/", views.discard, name="discard"),
    path("edit/<str:code>/check/<str:name>/", views.check, name="check"),
    path("edit/<str:code>/visibility/", acts.visibility, name="visibility"),
    path("edit/<str:code>/verify/", acts.verify, name="verify"),
    path("edit/<str:code>/withdraw/", acts.withdraw, name="withdraw"),
    path("edit/<str:code>/erase/", acts.erase, name="erase"),
    path("edit/<str:code>/evidence/", acts.evidence, name="evidence"),
]
