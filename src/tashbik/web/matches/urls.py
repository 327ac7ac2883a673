"""Addresses of these pages."""

from __future__ import annotations

from django.urls import path

from tashbik.web.matches import acting, printed, views

app_name = "matches"
urlpatterns = [
    path("", acting.inbox, name="inbox"),
    path("answer/<str:code>/<int:enterprise>/", acting.answer, name="answer"),
    path("settle/<int:number>/", acting.settle, name="settle"),
    path("restore/<int:number>/", acting.restore, name="restore"),
    path("<str:code>/", views.matrix, name="matrix"),
    path("<str:code>/cell/", views.cell, name="cell"),
    path("<str:code>/compare/", views.compare, name="compare"),
    path("<str:code>/why-not/", views.why_not, name="why-not"),
    path("<str:code>/words/", views.matched_words, name="words"),
    path("<str:code>/chosen/", acting.chosen, name="chosen"),
    path("<str:code>/questions/", acting.questions, name="questions"),
    path("<str:code>/override/", acting.override, name="override"),
    path("<str:code>/matches.pdf", printed.pdf, name="pdf"),
    path("<str:code>/matches.xlsx", printed.xlsx, name="xlsx"),
]
