"""Addresses of the editing pages, all under `register/edit/`. Codes and ids of other registers may hold slashes: the narrow addresses come first."""

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
    path("edit/<path:code>/capability/", views.new_capability, name="new_capability"),
    path("edit/<path:code>/capability/<path:number>/remove/", acts.remove_capability, name="remove_capability"),
    path("edit/<path:code>/section/<path:name>/", views.section, name="section"),
    path("edit/<path:code>/draft/<path:name>/", views.draft, name="draft"),
    path("edit/<path:code>/discard/<path:name>/", views.discard, name="discard"),
    path("edit/<path:code>/check/<path:name>/", views.check, name="check"),
    path("edit/<path:code>/visibility/", acts.visibility, name="visibility"),
    path("edit/<path:code>/verify/", acts.verify, name="verify"),
    path("edit/<path:code>/withdraw/", acts.withdraw, name="withdraw"),
    path("edit/<path:code>/erase/", acts.erase, name="erase"),
    path("edit/<path:code>/evidence/", acts.evidence, name="evidence"),
    path("edit/<path:code>/", views.tasks, name="tasks"),
]
