"""What identity is judged on: a record's names, identifiers, place and contacts, normalised. Not the judging (comparison.py)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import msgspec

from tashbik.language import arabic
from tashbik.language.analysis import fold, fold_latin
from tashbik.nomenclature.places import lookup
from tashbik.registry.identity.countries_in_names import country_of
from tashbik.registry.identity.generic_words import trades
from tashbik.registry.identity.naming import Name, folded_words, shared_set, take_apart, word_of
from tashbik.registry.records import Enterprise

_DIGITS = re.compile(r"\d+")
_NUMBERED = re.compile(r"[^0-9a-z\u0621-\u064a]+")
_HOST = re.compile(r"^(?:[a-z]+://)?(?:www\d?\.)?([^/:?#\s]+)")
_STREET_WORDS = frozenset(
    "rue avenue av boulevard bd bvd route rte street st road rd n no num numero lot lotissement bp zone zi z i zac industrielle"
    " industrial box po p o b building immeuble cite algerie شارع طريق نهج رقم ص ب منطقه صناعيه حي".split()
)
_FREE_MAIL = frozenset(
    "gmail.com yahoo.com yahoo.fr hotmail.com hotmail.fr outlook.com outlook.fr live.com live.fr icloud.com aol.com msn.com"
    " ymail.com mail.com gmx.com protonmail.com orange.fr wanadoo.fr free.fr laposte.net".split()
)
"""Mail providers open to all: an address there tells a person, its domain tells nothing."""
_NOTHING: frozenset[str] = frozenset()
"""The one empty set of all records that leave a field out."""
PHONE_DIGITS = 8
"""Last digits of a telephone number that are compared, so that +213 21…, 0 21… and (021) … meet."""


class Particulars(msgspec.Struct, frozen=True, kw_only=True):
    """A record as identity sees it, all text as written. `identifiers` are (scheme, value); `names` in any script."""

    id: str
    names: tuple[str, ...]
    country: str = ""
    locality: str = ""
    address: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    website: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()
    products: tuple[str, ...] = ()
    source: str = ""


class Profile(msgspec.Struct, frozen=True):
    """A record made comparable, normalised once. `country` is the ISO code of its field, `named` those
    that its names say; `town` a key of the place; `street` the telling words of the address; `wares`
    meanings or rough stems of the words of products; `trades` that names or products say; `numbers` identifiers by scheme."""

    id: str
    names: tuple[Name, ...]
    country: str
    named: frozenset[str]
    town: str
    street: frozenset[str]
    phones: frozenset[str]
    mailboxes: frozenset[str]
    domains: frozenset[str]
    numbers: tuple[tuple[str, frozenset[str]], ...]
    wares: frozenset[str]
    trades: frozenset[str]


def profile_of(record: Particulars) -> Profile:
    """Normalise a record. Pure."""
    town_words = (
        frozenset(word_of(one).heard for one in folded_words(record.locality)) - {""} if record.locality else _NOTHING
    )
    names = tuple(take_apart(name, town_words) for name in dict.fromkeys(record.names) if name.strip())
    mailboxes = frozenset(one.strip().casefold() for one in record.emails if "@" in one) or _NOTHING
    wares = shared_set(_ware(word) for one in record.products for word in folded_words(one) if len(word) >= 4)
    return Profile(
        id=record.id,
        names=names,
        country=country_of(record.country),
        named=shared_set(code for name in names for code in name.countries),
        town=place_key(record.locality),
        street=frozenset(folded_words(record.address)) - _STREET_WORDS if record.address else _NOTHING,
        phones=frozenset(key for one in record.phones for key in _telephones(one)) or _NOTHING,
        mailboxes=mailboxes,
        domains=_domains(mailboxes, record.website),
        numbers=_numbers(record.identifiers),
        wares=wares,
        trades=shared_set((*(mark for name in names for mark in name.trades), *(wares & trades()))),
    )


@lru_cache(maxsize=100_000)
def _ware(folded: str) -> str:
    """What stands for a word of a product: its meaning where it is a generic one in any language, else its beginning."""
    word = word_of(folded)
    return word.mark or word.folded[:6]


def _domains(mailboxes: frozenset[str], website: str) -> frozenset[str]:
    hosts = {one.rsplit("@", 1)[1] for one in mailboxes}
    if website and (found := _HOST.match(website.strip().casefold())):
        hosts.add(found.group(1))
    return (frozenset(host for host in hosts if "." in host) - _FREE_MAIL) or _NOTHING


def _numbers(identifiers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, frozenset[str]], ...]:
    found: dict[str, set[str]] = {}
    for scheme, value in identifiers:
        if key := _NUMBERED.sub("", fold(value)):
            found.setdefault(scheme.strip().casefold() or _shape(key), set()).add(key)
    return tuple((scheme, frozenset(values)) for scheme, values in sorted(found.items()))


def _shape(key: str) -> str:
    """What stands for a scheme that was not written: the number's length and which of its places are letters."""
    return "".join("9" if char.isdigit() else "A" for char in key)


def _telephones(written: str) -> Iterable[str]:
    for part in re.split(r"[/;,|\n]| - ", arabic.normalise_digits(written)):
        digits = "".join(_DIGITS.findall(part))
        if len(digits) >= PHONE_DIGITS:
            yield digits[-PHONE_DIGITS:]


@lru_cache(maxsize=50_000)
def place_key(written: str) -> str:
    """A key of a place's name: the gazetteer's id where it knows the place in any language, else the folded words."""
    if not written.strip():
        return ""
    known = lookup(written)
    if known is not None and known.kind != "country":
        return known.id
    words = fold_latin(arabic.normalise(written)).split()
    return " ".join(word[2:] if word.startswith("ال") and len(word) > 4 else word for word in words)


def of_enterprise(record: Enterprise) -> Particulars:
    """What a record of the register says of its identity."""
    place = record.place
    return Particulars(
        id=record.id,
        names=tuple(dict.fromkeys([*record.names.values(), *record.aliases])),
        country=place.country,
        locality=place.locality or place.region,
        address=place.address,
        phones=tuple(one.phone for one in record.contacts if one.phone),
        emails=tuple(one.email for one in record.contacts if one.email),
        website=record.website,
        identifiers=tuple((one.scheme, one.value) for one in record.identifiers),
        products=tuple(text for one in record.capabilities for text in one.words.values()),
        source=record.provenance.source,
    )
