"""Who reads a page and in which language, and the exchange's errors as pages. Not what a page shows."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from tashbik.errors import (
    ConflictError,
    InvalidError,
    NotFoundError,
    NotPermittedError,
    PrintingError,
    StateError,
    TashbikError,
    TooManyError,
)
from tashbik.exchange.actor import VISITOR, Actor, acting, signed_in
from tashbik.exchange.models import Membership, User

STATUS: dict[type[TashbikError], int] = {
    NotPermittedError: 403,
    NotFoundError: 404,
    ConflictError: 409,
    StateError: 409,
    InvalidError: 422,
    TooManyError: 429,
    PrintingError: 503,
}


class ReaderMiddleware:
    """Sets `request.actor` (who acts, in which role) and the language: the cookie's, else the user's, else the browser's, else Arabic."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Find who reads, then go on."""
        user = request.user if isinstance(request.user, User) else None
        language = _language(request, user)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        request.actor = actor_of(request, user, language)  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def _language(request: HttpRequest, user: User | None) -> str:
    known = dict(settings.LANGUAGES)
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in known:
        return chosen
    if user is not None and user.language in known:
        return user.language
    for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if code[:2] in known:
            return str(code[:2])
    return str(settings.LANGUAGE_CODE)


def actor_of(request: HttpRequest, user: User | None, language: str) -> Actor:
    """The actor of the membership that the session names, else of the user's first."""
    request.memberships, request.membership = [], None  # type: ignore[attr-defined]
    if user is None:
        return Actor(language=language) if language != VISITOR.language else VISITOR
    mine = Membership.objects.filter(user=user).select_related("user", "exchange", "organisation", "enterprise")
    memberships = list(mine)
    request.memberships = memberships  # type: ignore[attr-defined]
    chosen = request.session.get("membership")
    membership = next((one for one in memberships if one.pk == chosen), memberships[0] if memberships else None)
    request.membership = membership  # type: ignore[attr-defined]
    return acting(membership, language=language) if membership else signed_in(user, language=language)


class ErrorMiddleware:
    """Turns the exchange's errors into pages: what happened, what was kept, what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Go on; errors come to process_exception."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page for an error of the exchange; others go on to Django."""
        if not isinstance(error, TashbikError):
            return None
        if isinstance(error, NotPermittedError) and not request.user.is_authenticated and request.method == "GET":
            return redirect_to_login(request.get_full_path())
        status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
        response = render(request, "refused.html", {"error": error, "status": status}, status=status)
        if isinstance(error, TooManyError):
            response.headers["Retry-After"] = "60"
        return response
