"""Addresses of the recommendations: progress, lists, one recommendation and what is done with it, the communiqué."""

from __future__ import annotations

from django.urls import path

from tashbik.web.recommendations import communique, deciding, drafting, evidence, pages, views, working

app_name = "recommendations"
_ONE = "of/<slug:edition>/<int:number>/"
urlpatterns = [
    path("", views.progress, name="progress"),
    path("files/<str:ending>/", views.file, name="file"),
    path("list/<slug:view>/", views.view, name="view"),
    path("owner/<str:token>/", working.by_link, name="by_link"),
    path("of/<slug:edition>/", pages.edition, name="edition"),
    path("of/<slug:edition>/new/", drafting.new, name="new"),
    path("of/<slug:edition>/communique/", communique.page, name="communique"),
    path("of/<slug:edition>/communique/<int:number>-<str:language>.pdf", communique.pdf, name="communique_pdf"),
    path(_ONE, pages.page, name="page"),
    path(f"{_ONE}edit/", drafting.edit, name="edit"),
    path(f"{_ONE}translate/", drafting.translate, name="translate"),
    path(f"{_ONE}poll/", deciding.poll, name="poll"),
    path(f"{_ONE}vote/", deciding.vote, name="vote"),
    path(f"{_ONE}adopt/", deciding.adopt, name="adopt"),
    path(f"{_ONE}reject/", deciding.reject, name="reject"),
    path(f"{_ONE}assign/", working.assign, name="assign"),
    path(f"{_ONE}report/", working.report, name="report"),
    path(f"{_ONE}remind/", working.remind, name="remind"),
    path(f"{_ONE}close/", working.close, name="close"),
    path(f"{_ONE}drop/", deciding.drop, name="drop"),
    path(f"{_ONE}reopen/", deciding.reopen, name="reopen"),
    path(f"{_ONE}evidence/", evidence.choose, name="evidence"),
    path(f"{_ONE}evidence/upload/", evidence.upload, name="upload"),
    path(f"{_ONE}evidence/<int:key>.csv", evidence.file, name="evidence_file"),
    path(f"{_ONE}evidence/<int:key>/remove/", evidence.remove, name="remove"),
]
