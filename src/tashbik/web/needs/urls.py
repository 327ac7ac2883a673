"""Addresses of these pages."""

from __future__ import annotations

from django.urls import path

from tashbik.web.needs import deciding, editing, stating, views

app_name = "needs"
urlpatterns = [
    path("", views.index, name="list"),
    path("new/", stating.new, name="new"),
    path("upload/", stating.upload, name="upload"),
    path("uploaded/", stating.uploaded, name="uploaded"),
    path("show/<slug:view>/", views.index, name="view"),
    path("<str:code>/", views.page, name="page"),
    path("<str:code>/versions/", views.versions, name="versions"),
    path("<str:code>/text/", stating.text, name="text"),
    path("<str:code>/lines/", editing.lines, name="lines"),
    path("<str:code>/lines/confirm/", editing.confirm_all, name="confirm-all"),
    path("<str:code>/lines/add/", editing.words, name="line-new"),
    path("<str:code>/lines/<path:line>/act/", editing.line_act, name="line-act"),
    path("<str:code>/lines/<path:line>/text/", editing.line_text, name="line-text"),
    path("<str:code>/lines/<path:line>/quantity/", editing.quantity, name="quantity"),
    path("<str:code>/lines/<path:line>/words/", editing.words, name="words"),
    path("<str:code>/lines/<path:line>/requirement/", editing.requirement, name="requirement-new"),
    path("<str:code>/lines/<path:line>/requirement/<int:number>/", editing.requirement, name="requirement"),
    path("<str:code>/terms/", editing.terms, name="terms"),
    path("<str:code>/drawings/", editing.drawings, name="drawings"),
    path("<str:code>/check/", deciding.check, name="check"),
    path("<str:code>/release/", deciding.release, name="release"),
    path("<str:code>/discard/", deciding.discard, name="discard"),
    path("<str:code>/close/", deciding.close, name="close"),
    path("<str:code>/withdraw/", deciding.withdraw, name="withdraw"),
    path("<str:code>/refer/", deciding.refer, name="refer"),
    path("<str:code>/referrals/<int:number>/", deciding.decide, name="decide"),
]
