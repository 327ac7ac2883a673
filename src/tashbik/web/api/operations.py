"""The operations of the API. Each reads its input, calls a verb or a query, and gives back JSON: no rule of the exchange lives here."""

from __future__ import annotations

import math
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status
from ninja.params.functions import Path, Query

from tashbik.errors import InvalidError, NotFoundError, NotPermittedError
from tashbik.exchange import ocds
from tashbik.exchange.actor import Actor
from tashbik.exchange.index import register_index
from tashbik.exchange.models import Award, Enterprise, Exchange, Invitation, Need, Rfq, Submission, Webhook
from tashbik.exchange.permissions import may, require
from tashbik.exchange.projection import as_json
from tashbik.exchange.queries import needs as need_queries
from tashbik.exchange.queries import register, register_profile
from tashbik.exchange.queries import rfq as rfq_queries
from tashbik.exchange.queries.matches_rows import WITHHELD
from tashbik.exchange.queries.matches_rows import shown as as_shown
from tashbik.exchange.queries.register_filters import Filters
from tashbik.exchange.verbs import needs as need_verbs
from tashbik.exchange.verbs import quotes, webhooks
from tashbik.exchange.verbs import register as register_verbs
from tashbik.exchange.verbs import rfq as rfq_verbs
from tashbik.exchange.visibility import visible_record
from tashbik.linkage import explain
from tashbik.linkage.match import LineResult, Link
from tashbik.linkage.verdict import Verdict
from tashbik.nomenclature.classify import classify
from tashbik.nomenclature.tables import concepts
from tashbik.registry import records
from tashbik.registry.understanding import understand
from tashbik.web.api import schemas as shape
from tashbik.web.api.security import Token, anyone

router = Router()
REFUSALS = {
    400: shape.Problem,
    401: shape.Problem,
    403: shape.Problem,
    404: shape.Problem,
    409: shape.Problem,
    422: shape.Problem,
    429: shape.Problem,
}
MAX_PAGE = 100
Concepts: Any = Query([], max_length=10)
PageNumber = Query(1, ge=1, le=10_000)
PageSize = Query(25, ge=1, le=MAX_PAGE)
Code = Path(..., min_length=1, max_length=120, pattern=r"^[^\x00/]+$")
Number = Path(..., ge=1, le=2**53)


def actor_of(request: HttpRequest) -> Actor:
    """Who calls."""
    actor: Actor = request.auth  # type: ignore[attr-defined]  # set by the framework from security.py
    return actor


def _slice(total: int, page: int, size: int) -> tuple[int, int, dict[str, int]]:
    start = (page - 1) * size
    return start, start + size, {"page": page, "pages": max(1, math.ceil(total / size)), "total": total}


@router.get("/me", auth=Token(), response={200: shape.Me, **REFUSALS}, tags=["account"])
def me(request: HttpRequest) -> dict[str, Any]:
    """Whom the token acts as."""
    actor = actor_of(request)
    home = Exchange.objects.filter(pk=actor.exchange_id or 0).first()
    return {
        "role": str(actor.role),
        "exchange": home.code if home else None,
        "organisation": actor.organisation_id,
        "enterprise": actor.enterprise_id,
    }


# the register


def _enterprise(enterprise: Enterprise, record: records.Enterprise, hidden: tuple[str, ...]) -> dict[str, Any]:
    return {
        "code": enterprise.code,
        "exchange": enterprise.exchange.code,
        "status": enterprise.status,
        "version": enterprise.version,
        "completeness": enterprise.completeness,
        "updated": enterprise.updated,
        "hidden": list(hidden),
        "record": as_json(record),
    }


@router.get("/enterprises", auth=anyone, response={200: shape.EnterpriseList, **REFUSALS}, tags=["register"])
def enterprises(
    request: HttpRequest,
    q: str = Query("", max_length=300, pattern=r"^[^\x00]*$"),
    country: str = Query("", pattern=r"^([A-Z]{2})?$"),
    exchange: str = Query("", max_length=20, pattern=r"^[\w-]*$"),
    concept: list[shape.ConceptId] = Concepts,
    spare: bool = False,
    page: int = PageNumber,
    page_size: int = PageSize,
) -> dict[str, Any]:
    """The published register: by words and meaning (`q`), country, exchange, concept ids (see /classify), spare capacity."""
    wanted = Filters(
        words=q.strip(),
        exchange=exchange,
        countries=(country,) if country else (),
        concepts=tuple(concept),
        spare=spare,
    )
    found = register.found(actor_of(request), wanted)
    start, end, where = _slice(found.count(), page, page_size)
    rows = [_enterprise(one.enterprise, one.record, one.hidden) for one in found[start:end]]
    return {**where, "results": rows}


@router.get("/enterprises/{code}", auth=anyone, response={200: shape.EnterpriseOut, **REFUSALS}, tags=["register"])
def enterprise(request: HttpRequest, code: str = Code) -> dict[str, Any]:
    """One enterprise."""
    found = register_profile.profile(actor_of(request), code)
    return _enterprise(found.enterprise, found.record, found.hidden)


@router.post("/enterprises", auth=Token(), response={201: shape.Registered, **REFUSALS}, tags=["register"])
def register_enterprise(request: HttpRequest, given: shape.EnterpriseIn) -> Status[dict[str, Any]]:
    """Register an enterprise: published at once for officers, else it waits for moderation."""
    actor = actor_of(request)
    words: list[dict[str, str]] = [{str(key): text for key, text in one.items()} for one in given.capabilities if one]
    record = records.Enterprise(
        id="new",
        names={str(key): value for key, value in given.names.items()},
        place=records.Place(country=given.country, locality=given.locality),
        website=given.website,
        employees=given.employees,
        capabilities=tuple(records.Capability(id=str(n), words=one) for n, one in enumerate(words, 1)),
    )
    made = register_verbs.register(actor=actor, exchange=_home(actor), record=understand(record))
    if isinstance(made, Submission):
        return Status(201, {"status": "pending", "submission": made.pk})
    return Status(201, {"status": "published", "code": made.code})


def _home(actor: Actor) -> Exchange:
    found = Exchange.objects.filter(pk=actor.exchange_id or 0).first()
    if found is None:
        raise NotPermittedError("the token acts at no exchange")
    return found


@router.get("/classify", auth=anyone, response={200: list[shape.ConceptOut], **REFUSALS}, tags=["register"])
def classification(
    request: HttpRequest,
    text: str = Query(..., min_length=1, max_length=2_000, pattern=r"^[^\x00]*$"),
    language: str = Query("en", pattern="^(ar|fr|en)$"),
) -> list[dict[str, Any]]:
    """The concepts that a text names, in any of the three languages."""
    return [
        {
            "id": one.concept,
            "kind": concepts()[one.concept].kind,
            "label": concepts()[one.concept].label(language),
            "score": float(one.score),
            "words": one.words,
        }
        for one in classify(text)
        if one.concept in concepts()
    ]


# needs and their matches


def _need(actor: Actor, need: Need) -> dict[str, Any]:
    return {
        "code": need.code,
        "exchange": need.exchange.code,
        "kind": need.kind,
        "title": need.title,
        "status": need.status,
        "version": need.version,
        "edition": int(need.details.get("edition", 0)),
        "buyer": need_queries.shown_buyer(actor, need),
        "due": need.due,
        "confidentiality": need.confidentiality,
        "updated": need.updated,
        "record": as_json(need_queries.shown_record(actor, need)),
    }


@router.get("/needs", auth=anyone, response={200: shape.NeedList, **REFUSALS}, tags=["needs"])
def needs(
    request: HttpRequest,
    status: str = Query("", pattern="^(draft|released|closed|withdrawn)?$"),
    page: int = PageNumber,
    page_size: int = PageSize,
) -> dict[str, Any]:
    """The needs that the caller may know of, newest first."""
    actor = actor_of(request)
    found = need_queries.visible(actor)
    if status:
        found = found.filter(status=status)
    return _page(found, page, page_size, lambda need: _need(actor, need))


def _page(found: QuerySet[Any], page: int, size: int, shown: Any) -> dict[str, Any]:
    start, end, where = _slice(found.count(), page, size)
    return {**where, "results": [shown(one) for one in found[start:end]]}


@router.post("/needs", auth=Token(), response={201: shape.NeedOut, **REFUSALS}, tags=["needs"])
def state_need(request: HttpRequest, given: shape.NeedIn) -> Status[dict[str, Any]]:
    """State a need as free text; it becomes a draft, to be completed and confirmed."""
    actor = actor_of(request)
    made = need_verbs.create(actor=actor, text=given.text, kind=given.kind)
    return Status(201, _need(actor, need_queries.find(actor, made.code)))


@router.get("/needs/{code}", auth=anyone, response={200: shape.NeedOut, **REFUSALS}, tags=["needs"])
def need(request: HttpRequest, code: str = Code) -> dict[str, Any]:
    """One need."""
    actor = actor_of(request)
    return _need(actor, need_queries.find(actor, code))


@router.post("/needs/{code}/release", auth=Token(), response={200: shape.NeedOut, **REFUSALS}, tags=["needs"])
def release_need(request: HttpRequest, code: str = Code, edition: int = Query(0, ge=0, le=2**31 - 1)) -> dict[str, Any]:
    """Release a complete draft; what is missing is named."""
    actor = actor_of(request)
    found = need_queries.find(actor, code)
    return _need(actor, need_verbs.release(actor=actor, need=found, edition=edition))


@router.get("/needs/{code}/matches", auth=Token(), response={200: shape.MatchesOut, **REFUSALS}, tags=["needs"])
def matches(
    request: HttpRequest,
    code: str = Code,
    top: int = Query(20, ge=1, le=100),
    language: str = Query("en", pattern="^(ar|fr|en)$"),
) -> dict[str, Any]:
    """Who can meet each line, and why; for the buyer and the exchange's officers."""
    actor = actor_of(request)
    found = need_queries.find(actor, code)
    require(actor, "match.see", found)
    results = register_index().matcher().match(need_queries.shown_record(actor, found), top=top)
    codes = {link.enterprise for result in results for link in result.links}
    rows = {one.code: one for one in Enterprise.objects.filter(code__in=codes).order_by()}
    hidden = {key: set(visible_record(actor, one)[1]) for key, one in rows.items()}
    lines = [_line(one, rows, hidden, language) for one in results]
    return {"need": found.code, "version": found.version, "lines": lines}


def _line(
    result: LineResult, rows: dict[str, Enterprise], hidden: dict[str, set[str]], language: str
) -> dict[str, Any]:
    links = [
        _link(one, rows[one.enterprise], hidden[one.enterprise], language)
        for one in result.links
        if one.enterprise in rows
    ]
    return {"id": result.line.id, "text": result.line.text, "links": links}


def _link(link: Link, row: Enterprise, hidden: set[str], language: str) -> dict[str, Any]:
    return {
        "enterprise": row.code,
        "name": row.name(language),
        "score": round(100 * link.score, 1),
        "share": None if "capacities" in hidden else link.share,
        "mandatory_failed": link.mandatory_failed,
        "verdicts": [_verdict(as_shown(one, tuple(hidden)), language) for one in link.verdicts],
    }


def _verdict(one: Verdict, language: str) -> dict[str, Any]:
    """A verdict in words, as on the pages: of one that rests on what is hidden from the caller the outcome alone."""
    return {
        "requirement": one.requirement.kind,
        "verdict": one.outcome,
        "text": "" if one.reason == WITHHELD else explain.verdict_sentence(one, language),
        "question": explain.question(one, language) if one.outcome == "unknown" else "",
    }


# requests for quotation


def _rfq(rfq: Rfq) -> dict[str, Any]:
    return {
        "code": rfq.code,
        "need": rfq.need.code,
        "need_version": rfq.need_version,
        "exchange": rfq.exchange.code,
        "status": rfq.status,
        "deadline": rfq.deadline,
        "currency": rfq.currency,
        "incoterm": rfq.incoterm,
        "created": rfq.created,
    }


@router.get("/rfqs", auth=Token(), response={200: shape.RfqList, **REFUSALS}, tags=["requests"])
def rfqs(request: HttpRequest, page: int = PageNumber, page_size: int = PageSize) -> dict[str, Any]:
    """The requests on whose buyer's side the caller is."""
    return _page(rfq_queries.visible(actor_of(request)), page, page_size, _rfq)


@router.get("/rfqs/{code}", auth=Token(), response={200: shape.RfqOut, **REFUSALS}, tags=["requests"])
def rfq(request: HttpRequest, code: str = Code) -> dict[str, Any]:
    """One request."""
    return _rfq(rfq_queries.find(actor_of(request), code))


@router.post("/needs/{code}/rfqs", auth=Token(), response={201: shape.RfqOut, **REFUSALS}, tags=["requests"])
def open_rfq(request: HttpRequest, given: shape.RfqIn, code: str = Code) -> Status[dict[str, Any]]:
    """Ask enterprises of the exchange to quote for a released need."""
    actor = actor_of(request)
    found = need_queries.find(actor, code)
    asked = list(rfq_queries.open_to(actor, found).filter(code__in=given.enterprises))
    unknown = sorted(set(given.enterprises) - {one.code for one in asked})
    if unknown:
        raise InvalidError({"enterprises": [f"No published enterprise of the exchange: {', '.join(unknown[:5])}"]})
    values = given.dict(exclude={"enterprises"})
    return Status(201, _rfq(rfq_verbs.open_rfq(actor=actor, need=found, enterprises=asked, **values)))


def _invitation(invitation: Invitation) -> dict[str, Any]:
    return {
        "id": invitation.pk,
        "rfq": invitation.rfq.code,
        "enterprise": invitation.enterprise.code,
        "status": invitation.status,
        "reason": invitation.reason,
        "deadline": invitation.rfq.deadline,
    }


@router.get("/invitations", auth=Token(), response={200: shape.InvitationList, **REFUSALS}, tags=["requests"])
def invitations(request: HttpRequest, page: int = PageNumber, page_size: int = PageSize) -> dict[str, Any]:
    """The invitations of the caller's enterprise."""
    mine = rfq_queries.invited(actor_of(request)).select_related("enterprise", "rfq")
    return _page(mine, page, page_size, _invitation)


@router.post(
    "/invitations/{number}/decline", auth=Token(), response={200: shape.InvitationOut, **REFUSALS}, tags=["requests"]
)
def decline(request: HttpRequest, given: shape.DeclineIn, number: int = Number) -> dict[str, Any]:
    """Say that the enterprise will not quote, and why."""
    actor = actor_of(request)
    found = rfq_queries.find_invitation(actor, number)
    return _invitation(quotes.decline(actor=actor, invitation=found, reason=given.reason, note=given.note))


@router.post("/invitations/{number}/quote", auth=Token(), response={201: shape.QuoteOut, **REFUSALS}, tags=["requests"])
def quote(request: HttpRequest, given: shape.QuoteIn, number: int = Number) -> Status[dict[str, Any]]:
    """Send a quote; it replaces the one sent before."""
    actor = actor_of(request)
    found = rfq_queries.find_invitation(actor, number)
    made = quotes.submit(actor=actor, invitation=found, typed=given.model_dump(mode="json"))
    return Status(
        201,
        {
            "id": made.pk,
            "invitation": found.pk,
            "version": made.version,
            "status": made.status,
            "currency": made.currency,
            "valid_until": made.valid_until,
        },
    )


# open contracting


def _release(actor: Actor, need: Need, rfqs: list[Rfq], awards: list[Award]) -> dict[str, Any]:
    return ocds.release(
        need,
        need_queries.shown_record(actor, need),
        buyer=need_queries.shown_buyer(actor, need),
        rfqs=rfqs,
        awards=awards,
        prefix=settings.TASHBIK_OCDS_PREFIX,
    )


def _releases(actor: Actor, found: list[Need]) -> list[dict[str, Any]]:
    """Releases of needs with their requests and awards: three queries, however many."""
    rfqs: dict[int, list[Rfq]] = {}
    awards: dict[int, list[Award]] = {}
    for one in Rfq.objects.filter(need__in=found).exclude(status=Rfq.Status.CANCELLED):
        rfqs.setdefault(one.need_id, []).append(one)
    given = Award.objects.filter(rfq__need__in=found).select_related("rfq__need", "quote__invitation__enterprise")
    for award in given.select_related("quote__invitation__rfq__need").prefetch_related("outcomes"):
        if _is_told(actor, award):
            awards.setdefault(award.rfq.need_id, []).append(award)
    return [_release(actor, one, rfqs.get(one.pk, []), awards.get(one.pk, [])) for one in found]


def _is_told(actor: Actor, award: Award) -> bool:
    """Whether an award is published to the caller: those of open needs to all, others to their two sides and the exchange's officers alone."""
    return award.rfq.need.confidentiality == Need.Confidentiality.OPEN or may(actor, "outcome.record", award)


@router.get("/ocds/{exchange}", auth=anyone, response={200: shape.Release, **REFUSALS}, tags=["open contracting"])
def releases(
    request: HttpRequest,
    exchange: str = Path(..., pattern=r"^[\w-]+$", max_length=20),
    page: int = PageNumber,
    page_size: int = PageSize,
) -> dict[str, Any]:
    """Needs and awards of an exchange as an OCDS 1.1.5 release package: to anyone the open ones, to the exchange's officers all."""
    actor = actor_of(request)
    home = Exchange.objects.filter(code=exchange).first()
    if home is None:
        raise NotFoundError("There is no such exchange.")
    found = need_queries.visible(actor).filter(exchange=home).exclude(status=Need.Status.DRAFT)
    start, end, _ = _slice(found.count(), page, page_size)
    uri = request.build_absolute_uri()
    return ocds.package(_releases(actor, list(found[start:end])), uri=uri, publisher=home, at=timezone.now())


# webhooks


def _webhook(hook: Webhook, secret: str | None = None) -> dict[str, Any]:
    return {"id": hook.pk, "url": hook.url, "events": hook.events, "active": hook.active, "secret": secret}


@router.get("/webhooks", auth=Token(), response={200: list[shape.WebhookOut], **REFUSALS}, tags=["webhooks"])
def hooks(request: HttpRequest) -> list[dict[str, Any]]:
    """The webhooks of the administrator's exchange."""
    home = _home(actor_of(request))
    require(actor_of(request), "webhook.create", home)
    return [_webhook(one) for one in Webhook.objects.filter(exchange=home, active=True)]


@router.post("/webhooks", auth=Token(), response={201: shape.WebhookOut, **REFUSALS}, tags=["webhooks"])
def add_hook(request: HttpRequest, given: shape.WebhookIn) -> Status[dict[str, Any]]:
    """Have an address told of events; the secret that signs deliveries is given this once."""
    actor = actor_of(request)
    made = webhooks.create(actor=actor, exchange=_home(actor), url=given.url, events=given.events)
    return Status(201, _webhook(made, made.secret))


@router.delete("/webhooks/{number}", auth=Token(), response={204: None, **REFUSALS}, tags=["webhooks"])
def end_hook(request: HttpRequest, number: int = Number) -> Status[None]:
    """End a webhook."""
    actor = actor_of(request)
    hook = Webhook.objects.filter(pk=number, exchange_id=actor.exchange_id or 0, active=True).first()
    if hook is None:
        raise NotFoundError("There is no such webhook.")
    webhooks.delete(actor=actor, webhook=hook)
    return Status(204, None)
