"""What belongs to an edition, added, changed, removed: bodies, rooms, tracks, sessions, papers, quotas, interpreters. Not its meetings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from tashbik.errors import InvalidError, StateError
from tashbik.exchange.actor import Actor
from tashbik.exchange.audit import changed, verb
from tashbik.exchange.models import (
    Edition,
    EditionBody,
    EditionSession,
    Interpreter,
    Paper,
    Quota,
    Room,
    Track,
)
from tashbik.exchange.participant_details import SPOKEN, is_country

Part = EditionBody | Room | Track | EditionSession | Paper | Quota | Interpreter
KINDS: dict[str, tuple[type[Part], tuple[str, ...]]] = {
    "body": (EditionBody, ("part", "name", "order")),
    "room": (Room, ("name", "capacity")),
    "track": (Track, ("title", "order")),
    "session": (EditionSession, ("kind", "title", "day", "starts", "ends", "room", "track", "chair")),
    "paper": (Paper, ("session", "title", "abstract", "speaker_names", "order")),
    "quota": (Quota, ("category", "country", "most")),
    "interpreter": (Interpreter, ("name", "languages", "unavailable")),
}
"""Kinds of parts with their model and the values that are stated of each; papers take `speakers` (participants) besides."""
LONGEST_TEXT = 300


def kind_of(part: Part) -> str:
    """The kind of a part."""
    return next(kind for kind, (model, _fields) in KINDS.items() if isinstance(part, model))


@verb("part.add", on="edition")
def add(*, actor: Actor, edition: Edition, kind: str, values: Mapping[str, Any]) -> Part:
    """Add a part. Raises KeyError for a kind or value that is not known, InvalidError by field, StateError once the edition is closed."""
    model, known = KINDS[kind]
    part = model(edition=edition)
    _write(part, known, values)
    changed(part)
    return part


@verb("part.change", on="part")
def change(*, actor: Actor, part: Part, values: Mapping[str, Any]) -> Part:
    """Change values of a part; those not given stay. Raises as `add`."""
    _write(part, KINDS[kind_of(part)][1], values)
    return part


@verb("part.remove", on="part")
def remove(*, actor: Actor, part: Part) -> None:
    """Remove a part. Raises StateError once the edition is closed, or where published meetings need the interpreter."""
    _expect_not_closed(part.edition)
    if isinstance(part, Interpreter) and part.meetings.filter(status="planned").exists():
        raise StateError(_("This interpreter is needed in published meetings: plan again without them first."))
    part.delete()


def _expect_not_closed(edition: Edition) -> None:
    if edition.status == Edition.Status.CLOSED:
        raise StateError(_("The edition is closed: nothing can be changed any more."))


def _write(part: Part, known: tuple[str, ...], values: Mapping[str, Any]) -> None:
    _expect_not_closed(part.edition)
    speakers = values.get("speakers")
    for name, value in values.items():
        if name == "speakers":
            continue
        if name not in known:
            raise KeyError(f"{type(part).__name__} takes no {name}")
        setattr(part, name, _clean_texts(value) if isinstance(value, dict) else value)
    _check(part)
    part.save()
    if isinstance(part, Paper) and speakers is not None:
        part.speakers.set([one for one in speakers if one.edition_id == part.edition_id])


def _clean_texts(texts: dict[str, str]) -> dict[str, str]:
    return {code: text.strip() for code, text in texts.items() if text.strip()}


def _check(part: Part) -> None:
    errors: dict[str, list[str]] = {}
    try:
        part.full_clean(exclude=["edition"])
    except ValidationError as error:
        errors = {("" if name == "__all__" else name): list(texts) for name, texts in error.message_dict.items()}
    for name in ("name", "title"):
        texts = getattr(part, name, None)
        if isinstance(texts, dict):
            errors.pop(name, None)
            if not texts:
                errors[name] = [_("Write it in at least one language.")]
            elif any(len(text) > LONGEST_TEXT for text in texts.values()):
                errors[name] = [_("Shorten this to %(limit)d characters.") % {"limit": LONGEST_TEXT}]
    for name in ("room", "track", "session"):
        other = getattr(part, name, None) if name != "session" or isinstance(part, Paper) else None
        if other is not None and other.edition_id != part.edition_id:
            errors[name] = [_("Choose one of this edition.")]
    if not errors:
        errors = _of_kind(part)
    if errors:
        raise InvalidError(errors, _("Nothing was saved: some values need a correction. What you typed is kept."))


def _of_kind(part: Part) -> dict[str, list[str]]:
    """What only one kind of part must keep to."""
    if isinstance(part, EditionSession):
        return _of_session(part)
    if isinstance(part, Quota):
        return _of_quota(part)
    if isinstance(part, Interpreter):
        return _of_interpreter(part)
    return {}


def _of_session(session: EditionSession) -> dict[str, list[str]]:
    edition = session.edition
    if not edition.starts <= session.day <= edition.ends:
        return {"day": [_("Choose a day of the edition.")]}
    if session.ends <= session.starts:
        return {"ends": [_("A session must end after it begins.")]}
    same_time = Q(day=session.day, starts__lt=session.ends, ends__gt=session.starts)
    clash = (
        edition.sessions.filter(same_time, room=session.room).exclude(pk=session.pk).first() if session.room else None
    )
    if clash is not None:
        text = _("The room is taken at that time by “%(session)s”: choose another room or time.")
        return {"room": [text % {"session": str(clash)}]}
    return {}


def _of_quota(quota: Quota) -> dict[str, list[str]]:
    if quota.country and not is_country(quota.country):
        return {"country": [_("Choose a country.")]}
    twin = quota.edition.quotas.filter(category=quota.category, country=quota.country).exclude(pk=quota.pk)
    if twin.exists():
        return {"category": [_("There is a quota for this category and country already: change that one.")]}
    return {}


def _of_interpreter(interpreter: Interpreter) -> dict[str, list[str]]:
    if len(set(interpreter.languages)) < 2 or any(one not in SPOKEN for one in interpreter.languages):
        return {"languages": [_("Choose at least two languages.")]}
    slots = interpreter.edition.slots.count()
    if any(not 1 <= one <= slots for one in interpreter.unavailable):
        return {"unavailable": [_("Choose times that the programme of meetings has.")]}
    return {}
