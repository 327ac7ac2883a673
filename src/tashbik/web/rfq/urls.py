"""Addresses of these pages."""

from __future__ import annotations

from django.urls import path

from tashbik.web.rfq import answering, comparing, following, views

app_name = "rfq"
urlpatterns = [
    path("", views.index, name="list"),
    path("new/<str:code>/", views.new, name="new"),
    path("invitation/<int:number>/", answering.invitation, name="invitation"),
    path("invitation/<int:number>/decline/", answering.decline, name="decline"),
    path("invitation/<int:number>/quote/", answering.quote, name="quote"),
    path("invitation/<int:number>/quote/save/", answering.autosave, name="autosave"),
    path("quote/<int:number>/withdraw/", answering.withdraw, name="withdraw"),
    path("award/<int:number>/", following.outcome, name="outcome"),
    path("award/<int:number>/ask/", following.ask, name="ask"),
    path("<str:code>/", views.page, name="page"),
    path("<str:code>/invite/", views.invite, name="invite"),
    path("<str:code>/remind/", views.remind, name="remind"),
    path("<str:code>/extend/", views.extend, name="extend"),
    path("<str:code>/close/", views.close, name="close"),
    path("<str:code>/cancel/", views.cancel, name="cancel"),
    path("<str:code>/compare/", comparing.compare, name="compare"),
    path("<str:code>/compare/xlsx/", comparing.spreadsheet, name="compare-xlsx"),
    path("<str:code>/award/", comparing.award, name="award"),
]
