"""Editions of a forum: made, changed, opened, begun, closed. Not what belongs to one (parts.py), nor who takes part (participants.py)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from datetime import date
from zoneinfo import available_timezones

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tashbik.errors import InvalidError, NotPermittedError, StateError
from tashbik.exchange.actor import Actor
from tashbik.exchange.audit import verb
from tashbik.exchange.models import Edition, Exchange
from tashbik.exchange.participant_details import MESSAGES, MOST_MEETINGS, is_country
from tashbik.exchange.storing import expect_version

DRAFT, OPEN, RUNNING, CLOSED = Edition.Status.DRAFT, Edition.Status.OPEN, Edition.Status.RUNNING, Edition.Status.CLOSED
LONGEST_EDITION = 15
"""Days that an edition may take."""
TEXTS = {"name": 200, "theme": 400, "venue": 300}
"""Texts by language, with the most characters of each."""


@dataclass(frozen=True, slots=True)
class EditionSheet:
    """What an edition says of itself; texts by language."""

    code: str = ""
    name: dict[str, str] = field(default_factory=dict)
    theme: dict[str, str] = field(default_factory=dict)
    starts: date | None = None
    ends: date | None = None
    zone: str = "Africa/Algiers"
    venue: dict[str, str] = field(default_factory=dict)
    place: str = ""
    country: str = ""
    languages: tuple[str, ...] = ("ar", "fr", "en")
    wishes_until: date | None = None
    meeting_limit: int = 12


def sheet_of(edition: Edition) -> EditionSheet:
    """The sheet of an edition as it is."""
    values = {one.name: getattr(edition, one.name) for one in fields(EditionSheet)}
    return EditionSheet(**{**values, "languages": tuple(edition.languages)})


@verb("edition.create")
def create(*, actor: Actor, sheet: EditionSheet, exchange: Exchange | None = None) -> Edition:
    """A new edition in preparation. `exchange` only where the actor has none (the system). Raises InvalidError by field."""
    home = exchange if actor.system and exchange else Exchange.objects.filter(pk=actor.exchange_id or 0).first()
    if home is None:
        raise NotPermittedError(_("Your role does not allow this."))
    _check(sheet)
    if Edition.objects.filter(code=sheet.code).exists():
        raise InvalidError({"code": [_("Another edition has this code: choose another.")]}, _not_saved())
    edition = Edition(exchange=home)
    _write(edition, sheet)
    edition.save()
    return edition


@verb("edition.edit", on="edition")
def edit(*, actor: Actor, edition: Edition, sheet: EditionSheet, version: int) -> Edition:
    """Change what an edition says; its code stays once it was opened. Raises ConflictError, StateError once closed, InvalidError by field."""
    expect_version(edition, version)
    if edition.status == CLOSED:
        raise StateError(_("The edition is closed: nothing can be changed any more."))
    _check(sheet)
    if sheet.code != edition.code:
        _expect_code_may_change(edition, sheet.code)
    outside = edition.sessions.exclude(day__range=(sheet.starts, sheet.ends)).exists()
    if outside or edition.slots.exclude(day__range=(sheet.starts, sheet.ends)).exists():
        text = _("Sessions or meetings lie on days that would no longer be of the edition: move them first.")
        raise InvalidError({"starts": [text]}, text)
    _write(edition, sheet)
    edition.version += 1
    edition.save()
    return edition


def _expect_code_may_change(edition: Edition, code: str) -> None:
    if edition.status != DRAFT:
        raise InvalidError(
            {"code": [_("The edition has been opened: its code is in addresses that people have.")]}, _not_saved()
        )
    if Edition.objects.filter(code=code).exists():
        raise InvalidError({"code": [_("Another edition has this code: choose another.")]}, _not_saved())


def _not_saved() -> str:
    return _("The edition was not saved: some values need a correction. What you typed is kept.")


def _write(edition: Edition, sheet: EditionSheet) -> None:
    for one in fields(EditionSheet):
        setattr(edition, one.name, getattr(sheet, one.name))
    edition.languages = list(sheet.languages)
    for name in TEXTS:
        setattr(edition, name, {code: text.strip() for code, text in getattr(sheet, name).items() if text.strip()})


def _check(sheet: EditionSheet) -> None:
    errors: dict[str, list[str]] = {}
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{1,39}", sheet.code):
        errors["code"] = [_("Write 2 to 40 small Latin letters, digits and hyphens, like amf-6.")]
    if not any(text.strip() for text in sheet.name.values()):
        errors["name"] = [_("Write the name in at least one language.")]
    for name, most in TEXTS.items():
        if any(len(text) > most for text in getattr(sheet, name).values()):
            errors[name] = [_("Shorten this to %(limit)d characters.") % {"limit": most}]
    errors |= _of_dates(sheet)
    if sheet.zone not in available_timezones():
        errors["zone"] = [_("Choose a time zone of the list, like Africa/Algiers.")]
    if sheet.country and not is_country(sheet.country):
        errors["country"] = [_("Choose a country.")]
    if not sheet.languages or any(one not in MESSAGES for one in sheet.languages):
        errors["languages"] = [_("Choose at least one of Arabic, French and English.")]
    if not 1 <= sheet.meeting_limit <= MOST_MEETINGS:
        errors["meeting_limit"] = [
            _("Write a number from %(least)d to %(most)d.") % {"least": 1, "most": MOST_MEETINGS}
        ]
    if errors:
        raise InvalidError(errors, _not_saved())


def _of_dates(sheet: EditionSheet) -> dict[str, list[str]]:
    if sheet.starts is None or sheet.ends is None:
        missing = {"starts": sheet.starts, "ends": sheet.ends}
        return {name: [_("Give the day.")] for name, value in missing.items() if value is None}
    if sheet.ends < sheet.starts:
        return {"ends": [_("The last day must not lie before the first.")]}
    if (sheet.ends - sheet.starts).days >= LONGEST_EDITION:
        return {"ends": [_("An edition takes at most %(most)d days.") % {"most": LONGEST_EDITION}]}
    if sheet.wishes_until and sheet.wishes_until > sheet.ends:
        return {"wishes_until": [_("Wishes can be stated until the last day of the edition at the latest.")]}
    return {}


@verb("edition.open", on="edition")
def open_registration(*, actor: Actor, edition: Edition) -> Edition:
    """Open an edition in preparation for registration: from now on it is public. One under way or closed by mistake is opened again.

    Raises StateError where it is open already, or lacks venue or theme.
    """
    if edition.status == OPEN:
        raise StateError(_("The edition is open already."))
    lacking = [
        label
        for given, label in ((edition.theme, _("theme")), (edition.venue or edition.place, _("venue")))
        if not given
    ]
    if lacking:
        raise StateError(
            _("Before registration opens, say: %(fields)s.") % {"fields": pgettext("list", ", ").join(lacking)},
            mend=_("Complete the edition's facts, then open it."),
        )
    edition.status = OPEN
    edition.version += 1
    edition.save(update_fields=["status", "version"])
    return edition


@verb("edition.begin", on="edition")
def begin(*, actor: Actor, edition: Edition) -> Edition:
    """Say that an open edition is under way. Raises StateError unless it is open."""
    if edition.status != OPEN:
        raise StateError(_("Only an edition that is open can begin."))
    edition.status = RUNNING
    edition.version += 1
    edition.save(update_fields=["status", "version"])
    return edition


@verb("edition.close", on="edition")
def close(*, actor: Actor, edition: Edition) -> Edition:
    """Close an edition: everything stays readable, participants can still tell what came of meetings. Raises StateError unless open or under way."""
    if edition.status not in (OPEN, RUNNING):
        raise StateError(_("Only an edition that is open or under way can be closed."))
    edition.status = CLOSED
    edition.version += 1
    edition.save(update_fields=["status", "version"])
    return edition
