"""The API as a whole: its version, its description, and the one shape of all errors."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from tashbik import __version__
from tashbik.errors import TashbikError
from tashbik.web.api.operations import router
from tashbik.web.middleware import STATUS

api = NinjaAPI(
    title="Tashbik",
    version=__version__,
    description="The exchange for industrial linkage. Lists are paged; writing takes an Idempotency-Key; errors have one shape.",
    urls_namespace="api-v1",
    docs_url=None,
)
api.add_router("", router)


def _problem(error: str, message: str, **more: Any) -> dict[str, Any]:
    return {"error": error, "message": message, "file": "", "row": None, "field": "", "mend": "", "fields": {}, **more}


@api.exception_handler(TashbikError)
def refused(request: HttpRequest, error: TashbikError) -> HttpResponse:
    """What the exchange refuses."""
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
    return api.create_response(request, {**_problem("", ""), **error.as_json()}, status=status)


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Input that does not have the documented shape."""
    fields: dict[str, list[str]] = {}
    for one in error.errors:
        where = ".".join(str(part) for part in one["loc"][1:] if part != "given")
        fields.setdefault(where, []).append(str(one["msg"]))
    body = _problem(
        "invalid", "the request does not have the documented shape", field=next(iter(fields), ""), fields=fields
    )
    return api.create_response(request, body, status=422)


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """No token, or none in force."""
    return api.create_response(
        request, _problem("unauthorised", "a valid token is needed", mend="make one on your account's page"), status=401
    )


@api.exception_handler(HttpError)
def other(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework refuses, e.g. a body that is no JSON."""
    return api.create_response(request, _problem("http", str(error)), status=error.status_code)
