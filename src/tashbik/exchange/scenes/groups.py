"""The demonstration's need that no single enterprise can meet: an irrigation pump in three parts, more of them than any one makes; quotes for it. Fictitious."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from tashbik.exchange.models import Enterprise, Exchange, Invitation, Need, Organisation, Quote, QuoteLine, Rfq
from tashbik.exchange.projection import as_json
from tashbik.registry import records
from tashbik.registry.need_text import need_line

CODE = "N-80"
TITLE = "أجزاء مضخة ري: جسم ومحور وغطاء (توضيحي)"
LINES = (
    "صب الألمنيوم تحت الضغط العالي لأجسام مضخات، سبيكة AlSi9Cu3، الكمية 12,000 قطعة شهريًّا، المقاس 260×180×70 مم، التسليم في سطيف",
    "خراطة CNC لمحاور مضخات من الفولاذ المقاوم للصدأ، الكمية 12,000 قطعة شهريًّا، سماحية ±0.05 مم، التسليم في سطيف",
    "حقن البلاستيك لأغطية مضخات من البولي بروبيلين، الكمية 12,000 قطعة شهريًّا، المقاس 200×150×60 مم، التسليم في سطيف",
)
ANSWER_WITHIN = timedelta(days=60)
QUOTES: tuple[tuple[str, str, str, int], ...] = (
    ("TSB-0001", "1", "412", 30),
    ("TSB-0101", "1", "438", 35),
    ("TSB-0003", "2", "186", 20),
    ("TSB-0172", "2", "179", 25),
    ("TSB-0401", "3", "64.5", 21),
    ("TSB-0403", "3", "71", 14),
)
"""Enterprise, line, price of a piece in dinars, lead time in days: each quotes for the one line that it can make."""
VALID = timedelta(days=90)


def load(exchange: Exchange) -> None:
    """Add the need, released, and a request for quotation that is closed: no quote covers it all."""
    lines = tuple(need_line(str(number), text, country=exchange.country) for number, text in enumerate(LINES, 1))
    code = f"{exchange.code}-{CODE}"
    need = Need.objects.create(
        exchange=exchange,
        buyer=Organisation.objects.filter(exchange=exchange, kind=Organisation.Kind.BUYER).order_by("pk").first(),
        code=code,
        title=TITLE,
        text="\n".join(LINES),
        language="ar",
        kind=Need.Kind.SUBCONTRACT,
        record=as_json(records.Need(id=code, lines=lines)),
        details={"lines": {line.id: {"confirmed": True, "price_breaks": []} for line in lines}},
        status=Need.Status.RELEASED,
        due=date.today() + ANSWER_WITHIN,
        released=timezone.now(),
        confidentiality=Need.Confidentiality.OPEN,
    )
    _quotes(exchange, need)


def _quotes(exchange: Exchange, need: Need) -> None:
    rfq = Rfq.objects.create(
        exchange=exchange,
        need=need,
        need_version=need.version,
        code=f"{need.code}-R1",
        status=Rfq.Status.CLOSED,
        deadline=date.today() - timedelta(days=1),
        currency=exchange.currency,
        record=need.record,
        details={"lines": need.details["lines"]},
        closed=timezone.now(),
    )
    for local, line, price, days in QUOTES:
        enterprise = Enterprise.objects.get(code=f"{exchange.code}:{local}")
        _quote(rfq, enterprise, line, Decimal(price), days)


def _quote(rfq: Rfq, enterprise: Enterprise, line: str, price: Decimal, days: int) -> None:
    now = timezone.now()
    invitation = Invitation.objects.create(
        rfq=rfq, enterprise=enterprise, status=Invitation.Status.QUOTED, seen=now, answered=now
    )
    quote = Quote.objects.create(
        invitation=invitation,
        status=Quote.Status.SUBMITTED,
        currency=rfq.currency,
        valid_until=date.today() + VALID,
        not_quoted=[one["id"] for one in rfq.record["lines"] if one["id"] != line],
        submitted=now,
    )
    QuoteLine.objects.create(quote=quote, line=line, unit="piece", unit_price=price, lead_time=days)
