"""What is asked of a participant, checked field by field, and whose record of the register they come from. Not who decides on them (verbs)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.utils.translation import gettext as _

from tashbik.errors import InvalidError
from tashbik.exchange.models import Enterprise, Membership, Participant, User
from tashbik.language.analysis import fold
from tashbik.nomenclature.places import places

MESSAGES = ("ar", "fr", "en")
"""Languages that messages are written in."""
SPOKEN = ("ar", "fr", "en", "es", "it", "de", "tr", "zh", "ru", "pt")
"""Languages that a meeting may be held in; the first three are offered first."""
MOST_TEXT = 2_000
MOST_MEETINGS = 60
LONGEST = {"name": 160, "body": 200, "position": 160}


@dataclass(frozen=True, slots=True)
class Details:
    """What a participant says of themselves. `enterprise` is a code of the register; `unavailable` are numbers of slots."""

    name: str = ""
    body: str = ""
    position: str = ""
    email: str = ""
    category: str = ""
    country: str = ""
    language: str = "ar"
    languages: tuple[str, ...] = ()
    offers: str = ""
    seeks: str = ""
    meeting_limit: int | None = None
    unavailable: tuple[int, ...] = ()
    enterprise: str = ""


def details_of(participant: Participant) -> Details:
    """The details of a participant as they are."""
    values: dict[str, Any] = {one.name: getattr(participant, one.name) for one in fields(Details)}
    values["languages"], values["unavailable"] = tuple(participant.languages), tuple(participant.unavailable)
    values["enterprise"] = participant.enterprise.code if participant.enterprise else ""
    return Details(**values)


def check(details: Details, *, slots: int = 0) -> None:
    """Raises InvalidError that names every field that cannot be taken, and what is expected there."""
    found = dict(problems(details, slots=slots))
    if found:
        raise InvalidError(found, _("Nothing was saved yet: some values need a correction. What you typed is kept."))


def problems(details: Details, *, slots: int = 0) -> Iterable[tuple[str, list[str]]]:
    """Fields with what is wrong in them."""
    if not details.name.strip():
        yield "name", [_("Write the participant's name.")]
    for field, most in LONGEST.items():
        if len(getattr(details, field)) > most:
            yield field, [_("Shorten this to %(limit)d characters.") % {"limit": most}]
    if details.email and not _is_email(details.email):
        yield "email", [_("Write an e-mail address like name@example.org.")]
    if details.category not in Participant.Category.values:
        yield "category", [_("Choose one of the categories.")]
    if not is_country(details.country):
        yield "country", [_("Choose a country.")]
    if details.language not in MESSAGES:
        yield "language", [_("Choose Arabic, French or English.")]
    if any(one not in SPOKEN for one in details.languages):
        yield "languages", [_("Choose languages from the list.")]
    for field in ("offers", "seeks"):
        if len(getattr(details, field)) > MOST_TEXT:
            yield field, [_("Shorten this to %(limit)d characters.") % {"limit": MOST_TEXT}]
    if details.meeting_limit is not None and not 0 <= details.meeting_limit <= MOST_MEETINGS:
        yield "meeting_limit", [_("Write a number from 0 to %(most)d.") % {"most": MOST_MEETINGS}]
    if any(not 1 <= one <= slots for one in details.unavailable):
        yield "unavailable", [_("Choose times that the programme of meetings has.")]


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def is_country(code: str) -> bool:
    """Whether it is a country's code of two letters."""
    from babel import Locale

    known = places().get(code)
    return (known is not None and known.kind == "country") or (len(code) == 2 and code in Locale("en").territories)


def apply(participant: Participant, details: Details) -> None:
    """Put details on a participant (not saved); the enterprise is looked up by `linked`."""
    for one in fields(Details):
        if one.name not in ("enterprise", "languages", "unavailable"):
            setattr(participant, one.name, getattr(details, one.name))
    participant.name, participant.email = details.name.strip(), details.email.strip().lower()
    participant.languages, participant.unavailable = list(details.languages), sorted(set(details.unavailable))


def linked(participants: Iterable[tuple[Participant, Details]], *, by_name: bool = True) -> None:
    """Tie participants to the enterprise that their code or the name of their body says, and to the user of a verified address.

    A body is taken for an enterprise only where exactly one published enterprise of its country bears that very name, and only with `by_name`:
    what an organiser enters is believed, what people say of themselves follows from their membership.
    """
    pairs = list(participants)
    by_code = _by_code({one.enterprise for _row, one in pairs if one.enterprise})
    named = _by_name(
        {(fold(one.body), one.country, one.body) for _row, one in pairs if by_name and one.body and not one.enterprise}
    )
    users = _users({one.email.strip().lower() for _row, one in pairs if one.email})
    for row, details in pairs:
        if details.enterprise:
            row.enterprise = by_code.get(details.enterprise)
        elif row.enterprise_id is None:
            row.enterprise = named.get((fold(details.body), details.country))
        row.user = row.user or users.get(row.email)
        if row.user is not None:
            _from_membership(row)


def _by_code(codes: set[str]) -> dict[str, Enterprise]:
    return {one.code: one for one in Enterprise.objects.filter(code__in=codes).defer("record")} if codes else {}


def _by_name(wanted: set[tuple[str, str, str]]) -> dict[tuple[str, str], Enterprise]:
    """Published enterprises whose name in any language is the one wanted, by folded name and country, where just one bears it there."""
    if not wanted:
        return {}
    named = {name for _folded, _country, name in wanted}
    bears = Q(sort_name__in={folded for folded, _country, _name in wanted})
    bears |= Q(name_ar__in=named) | Q(name_fr__in=named) | Q(name_en__in=named)
    countries = {country for _folded, country, _name in wanted}
    rows = Enterprise.objects.filter(bears, status=Enterprise.Status.PUBLISHED, country__in=countries).defer("record")
    found: dict[tuple[str, str], dict[int, Enterprise]] = {}
    for one in rows:
        for name in (one.name_ar, one.name_fr, one.name_en):
            found.setdefault((fold(name), one.country), {})[one.pk] = one
    return {key: next(iter(bearers.values())) for key, bearers in found.items() if len(bearers) == 1}


def _users(addresses: set[str]) -> dict[str, User]:
    """Users by an address of theirs that is verified."""
    from allauth.account.models import EmailAddress

    known = EmailAddress.objects.filter(email__in=addresses, verified=True).select_related("user")
    return {one.email.lower(): one.user for one in known}


def _from_membership(row: Participant) -> None:
    """The enterprise or organisation of the user's own membership, where nothing else was said."""
    if row.enterprise_id or row.organisation_id:
        return
    mine = Membership.objects.filter(user=row.user).exclude(enterprise=None, organisation=None)
    first = mine.select_related("enterprise", "organisation").first()
    if first is not None:
        row.enterprise, row.organisation = first.enterprise, first.organisation
