"""The page of one enterprise, and the same as linked data. Not the list (views.py)."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from tashbik.exchange.projection import record_of
from tashbik.exchange.queries.identity import survivor_of
from tashbik.exchange.queries.register_jsonld import organisation
from tashbik.exchange.queries.register_profile import profile as profile_of
from tashbik.web.register import profile as showing
from tashbik.web.register import showing as rows
from tashbik.web.request import Request

LINKED_DATA = "application/ld+json"


@require_GET
def profile(request: Request, code: str) -> HttpResponse:
    """All that the reader may see of an enterprise, and what is hidden from them; of one that was merged, the one it goes on in."""
    if (survivor := survivor_of(code)) is not None:
        return redirect("register:profile", survivor.code)
    found = profile_of(request.actor, code)
    record = found.record
    digits = request.actor.user.digits if request.actor.user else "latn"
    today = timezone.localdate()
    as_of = record.provenance.as_of
    context = {
        "profile": found,
        "enterprise": found.enterprise,
        "record": record,
        "place": rows.place(record.place),
        "names": showing.names(found),
        "identity": showing.identity(found, digits),
        "activities": showing.activities(record),
        "able": [showing.capability(one, as_of, digits) for one in record.capabilities],
        "machines": [showing.machine(one, digits) for one in record.machines],
        "certificates": [showing.certificate(one, today) for one in record.certificates],
        "exports": showing.exports(record),
        "sites": showing.sites(record),
        "figure": showing.picture(found),
        "hidden": showing.hidden(found, record_of(found.enterprise)),
        "missing": showing.missing(found),
        "share": found.enterprise.completeness / 100,
    }
    return render(request, "register/profile.html", context)


@require_GET
def jsonld(request: Request, code: str) -> HttpResponse:
    """The enterprise in the terms of schema.org, without what is hidden from the reader."""
    if (survivor := survivor_of(code)) is not None:
        return redirect("register:jsonld", survivor.code)
    found = profile_of(request.actor, code)
    url = request.build_absolute_uri(reverse("register:profile", args=[code]))
    response = JsonResponse(
        organisation(found.record, url=url),
        content_type=LINKED_DATA,
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )
    response["Vary"] = "Cookie"
    return response
