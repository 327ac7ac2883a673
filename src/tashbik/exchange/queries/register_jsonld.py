"""An enterprise as linked data in the terms of schema.org. Not who may see what of it: give a record without what is hidden (visibility.py).

Classes and properties: https://schema.org/Organization, /LocalBusiness, /Offer, /Service, /Product, /EducationalOccupationalCredential.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tashbik.nomenclature import tables
from tashbik.nomenclature.grades import grades
from tashbik.nomenclature.places import places
from tashbik.registry import records

CONTEXT = "https://schema.org"
Node = dict[str, Any]


def organisation(record: records.Enterprise, *, url: str) -> Node:
    """A record as a JSON-LD node whose `@id` is the address of its profile. What is not stated is left out.

    Texts keep their languages; concepts are named in all three.
    """
    located = bool(record.place.locality or record.place.address)
    node = {
        "@context": CONTEXT,
        "@type": "LocalBusiness" if located else "Organization",
        "@id": url,
        "url": record.website or url,
        "name": _texts(record.names),
        "alternateName": list(record.aliases),
        "description": _texts(record.description),
        "identifier": [
            _identifier("tashbik", record.id),
            *(_identifier(one.scheme, one.value) for one in record.identifiers),
        ],
        "foundingDate": str(record.founded) if record.founded else None,
        "numberOfEmployees": _count(record.employees),
        "isicV4": list(record.activities),
        "knowsLanguage": list(record.languages),
        "address": _address(record.place),
        "geo": _geo(record.place) if located else None,
        "location": [_place(one) for one in (*(() if located else (record.place,)), *record.sites)],
        "contactPoint": [_contact(one) for one in record.contacts],
        "areaServed": _countries(one.country for one in record.exports),
        "makesOffer": [_offer(one) for one in record.capabilities if one.kind != "training"],
        "hasCredential": [_credential(one) for one in record.certificates],
        "subjectOf": _source(record.provenance),
    }
    return _without_nothing(node)


def _without_nothing(node: Mapping[str, Any]) -> Node:
    """A node without empty values, and without nodes that say nothing but their class."""
    kept: Node = {}
    for key, value in node.items():
        if isinstance(value, Mapping):
            value = _without_nothing(value)
            value = value if set(value) - {"@type"} else None
        elif isinstance(value, list):
            cleaned = [_without_nothing(one) if isinstance(one, Mapping) else one for one in value]
            value = [one for one in cleaned if not isinstance(one, Mapping) or set(one) - {"@type"}]
        if value not in (None, "", [], {}):
            kept[key] = value
    return kept


def _texts(words: records.Words) -> list[Node]:
    return [
        {"@value": text} if language == "und" else {"@value": text, "@language": language}
        for language, text in words.items()
        if text
    ]


def _named(concept: str) -> list[Node]:
    return [{"@value": tables.concepts()[concept].label(one), "@language": one} for one in tables.LANGUAGES]


def _identifier(scheme: str, value: str) -> Node:
    return {"@type": "PropertyValue", "propertyID": scheme, "value": value}


def _count(value: float | None, unit: str = "") -> Node | None:
    return None if value is None else {"@type": "QuantitativeValue", "value": value, "unitText": unit}


def _address(place: records.Place) -> Node:
    region = places().get(place.region)
    return {
        "@type": "PostalAddress",
        "streetAddress": place.address,
        "addressLocality": place.locality,
        "addressRegion": region.label("en") if region else place.region,
        "addressCountry": place.country,
    }


def _geo(place: records.Place) -> Node:
    return {"@type": "GeoCoordinates", "latitude": place.latitude, "longitude": place.longitude}


def _place(place: records.Place) -> Node:
    return {"@type": "Place", "address": _address(place), "geo": _geo(place)}


def _contact(one: records.Contact) -> Node:
    return {
        "@type": "ContactPoint",
        "contactType": one.role,
        "name": one.name,
        "email": one.email,
        "telephone": one.phone,
    }


def _countries(codes: Iterable[str]) -> list[Node]:
    return [{"@type": "Country", "identifier": code} for code in dict.fromkeys(codes) if code]


_ITEM = {"product": "Product", "trade": "Product"}


def _offer(one: records.Capability) -> Node:
    known = [concept for concept in one.concepts if concept in tables.concepts()]
    main = next((concept for concept in known if concept.startswith(("process.", "product."))), "")
    material = list(
        dict.fromkeys([*one.materials, *(grades()[grade].label() for grade in one.grades if grade in grades())])
    )
    kind = _ITEM.get(one.kind, "Service")
    item: Node = {
        "@type": kind,
        "name": _named(main) if main else _texts(one.words),
        "description": _texts(one.words),
        "category": known,
    }
    if kind == "Product":
        item |= {"material": material, "additionalProperty": _properties(one)}
    return {
        "@type": "Offer",
        "itemOffered": item,
        "eligibleQuantity": {"@type": "QuantitativeValue", "minValue": one.minimum_order},
        "deliveryLeadTime": _days(one.lead_time),
    }


def _properties(one: records.Capability) -> list[Node]:
    return [{"@type": "PropertyValue", "name": name, "value": value} for name, value in one.attributes.items() if value]


def _days(value: float | None) -> Node | None:
    return None if value is None else {"@type": "QuantitativeValue", "value": value, "unitCode": "DAY"}


def _credential(one: records.Certificate) -> Node:
    scheme = one.scheme if one.scheme in tables.concepts() else ""
    return {
        "@type": "EducationalOccupationalCredential",
        "credentialCategory": "certification",
        "name": one.words or (_named(scheme) if scheme else ""),
        "about": one.scope,
        "recognizedBy": {"@type": "Organization", "name": one.issuer},
        "expires": one.expiry.isoformat() if one.expiry else None,
    }


def _source(provenance: records.Provenance) -> Node:
    return {
        "@type": "CreativeWork",
        "name": provenance.source,
        "dateModified": provenance.as_of.isoformat() if provenance.as_of else None,
    }
