"""The shapes of the API's JSON. Records of the register and of needs go as the registry has them (docs/registry.md)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

from tashbik.exchange.verbs.webhooks import EVENTS

Text = Annotated[str, StringConstraints(max_length=20_000, pattern=r"^[^\x00]*$")]
Short = Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\x00]*$")]
Said = Annotated[str, StringConstraints(max_length=20_000, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]
"""Text with something in it."""
Named = Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]
ConceptId = Annotated[str, StringConstraints(max_length=80, pattern=r"^[a-z]+\.[a-z0-9-]+$")]
LineId = Annotated[str, StringConstraints(max_length=40, pattern=r"^[\w-]+$")]


class Strict(Schema):
    """Input: unknown fields are refused, so that a misspelt one is not silently lost."""

    model_config = ConfigDict(extra="forbid")


class Problem(Schema):
    """The one shape of an error."""

    error: str
    message: str
    file: str = ""
    row: int | None = None
    field: str = ""
    mend: str = ""
    fields: dict[str, list[str]] = {}


class Page(Schema):
    """Where a list stands: `total` is counted up to 10,000."""

    page: int
    pages: int
    total: int


class Me(Schema):
    """Whom a token acts as."""

    role: str
    exchange: str | None
    organisation: int | None
    enterprise: int | None


class EnterpriseOut(Schema):
    """An enterprise with its record as the caller may see it; `hidden` names the groups of fields left out."""

    code: str
    exchange: str
    status: str
    version: int
    completeness: int
    updated: datetime
    hidden: list[str]
    record: dict[str, Any]


class EnterpriseList(Page):
    """A page of the register."""

    results: list[EnterpriseOut]


class EnterpriseIn(Strict):
    """A new enterprise in its own words; what the words state is understood."""

    names: dict[Literal["ar", "fr", "en"], Named] = Field(min_length=1)
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] = ""
    locality: Short = ""
    website: Short = ""
    employees: int | None = Field(default=None, ge=0, le=1_000_000)
    capabilities: list[Annotated[dict[Literal["ar", "fr", "en"], Said], Field(min_length=1)]] = Field(min_length=1, max_length=100)


class Registered(Schema):
    """What became of a registration: published at once, or waiting for moderation."""

    status: Literal["published", "pending"]
    code: str | None = None
    submission: int | None = None


class ConceptOut(Schema):
    """A concept that a text names."""

    id: str
    kind: str
    label: str
    score: float
    words: str


class NeedOut(Schema):
    """A need as the caller may see it; `buyer` is empty where it is anonymous to them."""

    code: str
    exchange: str
    kind: str
    title: str
    status: str
    version: int
    edition: int
    buyer: str
    due: date | None
    confidentiality: str
    updated: datetime
    record: dict[str, Any]


class NeedList(Page):
    """A page of needs."""

    results: list[NeedOut]


class NeedIn(Strict):
    """A need as free text, in Arabic, French or English: it becomes a draft with the lines and requirements that were understood."""

    text: Said
    kind: Literal["subcontract", "supply", "partnership", "technology", "finance"] = "subcontract"


class VerdictOut(Schema):
    """One requirement against one offer."""

    requirement: str
    verdict: Literal["pass", "fail", "unknown"]
    text: str
    question: str = ""


class LinkOut(Schema):
    """An enterprise that can be considered for a line, and why."""

    enterprise: str
    name: str
    score: float
    share: float | None
    mandatory_failed: bool
    verdicts: list[VerdictOut]


class LineOut(Schema):
    """The links of one line, best first."""

    id: str
    text: str
    links: list[LinkOut]


class MatchesOut(Schema):
    """The matches of a need."""

    need: str
    version: int
    lines: list[LineOut]


class RfqOut(Schema):
    """A request for quotation."""

    code: str
    need: str
    need_version: int
    exchange: str
    status: str
    deadline: date
    currency: str
    incoterm: str
    created: datetime


class RfqList(Page):
    """A page of requests."""

    results: list[RfqOut]


class RfqIn(Strict):
    """A request on the released version of a need, to enterprises named by their codes."""

    version: int = Field(ge=1)
    enterprises: list[Short] = Field(min_length=1, max_length=200)
    deadline: date
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    incoterm: Annotated[str, StringConstraints(pattern=r"^([A-Z]{3})?$")] = ""
    message: Text = ""
    sealed: bool = True


class InvitationOut(Schema):
    """An invitation to quote."""

    id: int
    rfq: str
    enterprise: str
    status: str
    reason: str
    deadline: date


class InvitationList(Page):
    """A page of invitations."""

    results: list[InvitationOut]


class DeclineIn(Strict):
    """Why an invitation is declined."""

    reason: Literal["capacity", "process", "dates", "terms", "quantity", "other"]
    note: Text = ""


class PriceIn(Strict):
    """The price of one unit from a quantity on; lead time in days."""

    from_quantity: Decimal = Field(default=Decimal(0), ge=0, max_digits=15, decimal_places=3)
    unit_price: Decimal = Field(ge=0, max_digits=15, decimal_places=4)
    tooling: Decimal = Field(default=Decimal(0), ge=0, max_digits=15, decimal_places=3)
    lead_time: int = Field(ge=1, le=3650)
    note: Short = ""


class LineQuoteIn(Strict):
    """The prices of one line, or that it is not quoted for."""

    prices: list[PriceIn] = Field(default=[], max_length=20)
    left_out: bool = False


class QuoteIn(Strict):
    """A quote, whole."""

    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    incoterm: Annotated[str, StringConstraints(pattern=r"^([A-Z]{3})?$")] = ""
    valid_until: date
    note: Text = ""
    lines: dict[LineId, LineQuoteIn]


class QuoteOut(Schema):
    """A quote that was sent."""

    id: int
    invitation: int
    version: int
    status: str
    currency: str
    valid_until: date | None


class WebhookIn(Strict):
    """An address to be told of events."""

    url: Annotated[str, StringConstraints(max_length=500, pattern=r"^https?://[!-~]+$")]
    events: list[Literal[EVENTS]] = Field(min_length=1, max_length=50)  # type: ignore[valid-type]


class WebhookOut(Schema):
    """A webhook; its secret is given once, when it is made."""

    id: int
    url: str
    events: list[str]
    active: bool
    secret: str | None = None


class Release(Schema):
    """An OCDS 1.1 release package; see docs/api.md."""

    uri: str
    version: str
    publishedDate: str  # noqa: N815  # OCDS's own name
    publisher: dict[str, str]
    releases: list[dict[str, Any]]
