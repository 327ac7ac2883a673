"""The demonstration's need that no single enterprise can meet: a pump for irrigation in three parts, more of them than any foundry makes. Fictitious."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from tashbik.exchange.models import Exchange, Need, Organisation
from tashbik.exchange.projection import as_json
from tashbik.registry import records
from tashbik.registry.need_text import need_line

CODE = "N-80"
TITLE = "أجزاء مضخة ري: جسم ومحور وغطاء (توضيحي)"
LINES = (
    "صب الألمنيوم تحت الضغط العالي لأجسام مضخات، سبيكة AlSi9Cu3، الكمية 12,000 قطعة شهريا، المقاس 260×180×70 مم، التسليم في سطيف",
    "خراطة CNC لمحاور مضخات من الفولاذ المقاوم للصدأ، الكمية 12,000 قطعة شهريا، سماحية ±0.05 مم، التسليم في سطيف",
    "حقن البلاستيك لأغطية مضخات من البولي بروبيلين، الكمية 12,000 قطعة شهريا، المقاس 200×150×60 مم، التسليم في سطيف",
)
ANSWER_WITHIN = timedelta(days=60)


def load(exchange: Exchange) -> None:
    """Add the need, released."""
    buyer = Organisation.objects.filter(exchange=exchange, kind=Organisation.Kind.BUYER).order_by("pk").first()
    lines = tuple(need_line(str(number), text, country=exchange.country) for number, text in enumerate(LINES, 1))
    code = f"{exchange.code}-{CODE}"
    place = records.Place(country=exchange.country, locality="سطيف")
    Need.objects.create(
        exchange=exchange,
        buyer=buyer,
        code=code,
        title=TITLE,
        text="\n".join(LINES),
        language="ar",
        kind=Need.Kind.SUBCONTRACT,
        record=as_json(records.Need(id=code, lines=lines, place=place)),
        details={"lines": {line.id: {"confirmed": True, "price_breaks": []} for line in lines}},
        status=Need.Status.RELEASED,
        due=date.today() + ANSWER_WITHIN,
        released=timezone.now(),
        confidentiality=Need.Confidentiality.OPEN,
    )
