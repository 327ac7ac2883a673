"""Addresses of these pages."""

from __future__ import annotations

from django.urls import path

from tashbik.web.networks import acts, clusters, dependence, files, nodes, views

app_name = "networks"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("explorer/", views.explorer, name="explorer"),
    path("explorer/data/", files.data, name="data"),
    path("explorer/picture.svg", files.picture, name="picture"),
    path("file/<str:ending>/", files.file, name="file"),
    path("definitions/", views.definitions, name="definitions"),
    path("renew/", acts.renew, name="renew"),
    path("communities/", views.communities, name="communities"),
    path("communities/<int:number>/", views.community, name="community"),
    path("missing/", views.missing, name="missing"),
    path("alike/", views.alike, name="alike"),
    path("clusters/", clusters.index, name="clusters"),
    path("clusters/new/", clusters.new, name="cluster-new"),
    path("clusters/<slug:code>/", clusters.page, name="cluster"),
    path("clusters/<slug:code>/edit/", clusters.edit, name="cluster-edit"),
    path("clusters/<slug:code>/join/", clusters.join, name="cluster-join"),
    path("clusters/<slug:code>/leave/", clusters.leave, name="cluster-leave"),
    path("resilience/", dependence.index, name="dependence"),
    path("resilience/<int:number>/", dependence.page, name="dependence-report"),
    path("resilience/<int:number>/paper/", dependence.paper, name="dependence-paper"),
    path("ties/<int:number>/remove/", acts.remove, name="tie-remove"),
    path("declare/<path:node>", acts.declare, name="tie-new"),
    path("node/<path:node>", nodes.page, name="node"),
]
