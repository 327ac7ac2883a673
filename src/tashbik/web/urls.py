"""All addresses, by area, in the order of the work. Each area's own are in its urls.py."""

from __future__ import annotations

from django.urls import include, path

from tashbik.web.api.application import api
from tashbik.web.api.views import page as api_page
from tashbik.web.health import views as health
from tashbik.web.home import views as home

urlpatterns = [
    path("", home.home, name="home"),
    path("language/", home.language, name="language"),
    path("role/", home.role, name="role"),
    path("theme/", home.theme, name="theme"),
    path("privacy/", home.privacy, name="privacy"),
    path("help/", home.help_page, name="help"),
    path("register/", include("tashbik.web.register.urls")),
    path("register/", include("tashbik.web.editing.urls")),
    path("moderation/", include("tashbik.web.moderation.urls")),
    path("imports/", include("tashbik.web.imports.urls")),
    path("needs/", include("tashbik.web.needs.urls")),
    path("matches/", include("tashbik.web.matches.urls")),
    path("rfq/", include("tashbik.web.rfq.urls")),
    path("duplicates/", include("tashbik.web.identity.urls")),
    path("groups/", include("tashbik.web.groups.urls")),
    path("networks/", include("tashbik.web.networks.urls")),
    path("forum/", include("tashbik.web.editions.urls")),
    path("forum/", include("tashbik.web.participation.urls")),
    path("recommendations/", include("tashbik.web.recommendations.urls")),
    path("reports/", include("tashbik.web.reports.urls")),
    path("settings/", include("tashbik.web.administration.urls")),
    path("attachments/", include("tashbik.web.attachments.urls")),
    path("accounts/", include("tashbik.web.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("api/", api_page, name="api"),
    path("api/v1/", api.urls),
    path("health/live", health.alive, name="alive"),
    path("health/ready", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
]
