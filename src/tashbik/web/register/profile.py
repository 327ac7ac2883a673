"""An enterprise's profile in the reader's words, section by section. Not who may see it (exchange.queries.register_profile)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tashbik.exchange.queries.register_map import coordinates
from tashbik.exchange.queries.register_profile import Profile
from tashbik.exchange.visibility import GROUPS, level_of
from tashbik.nomenclature import tables
from tashbik.nomenclature.classifications import isic
from tashbik.nomenclature.grades import SYSTEMS, grades
from tashbik.nomenclature.places import places
from tashbik.registry import records
from tashbik.registry.layout import field_labels
from tashbik.web import reading
from tashbik.web.charts.map import Dot, drawn, frame_around
from tashbik.web.editing import labels
from tashbik.web.register import showing
from tashbik.web.register.questions import QUESTIONS, WHY

Fact = dict[str, Any]
ALSO_KNOWN = 3
"""Designations of a grade in other standards that are shown beside it."""


SMALL_MAP = 260.0
"""Width of the map beside the profile."""


def fact(label: Any, value: str, detail: str = "") -> Fact:
    """A line of a summary list."""
    return {"label": label, "value": value, "detail": detail}


def listed(parts: Iterable[str]) -> str:
    """Names and codes one after the other, without a word between them that might run into one."""
    return " · ".join(parts)


def given(facts: Iterable[Fact]) -> list[Fact]:
    """The facts that are stated."""
    return [one for one in facts if one["value"]]


def names(one: Profile) -> list[dict[str, str]]:
    """Its names by language, the reader's left out, for it is the title."""
    mine = one.enterprise.name(reading.language())
    return [
        {
            "language": "" if language == "und" else language,
            "label": str(labels.LANGUAGES.get(language, language)),
            "text": text,
        }
        for language, text in one.record.names.items()
        if text and text != mine
    ]


def identity(one: Profile, digits: str) -> list[Fact]:
    """Place, form, size, numbers, activities."""
    record = one.record
    written = [f"{number.scheme} {number.value}" for number in record.identifiers]
    place = showing.place(record.place)
    people = reading.number(record.employees, digits) if record.employees is not None else ""
    year = {"year": record.employees_year}
    size = "" if "figures" in one.hidden or not one.enterprise.size else one.enterprise.get_size_display()
    return given(
        [
            fact(_("Place"), place, record.place.address),
            fact(labels.FIELDS["aliases"], listed(record.aliases)),
            fact(labels.FIELDS["legal_form"], record.legal_form),
            fact(labels.FIELDS["founded"], str(record.founded or "")),
            fact(_("Size"), str(size)),
            fact(labels.FIELDS["employees"], people, _("in %(year)s") % year if record.employees_year else ""),
            fact(labels.FIELDS["turnover"], record.turnover, str(record.turnover_year or "")),
            fact(labels.FIELDS["identifiers"], listed(written)),
            fact(
                labels.FIELDS["languages"],
                reading.listed([labels.spoken(code) for code in record.languages]),
            ),
            fact(labels.FIELDS["finance_need"], record.finance_need),
        ]
    )


def activities(record: records.Enterprise) -> list[dict[str, str]]:
    """ISIC codes with their titles."""
    language = reading.language()
    return [
        {"code": code, "label": isic()[code].label(language) if code in isic() else ""} for code in record.activities
    ]


def capability(one: records.Capability, as_of: date | None, digits: str) -> dict[str, Any]:
    """A capability: own words by language, what was understood, its limits, its capacity with dates."""
    known = [concept for concept in one.concepts if concept in tables.concepts()]
    return {
        "words": [
            {"language": "" if code == "und" else code, "text": text} for code, text in one.words.items() if text
        ],
        "kind": labels.KINDS.get(one.kind, one.kind),
        "core": one.core,
        "concepts": [
            {"id": concept, "label": reading.concept(concept)}
            for concept in sorted(
                known,
                key=lambda concept: (
                    _KINDS.index(concept.partition(".")[0]) if concept.partition(".")[0] in _KINDS else 9
                ),
            )
        ],
        "facts": given(_limits(one, digits) + _capacity(one, as_of, digits) + _attributes(one)),
    }


_KINDS = ("process", "product", "substance", "material", "machine")


def _limits(one: records.Capability, digits: str) -> list[Fact]:
    field = labels.OF_CAPABILITY
    number = reading.number
    return [
        fact(field["materials"], listed(one.materials)),
        fact(field["grades"], listed(map(grade, one.grades))),
        fact(field["envelope_min"], showing.envelope(one.envelope_min, digits)),
        fact(field["envelope_max"], showing.envelope(one.envelope_max, digits)),
        fact(field["weight_min"], number(one.weight_min, digits)),
        fact(field["weight_max"], number(one.weight_max, digits)),
        fact(field["tolerance"], number(one.tolerance, digits)),
        fact(field["tolerance_class"], one.tolerance_class),
        fact(field["finish"], one.finish),
        fact(field["batch_min"], number(one.batch_min, digits)),
        fact(field["batch_max"], number(one.batch_max, digits)),
        fact(field["minimum_order"], number(one.minimum_order, digits)),
    ]


def _capacity(one: records.Capability, as_of: date | None, digits: str) -> list[Fact]:
    field = labels.OF_CAPABILITY
    return [
        fact(field["capacity"], showing.rate(one.capacity, digits), dated(as_of, digits) if one.capacity else ""),
        fact(
            field["spare"],
            showing.rate(one.spare, digits),
            dated(one.spare_as_of or as_of, digits) if one.spare else "",
        ),
        fact(field["lead_time"], reading.number(one.lead_time, digits)),
        fact(field["price_hint"], one.price_hint),
    ]


def _attributes(one: records.Capability) -> list[Fact]:
    named = field_labels()
    return [fact(named.get(name, {}).get(reading.language(), name), value) for name, value in one.attributes.items()]


def dated(value: date | None, digits: str) -> str:
    """A date with its age."""
    if value is None:
        return ""
    return _("as of %(date)s, %(age)s") % {
        "date": reading.day(value, digits),
        "age": reading.shaped(reading.age(value), digits),
    }


def grade(code: str) -> str:
    """A grade by its first designation, with those of other standards."""
    known = grades().get(code)
    if known is None:
        return code.upper()
    others = [known.designations[system][0] for system in SYSTEMS if system in known.designations]
    others = [one for one in others if one != known.label()][:ALSO_KNOWN]
    return f"{known.label()} ({', '.join(others)})" if others else known.label()


def machine(one: records.Machine, digits: str) -> dict[str, Any]:
    """A machine: own words or what it is, and its figures."""
    language, text = showing.in_words(one.words)
    named = [reading.concept(concept) for concept in one.concepts if concept in tables.concepts()]
    figures = [
        reading.shaped(f"× {one.quantity}", digits) if one.quantity != 1 else "",
        " ".join(part for part in (one.make, one.model) if part),
        str(one.year or ""),
        showing.envelope(one.envelope, digits),
        _("%(count)s axes") % {"count": one.axes} if one.axes else "",
        _("%(force)s kN") % {"force": reading.number(round(one.force), digits)} if one.force else "",
        one.condition,
    ]
    return {
        "language": language,
        "text": text or reading.listed(named),
        "concepts": [] if not text else [one for one in named if one.casefold() not in text.casefold()],
        "figures": [part for part in figures if part],
    }


def certificate(one: records.Certificate, today: date) -> dict[str, Any]:
    """A certificate, and whether it has run out."""
    label = reading.concept(one.scheme) if one.scheme else ""
    return {
        "name": one.words or label,
        "label": label if one.words and label.casefold() != one.words.casefold() else "",
        "scope": one.scope,
        "issuer": one.issuer,
        "expiry": one.expiry,
        "expired": one.expiry is not None and one.expiry < today,
        "evidence": one.evidence,
    }


def exports(record: records.Enterprise) -> list[dict[str, str]]:
    """Exports with country and year."""
    return [
        {
            "product": one.product,
            "country": reading.place(one.country) if one.country else "",
            "year": str(one.year or ""),
        }
        for one in record.exports
    ]


def sites(record: records.Enterprise) -> list[dict[str, str]]:
    """Other sites."""
    return [{"place": showing.place(one), "address": one.address} for one in record.sites]


def picture(one: Profile) -> dict[str, Any] | None:
    """The map of place and sites within their countries; None where no coordinates are known."""
    found = [
        (site, where) for site in (one.record.place, *one.record.sites) if (where := coordinates(site)) is not None
    ]
    if not found:
        return None
    mine = [showing.place(site) for site, _where in found]
    count = len(found)
    title = mine[0] if count == 1 else ngettext("%(count)d place", "%(count)d places", count) % {"count": count}
    countries = [places()[site.country] for site, _where in found if site.country in places()]
    frame = frame_around(
        [*(where for _site, where in found), *((land.latitude, land.longitude) for land in countries)], SMALL_MAP
    )
    dots = [Dot(*where, 1, name) for name, (_site, where) in zip(mine, found, strict=True)]
    exact = all(site.latitude is not None for site, _where in found)
    return {"finding": title, "picture": drawn(frame, dots, language=reading.language(), title=title), "exact": exact}


def hidden(one: Profile, full: records.Enterprise) -> dict[str, dict[str, str]]:
    """For each group that the reader does not see: its name, and who does."""
    said = {
        "members": _("shown to who has a role at an exchange"),
        "exchange": _("shown to the officers of its exchange only"),
    }
    return {
        group: {"label": str(labels.GROUPS[group]), "who": said.get(level_of(full, group), said["exchange"])}
        for group in GROUPS
        if group in one.hidden
    }


def missing(one: Profile) -> list[dict[str, Any]]:
    """The questions not yet answered, the most useful first, with what each answer adds and where it is given."""
    return [
        {
            "text": QUESTIONS[name][0],
            "why": WHY[name],
            "section": QUESTIONS[name][1],
            "worth": worth,
            "next": name == one.question,
        }
        for name, worth in sorted(one.missing, key=lambda pair: (pair[0] != one.question, -pair[1]))
    ]
