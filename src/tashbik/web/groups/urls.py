"""Addresses of these pages."""

from __future__ import annotations

from django.urls import path

from tashbik.web.groups import composer, papers, places, views

app_name = "groups"
urlpatterns = [
    path("", views.index, name="list"),
    path("show/<slug:view>/", views.index, name="view"),
    path("need/<str:code>/", composer.compose, name="compose"),
    path("need/<str:code>/keep/", composer.keep, name="keep"),
    path("place/<int:number>/", places.place, name="place"),
    path("place/<int:number>/accept/", places.accept, name="accept"),
    path("place/<int:number>/decline/", places.decline, name="decline"),
    path("place/<int:number>/agreement/", papers.own_agreement, name="own-agreement"),
    path("place/<int:number>/agreement.pdf", papers.own_agreement_pdf, name="own-agreement-pdf"),
    path("<str:code>/", views.page, name="page"),
    path("<str:code>/propose/", views.propose, name="propose"),
    path("<str:code>/withdraw/", views.withdraw, name="withdraw"),
    path("<str:code>/agreement/", papers.agreement, name="agreement"),
    path("<str:code>/agreement.pdf", papers.agreement_pdf, name="agreement-pdf"),
    path("<str:code>/shares.csv", papers.shares_csv, name="csv"),
    path("<str:code>/shares.xlsx", papers.shares_xlsx, name="xlsx"),
]
