"""Requests that may be sent again without being done twice: the header Idempotency-Key. Not the API's operations."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone

from tashbik.exchange.models import IdempotencyKey
from tashbik.web.api.security import token_of

KEPT = timedelta(hours=24)
STALLED = timedelta(seconds=60)
"""After this, a request without an answer counts as lost (its server was killed) and may be done again."""
PREFIX = "/api/v1/"


class IdempotencyMiddleware:
    """Keeps the answer to each POST, PUT, PATCH or DELETE that carries a key, and gives it again to the same request under that key."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer from what was kept, or do it and keep the answer."""
        key = request.headers.get("Idempotency-Key", "")
        if not key or request.method in ("GET", "HEAD", "OPTIONS") or not request.path.startswith(PREFIX):
            return self.get_response(request)
        if len(key) > 120:
            return _refused("The key is longer than 120 characters.", 422)
        token = token_of(request.headers.get("Authorization", "").partition(" ")[2])
        if token is None:
            return self.get_response(request)  # which refuses it
        return self._once(request, token.membership_id, key)

    def _once(self, request: HttpRequest, membership: int, key: str) -> HttpResponseBase:
        content = f"{request.method} {request.get_full_path()}\n".encode() + request.body
        digest = hashlib.sha256(content).hexdigest()
        IdempotencyKey.objects.filter(membership_id=membership, key=key, created__lt=timezone.now() - KEPT).delete()
        IdempotencyKey.objects.filter(
            membership_id=membership, key=key, status=None, created__lt=timezone.now() - STALLED
        ).delete()
        try:
            with transaction.atomic():
                kept = IdempotencyKey.objects.create(membership_id=membership, key=key, request=digest)
        except IntegrityError:
            return _again(IdempotencyKey.objects.get(membership_id=membership, key=key), digest)
        try:
            response = self.get_response(request)
        except BaseException:
            kept.delete()
            raise
        if response.status_code >= 500 or not isinstance(response, HttpResponse):
            kept.delete()
            return response
        kept.status, kept.body = response.status_code, response.content.decode()
        kept.save(update_fields=["status", "body"])
        return response


def _again(kept: IdempotencyKey, digest: str) -> HttpResponse:
    if kept.request != digest:
        return _refused("This key was used for another request.", 422)
    if kept.status is None:
        return _refused("The first request under this key is still being worked on.", 409)
    response = HttpResponse(kept.body, status=kept.status, content_type="application/json; charset=utf-8")
    response["Idempotent-Replay"] = "true"
    return response


def _refused(message: str, status: int) -> JsonResponse:
    body = {"error": "idempotency", "message": message, "file": "", "row": None, "field": "Idempotency-Key", "mend": ""}
    return JsonResponse(body, status=status)
