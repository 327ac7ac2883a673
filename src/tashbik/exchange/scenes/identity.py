"""Duplicates for the demonstration: some of its enterprises once more, as other registers write them. Fictitious; not the demonstration register itself."""

from __future__ import annotations

from datetime import date

from tashbik.exchange.models import Enterprise, Exchange
from tashbik.exchange.projection import record_of
from tashbik.exchange.storing import new_row, store_many
from tashbik.exchange.verbs.identity import find_now
from tashbik.registry import records
from tashbik.registry.understanding import understand

CHAMBER, FAIR, CUSTOMS = (
    "سجل الغرفة التجارية (توضيحي)",
    "Annuaire du salon de la sous-traitance (fictif)",
    "Exporters' list (fictitious)",
)
TWINS: tuple[tuple[str, str, dict[str, str], str, str, str], ...] = (
    ("dz:TSB-0001", "D-101", {"fr": "Fonderie El Hidhab SARL"}, FAIR, "Fonderie d'aluminium", "+213 36 00 01 01"),
    ("dz:TSB-0002", "D-102", {"ar": "شركة بلاستيك التل"}, CHAMBER, "منتجات بلاستيكية", "+213 25 00 01 02"),
    ("dz:TSB-0002", "D-103", {"fr": "Tell Plastiques SARL"}, FAIR, "Pièces plastiques", "025 00 01 02"),
    ("dz:TSB-0003", "D-104", {"fr": "SPA Soummam Décolletage"}, FAIR, "Décolletage de précision", "+213 34 00 01 03"),
    ("dz:TSB-0108", "D-105", {"ar": "بلاستيمول متيجة"}, CHAMBER, "حقن البلاستيك", "+213 25 00 01 04"),
    ("dz:TSB-0011", "D-106", {"ar": "تمور الواحة", "en": "Oasis Dates"}, CUSTOMS, "Packing of dates", "+213 33 00 01 05"),
    ("dz:TSB-0022", "D-107", {"fr": "Menuiserie l'Olivier EURL"}, FAIR, "Menuiserie", "+213 26 00 01 06"),
    ("tn:TSB-0005", "D-108", {"ar": "مسبك الساحل"}, CHAMBER, "سباكة الحديد", "+216 73 00 01 07"),
    ("eg:TSB-0006", "D-109", {"en": "Cedar Diecasting S.A.E."}, CUSTOMS, "Castings", "+20 2 0000 0108"),
)  # fmt: skip
"""The enterprise that each repeats, its own number, names, source, words and telephone. The last two stand in another exchange's register too."""


def load(exchange: Exchange) -> None:
    """Enter the second records and have the pairs found at once: the register is small."""
    codes = [one[0] for one in TWINS]
    known = {one.code: record_of(one) for one in Enterprise.objects.filter(code__in=codes)}
    twins = [_twin(known[one[0]], *one[1:]) for one in TWINS if one[0] in known]
    store_many([(new_row(exchange, one), one) for one in twins], ())
    find_now()


def _twin(
    of: records.Enterprise, local: str, names: dict[str, str], source: str, words: str, phone: str
) -> records.Enterprise:
    language = {CHAMBER: "ar", CUSTOMS: "en"}.get(source, "fr")
    return understand(
        records.Enterprise(
            id=local,
            names=names,
            place=records.Place(country=of.place.country, region=of.place.region),
            contacts=(records.Contact(phone=phone),),
            capabilities=(records.Capability(id="1", words={language: words}),),
            provenance=records.Provenance(source=source, as_of=date(2026, 6, 30)),
        )
    )
