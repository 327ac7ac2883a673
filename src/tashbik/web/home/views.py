"""The first page, and the reader's choices: language, role, colours. Not the account itself (accounts)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from tashbik.exchange.models import Membership, User
from tashbik.exchange.queries import front
from tashbik.exchange.queries.waiting import Task, waiting_for
from tashbik.web import reading
from tashbik.web.home.tour import first_visit
from tashbik.web.request import Request

YEAR = 365 * 24 * 3600


@require_GET
def home(request: Request) -> HttpResponse:
    """What waits for the reader; for visitors, what the exchange is for."""
    tasks = [_shown(task) for task in waiting_for(request.actor)]
    figures = {**front.figures(), "date": reading.day(timezone.now())}
    steps = first_visit(request.actor) if settings.TASHBIK_DEMONSTRATION else []
    return render(request, "home/home.html", {"tasks": tasks, "figures": figures, "steps": steps})


def _shown(task: Task) -> dict[str, Any]:
    return {
        "label": task.label,
        "detail": task.detail,
        "count": task.count,
        "due": task.due,
        "due_words": reading.day(task.due) if task.due else "",
        "url": reverse(task.page, args=task.arguments) + (f"?view={task.view}" if task.view else ""),
    }


@require_GET
def privacy(request: Request) -> HttpResponse:
    """Which personal data are kept, why, and how to have them out."""
    return render(request, "home/privacy.html")


@require_GET
def help_page(request: Request) -> HttpResponse:
    """How the work goes, step by step."""
    return render(request, "home/help.html")


@require_POST
def language(request: Request) -> HttpResponse:
    """Choose the language; kept in a cookie, and for who has signed in with the account."""
    chosen = request.POST.get("language", "")
    response = _back(request)
    if chosen in dict(settings.LANGUAGES):
        _set(response, settings.LANGUAGE_COOKIE_NAME, chosen)
        if isinstance(request.user, User) and request.user.language != chosen:
            User.objects.filter(pk=request.user.pk).update(language=chosen)
    return response


@require_POST
def theme(request: Request) -> HttpResponse:
    """Choose the colours: auto, light or dark."""
    chosen = request.POST.get("theme", "")
    response = _back(request)
    if chosen in ("auto", "light", "dark"):
        _set(response, "theme", chosen)
        if isinstance(request.user, User):
            User.objects.filter(pk=request.user.pk).update(theme=chosen)
    return response


@require_POST
def role(request: Request) -> HttpResponse:
    """Choose which of one's memberships one acts as."""
    chosen = request.POST.get("membership", "")
    if chosen.isdecimal() and Membership.objects.filter(pk=chosen, user=request.user.pk).exists():
        request.session["membership"] = int(chosen)
    return HttpResponseRedirect("/")


def _back(request: Request) -> HttpResponseRedirect:
    target = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(target if safe else "/")


def _set(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=YEAR, samesite="Lax", secure=bool(settings.SESSION_COOKIE_SECURE), httponly=True
    )
