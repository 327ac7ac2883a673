"""What a free text of an offer or a need states: concepts, grades, sizes, rates, certificates, dates, places. Not who must meet it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from tashbik.language.dates import FoundDate, find_dates
from tashbik.language.quantities import Quantity, find_quantities, fold_aligned
from tashbik.language.scripts import detect
from tashbik.language.units import convert, units
from tashbik.nomenclature.classifications import hs_chapter
from tashbik.nomenclature.classify import Classified, classify
from tashbik.nomenclature.coherence import coherent
from tashbik.nomenclature.grades import FoundGrade, find_grades
from tashbik.nomenclature.parts import with_parts
from tashbik.nomenclature.places import FoundPlace, find_places
from tashbik.registry.counting import bare_counts, packs_counted, with_periods

_SPARE = re.compile(
    r"شاغر|متاح|متوفر|فايض|غير مستغل|spare|available|unused|idle|free capacity|disponible|libre|vacant|inutilise"
)
_CAPACITY = re.compile(r"طاق|انتاج|capacit|production|output|cadence")
_MINIMUM = re.compile(r"minimum|\bmini?\b|\bmoq\b|au moins|a partir de|at least|ادنى|ادني|اقل كميه|لا يقل|لا تقل|from")
_WEIGHT = re.compile(r"poids|masse|weigh|mass\b|وزن|كتله|\blourd|unitaire")
_PRESS = re.compile(r"مكبس|مكابس|press|كبس|forge|marteau|injection|حقن|hydraul")
_LEAD = re.compile(
    r"delai|lead time|deliver\w* in\b|livr\w* (?:en|dans|sous)\b|مده|اجال|اجل |خلال|غضون|sous\b|within|delivery time|turnaround|fournis|تسليم في|تسليم خلال"
)
_DUE = re.compile(
    r"avant|before|\bby\b|قبل|au plus tard|d'ici|no later|موعد اقصا|until|jusqu|deadline|date limite|لغايه|اجل اقصا"
)
_BEFORE = re.compile(r"avant|before|قبل")
_END = re.compile(r"\bfin\b|end of|نهايه|اخر|اواخر")
_LOT = re.compile(r"lots?\b|serie|batch|دفعه|دفعات|سلسله|runs?\b")
_TOLERANCE_CLASS = re.compile(
    r"\biso\s*2768\s*[-–]?\s*[fmcv][hkl]?\b|\b[dg]ctg\s?\d{1,2}\b|\biso\s*8062[^,;.]{0,12}?\bdctg?\s*\d{1,2}\b|\bit\s?\d{1,2}\b|\bct\s?\d{1,2}\b|\b[a-hjkmnps][5-9]\b(?=.{0,3}(?:/|$|[ ,;]))",
    re.IGNORECASE,
)
_NOMINAL = re.compile(r"(?<!\w)(?P<sign>dn|pn)\s?(?P<value>\d{1,4})(?!\d)")
"""Designations of pipework by ISO 6708 and ISO 7268: nominal diameter in mm, nominal pressure in bar."""
_DELIVERY = re.compile(r"livr|deliver|تسليم|توصيل|rendu|franco|destination|cif|ddp|dap|توريد")
_PIECES = re.compile(r"piece|قطع|مسبوك|مطروق|castings|forgings|parts|moules")
_WIRE = re.compile(r"سلك|اسلاك|\bfils?\b|wire|cable|cordon")
_LENGTH = re.compile(r"^\W*(?:و?(?:ال)?طول|longueur|longueurs|long|length|lg)\b.{0,12}$")
_QUARTER_MONTHS = 3
_YEAR = range(1900, 2101)


@dataclass(frozen=True, slots=True)
class StatedRate:
    """A rate with its role: `capacity`, `spare`, `quantity`, `minimum`, `batch`."""

    role: str
    value: float
    unit: str
    period: str
    words: str
    low: float | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a text states. Lengths in mm, weights in kg, forces in kN, lead time in days.

    `nominal` is the largest nominal diameter (DN) in mm; `counts` are numbers before a word with neither unit nor period
    (`200 axes`), which a buyer may mean as a quantity.
    """

    text: str
    language: str
    concepts: tuple[Classified, ...] = ()
    grades: tuple[FoundGrade, ...] = ()
    sides: tuple[float, ...] = ()
    sides_words: str = ""
    tolerance: float | None = None
    tolerance_class: str = ""
    tolerance_words: str = ""
    rates: tuple[StatedRate, ...] = ()
    weight: float | None = None
    weight_low: float | None = None
    force: float | None = None
    lead_time: float | None = None
    due: date | None = None
    as_of: date | None = None
    places: tuple[FoundPlace, ...] = field(default=())
    hs: tuple[str, ...] = ()
    nominal: float | None = None
    nominal_words: str = ""
    counts: tuple[StatedRate, ...] = ()

    def of_kind(self, kind: str) -> tuple[Classified, ...]:
        """Concepts of one kind, best first."""
        return tuple(found for found in self.concepts if found.concept.startswith(kind + "."))

    def rate(self, *roles: str) -> StatedRate | None:
        """The first rate with one of the roles, in the order of the roles."""
        return next((rate for role in roles for rate in self.rates if rate.role == role), None)


@lru_cache(maxsize=20_000)
def read_facts(text: str, language: str = "", country: str = "") -> Facts:
    """Read everything that a text states. Cached, for registers repeat themselves; never raises on odd text."""
    chosen = language or detect(text).language
    folded = fold_aligned(text)
    dates, headings = find_dates(text), _tariff_headings(folded)
    taken = [(found.start, found.end) for found in dates] + [(start, end) for _, start, end in headings]
    designations = _designations(folded)
    grades, quantities = _told_apart(
        [one for one in find_grades(text) if not _meets(one.start, one.end, designations)],
        [one for one in find_quantities(text) if not _meets(one.start, one.end, taken + designations)],
    )
    quantities = with_periods(folded, packs_counted(folded, quantities))
    sides, sides_words = _sides(text, folded, quantities)
    tolerance, tolerance_words = _tolerance(text, folded, quantities)
    rates = tuple(rate for quantity in quantities if (rate := _rate(text, folded, quantity)))
    due, as_of = _dates(folded, dates)
    weight = _weight(folded, quantities)
    concepts = with_parts(coherent(classify(text, language=chosen)), text, folded)
    nominal, nominal_words = _nominal(text, folded)
    return Facts(
        text=text,
        language=chosen,
        concepts=tuple(concepts),
        grades=tuple(grades),
        sides=sides,
        sides_words=sides_words,
        tolerance=tolerance,
        tolerance_class=_tolerance_class(text),
        tolerance_words=tolerance_words or _tolerance_class(text),
        rates=rates,
        weight=weight.value if weight else None,
        weight_low=weight.low if weight else None,
        force=_force(folded, quantities),
        lead_time=_lead_time(folded, quantities),
        due=due,
        as_of=as_of,
        hs=tuple(found[0] for found in headings),
        nominal=nominal,
        nominal_words=nominal_words,
        counts=tuple(
            StatedRate("quantity", one.value, "piece", "", text[one.start : one.end])
            for one in bare_counts(folded, quantities)
        ),
        places=tuple(found for found in find_places(text, country) if not _within_term(found, concepts)),
    )


def _meets(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    return any(start < last and first < end for first, last in spans)


def _designations(folded: str) -> list[tuple[int, int]]:
    """Where numbers stand that are neither quantities nor grades: in tolerance classes, nominal diameters and pressures."""
    return [match.span() for pattern in (_TOLERANCE_CLASS, _NOMINAL) for match in pattern.finditer(folded)]


def _nominal(text: str, folded: str) -> tuple[float | None, str]:
    """The largest nominal diameter that a text names, in mm."""
    found = [match for match in _NOMINAL.finditer(folded) if match["sign"] == "dn"]
    largest = max(found, key=lambda match: int(match["value"]), default=None)
    return (float(largest["value"]), text[largest.start() : largest.end()]) if largest else (None, "")


def _within_term(place: FoundPlace, concepts: list[Classified]) -> bool:
    """Whether a place's name is only a part of a thing's name (صابون حلب)."""
    return any(
        one.start <= place.start and place.end <= one.end and one.end - one.start > place.end - place.start
        for one in concepts
    )


def _told_apart(grades: list[FoundGrade], quantities: list[Quantity]) -> tuple[list[FoundGrade], list[Quantity]]:
    """Where a grade and a quantity claim the same digits: `1200 mm` is a length, `1.2738` and `316L` are grades."""
    lengths = [one for one in quantities if one.unit and units()[one.unit].dimension == "length"]
    kept = [grade for grade in grades if not (grade.words.isdigit() and any(_overlap(grade, one) for one in lengths))]
    return kept, [one for one in quantities if not any(_overlap(grade, one) for grade in kept)]


_TARIFF = re.compile(
    r"(?:\b(?:hs|sh|ndp|hts|tarif douanier|position tarifaire|hs code|code hs)\b|النظام المنسق|التعريفه الجمركيه|الرمز المنسق|البند الجمركي)"
    r"\s*(?:code|n°|رقم)?\s*[:.]?\s*(?P<code>\d{4}(?:[. ]?\d{2}){0,3})(?!\d)"
)


def _tariff_headings(folded: str) -> list[tuple[str, int, int]]:
    """Codes of the Harmonized System that a text names as such, without their dots, with offsets."""
    found = [(re.sub(r"\D", "", match["code"]), match.start(), match.end()) for match in _TARIFF.finditer(folded)]
    return [one for one in found if hs_chapter(one[0])]


def _overlap(grade: FoundGrade, quantity: Quantity) -> bool:
    return grade.start < quantity.end and quantity.start < grade.end


def _around(folded: str, quantity: Quantity, before: int = 28, after: int = 14) -> tuple[str, str]:
    """The words before and after a quantity, not crossing a clause mark."""
    head = re.split(r"[,;.()،؛\n]", folded[max(0, quantity.start - before) : quantity.start])[-1]
    tail = re.split(r"[,;()،؛\n]", folded[quantity.end : quantity.end + after])[0]
    return head, tail


def _sides(text: str, folded: str, quantities: list[Quantity]) -> tuple[tuple[float, ...], str]:
    """Sides of a part in mm: `340×220×90`, a diameter twice (`Ø 60 × 1200`), a diameter with the length that follows it."""
    lengths = [one for one in quantities if units()[one.unit or "mm"].dimension == "length" and one.sign != "±"]
    for place, quantity in enumerate(lengths):
        sides = [convert(value, quantity.unit or "mm", "mm") or 0.0 for value in quantity.values[:3]]
        last = quantity
        if quantity.sign == "Ø":
            if _WIRE.search(_around(folded, quantity)[0]):
                continue
            sides = [sides[0], *sides]
            along = lengths[place + 1] if place + 1 < len(lengths) else None
            if len(sides) == 2 and along and along.unit and _LENGTH.search(folded[quantity.end : along.start]):
                sides.append(convert(along.value, along.unit, "mm") or 0.0)
                last = along
        if len(sides) >= 2:
            return tuple(sorted(sides, reverse=True)[:3]), text[quantity.start : last.end]
    return (), ""


def _tolerance(text: str, folded: str, quantities: list[Quantity]) -> tuple[float | None, str]:
    for quantity in quantities:
        head, _ = _around(folded, quantity)
        named = re.search(r"toleranc|تفاوت|سماح|دقه", head) is not None
        if quantity.sign != "±" and not (named and quantity.unit in ("mm", "um", "")):
            continue
        value = convert(quantity.value, quantity.unit or "mm", "mm")
        if value is not None and value < 20:
            return value, text[quantity.start : quantity.end]
    return None, ""


def _tolerance_class(text: str) -> str:
    match = _TOLERANCE_CLASS.search(text)
    return " ".join(match.group().split()) if match else ""


def _rate(text: str, folded: str, quantity: Quantity) -> StatedRate | None:
    """A count, mass, volume, area or length with a period or a role word; None for sizes, forces and bare numbers."""
    head, tail = _around(folded, quantity)
    if len(quantity.values) > 1 or quantity.sign in ("±", "Ø"):
        return None
    dimension = units()[quantity.unit].dimension if quantity.unit else ""
    period = quantity.per if quantity.per in ("day", "week", "month", "quarter", "year") else ""
    role = _role(head, tail, period)
    if role == "quantity" and not period and dimension != "count" and not _is_bulk(quantity, dimension, head):
        return None
    if dimension in ("time", "force", "power", "pressure", "temperature", "ratio", "voltage", "activity"):
        return None
    if not quantity.unit and not period and role != "spare":
        return None
    if dimension == "length" and not period:
        return None
    if quantity.value in _YEAR and not quantity.unit and not period:
        return None
    value, period = (quantity.value / _QUARTER_MONTHS, "month") if period == "quarter" else (quantity.value, period)
    words = text[quantity.start : quantity.end].strip()
    return StatedRate(role, value, quantity.unit, period, words, None if period else quantity.low)


def _is_bulk(quantity: Quantity, dimension: str, head: str) -> bool:
    """Whether a mass, volume or area without a period is goods asked for, not a part's weight, a press or a strength."""
    if dimension not in ("mass", "volume", "area") or quantity.per:
        return False
    return not (_WEIGHT.search(head) or _PRESS.search(head))


def _role(head: str, tail: str, period: str) -> str:
    if _SPARE.search(tail) or _SPARE.search(head):
        return "spare"
    if _MINIMUM.search(head):
        return "minimum"
    if _LOT.search(head) or _LOT.search(tail):
        return "batch"
    if _CAPACITY.search(head) or (_CAPACITY.search(tail) and period):
        return "capacity"
    return "quantity"


def _weight(folded: str, quantities: list[Quantity]) -> Quantity | None:
    """Weight of a part in kg: after a word for weight, or of pieces `from 5 to 400 kg`."""
    for quantity in quantities:
        head, _ = _around(folded, quantity)
        of_pieces = quantity.low is not None and _PIECES.search(head)
        factor = convert(1.0, quantity.unit, "kg") if quantity.unit else None
        if factor and not quantity.per and (_WEIGHT.search(head) or of_pieces):
            low = None if quantity.low is None else quantity.low * factor
            return quantity._replace(values=(quantity.value * factor,), unit="kg", low=low)
    return None


def _force(folded: str, quantities: list[Quantity]) -> float | None:
    """Closing or pressing force in kN; presses are named by tonnes-force (1 t = 9.80665 kN)."""
    forces = []
    for quantity in quantities:
        head, _ = _around(folded, quantity)
        if quantity.unit == "kn":
            forces.append(quantity.value)
        elif quantity.unit == "t" and not quantity.per and _PRESS.search(head):
            forces.append(quantity.value * 9.80665)
    return max(forces, default=None)


def _lead_time(folded: str, quantities: list[Quantity]) -> float | None:
    for quantity in quantities:
        head, _ = _around(folded, quantity)
        if quantity.unit in ("day", "week", "month") and _LEAD.search(head):
            return convert(quantity.values[-1], quantity.unit, "day")
    return None


def _dates(folded: str, dates: list[FoundDate]) -> tuple[date | None, date | None]:
    due: date | None = None
    as_of: date | None = None
    for found in dates:
        head = folded[max(0, found.start - 22) : found.start]
        if _DUE.search(head):
            before_month = _BEFORE.search(head) and not found.exact and not _END.search(head)
            due = found.last.replace(day=1) - timedelta(days=1) if before_month else found.last
        elif _DELIVERY.search(head):
            due = found.last
        elif as_of is None:
            as_of = found.last
    return due, as_of
