"""The page that describes the API for people, made of its own description. Not the API."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tashbik.web.api.application import api
from tashbik.web.request import Request


@require_GET
def page(request: Request) -> HttpResponse:
    """Every operation with its parameters."""
    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            groups.setdefault(operation["tags"][0], []).append(
                {
                    "method": method.upper(),
                    "path": path,
                    "text": operation.get("description", operation["summary"]),
                    "parameters": [one["name"] for one in operation.get("parameters", [])],
                    "guarded": bool(operation.get("security")),
                }
            )
    return render(request, "api/page.html", {"groups": groups, "base": request.build_absolute_uri("/api/v1/")})
