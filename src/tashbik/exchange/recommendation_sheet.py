"""What is typed of a recommendation: its wording and its task, checked. Not the acts on it (verbs/recommendations.py)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from tashbik.errors import InvalidError
from tashbik.exchange.evidence import LANGUAGES, Texts
from tashbik.exchange.models import Edition, EditionSession, Organisation, Recommendation
from tashbik.nomenclature.places import places

LONGEST_TEXT, LONGEST_NAME, LONGEST_UNIT = 2_000, 200, 40
LARGEST = Decimal("1e14")
Errors = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is measured (by language), in which unit, where it stands and where it is to stand."""

    words: Texts = field(default_factory=dict)
    unit: str = ""
    baseline: Decimal | None = None
    target: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Wording:
    """The text of a recommendation by language, and whom it is addressed to. `country` is ISO 3166-1; empty for all Arab countries."""

    text: Texts
    body: Texts
    sector: str
    topic: str
    country: str = ""
    session: EditionSession | None = None
    origin: Recommendation | None = None
    indicator: Indicator = field(default_factory=Indicator)


@dataclass(frozen=True, slots=True)
class Task:
    """Who is to do it and until when: an organisation of the exchange, or a body by name with an address and its language."""

    deadline: date | None
    organisation: Organisation | None = None
    name: str = ""
    email: str = ""
    language: str = "ar"
    indicator: Indicator = field(default_factory=Indicator)


def countries() -> list[str]:
    """The countries (ISO 3166-1) that a recommendation can be addressed to: those of the gazetteer."""
    return sorted(key for key, one in places().items() if one.kind == "country")


def check_wording(wording: Wording, edition: Edition) -> None:
    """Raises InvalidError with what cannot be taken, by field (`text_ar`, `body_ar`, `sector`, `session` …)."""
    errors: Errors = {}
    _texts(errors, "text", wording.text, LONGEST_TEXT, _("Write the recommendation in at least one language."))
    _texts(errors, "body", wording.body, LONGEST_NAME, _("Name the body that is to act, in at least one language."))
    if wording.sector not in Recommendation.Sector.values:
        errors["sector"] = [_("Choose whether it is addressed to government or to the private sector.")]
    if wording.topic not in Recommendation.Topic.values:
        errors["topic"] = [_("Choose a topic.")]
    if wording.country and wording.country not in countries():
        errors["country"] = [_("Choose a country of the list.")]
    if wording.session is not None and wording.session.edition_id != edition.pk:
        errors["session"] = [_("Choose a session of this edition.")]
    if wording.origin is not None and not is_earlier(wording.origin, edition):
        errors["origin"] = [_("Choose a recommendation of an earlier edition.")]
    _indicator(errors, wording.indicator)
    _raise(errors, _("The recommendation was not saved."))


def is_earlier(origin: Recommendation, edition: Edition) -> bool:
    """Whether a recommendation was adopted by an earlier edition of the same exchange."""
    before = origin.edition.exchange_id == edition.exchange_id and origin.edition.starts < edition.starts
    return before and origin.status in Recommendation.PUBLIC


def check_task(task: Task, recommendation: Recommendation, today: date) -> None:
    """Raises InvalidError by field (`organisation`, `name`, `email`, `deadline` …)."""
    errors: Errors = {}
    if task.organisation is not None:
        if task.organisation.exchange_id != recommendation.edition.exchange_id:
            errors["organisation"] = [_("Choose an organisation of your exchange.")]
    elif not task.name.strip():
        errors["name"] = [_("Choose an organisation, or write the name of the body that is to do it.")]
    else:
        _address(errors, task)
    if len(task.name) > LONGEST_NAME:
        errors["name"] = [_("Write at most %(count)d characters.") % {"count": LONGEST_NAME}]
    if task.deadline is None:
        errors["deadline"] = [_("Set a day until which it is to be done.")]
    elif task.deadline <= today:
        errors["deadline"] = [_("The deadline must lie in the future.")]
    _indicator(errors, task.indicator)
    _raise(errors, _("The recommendation was not assigned."))


def _address(errors: Errors, task: Task) -> None:
    try:
        validate_email(task.email)
    except ValidationError:
        errors["email"] = [_("Write the e-mail address of the contact there, like contact@ministry.example.")]
    if task.language not in LANGUAGES:
        errors["language"] = [_("Choose a language.")]


def _texts(errors: Errors, name: str, texts: Texts, longest: int, required: str) -> None:
    if not any(texts.get(one, "").strip() for one in LANGUAGES):
        errors[f"{name}_ar"] = [required]
    for one in LANGUAGES:
        if len(texts.get(one, "")) > longest:
            errors[f"{name}_{one}"] = [_("Write at most %(count)d characters.") % {"count": longest}]


def _indicator(errors: Errors, indicator: Indicator) -> None:
    for one in LANGUAGES:
        if len(indicator.words.get(one, "")) > LONGEST_NAME:
            errors[f"indicator_{one}"] = [_("Write at most %(count)d characters.") % {"count": LONGEST_NAME}]
    if len(indicator.unit) > LONGEST_UNIT:
        errors["unit"] = [_("Write at most %(count)d characters.") % {"count": LONGEST_UNIT}]
    for name in ("baseline", "target"):
        check_value(errors, name, getattr(indicator, name))
    if indicator.target is not None and not any(indicator.words.values()):
        errors["indicator_ar"] = [_("Say what the target measures.")]


def check_value(errors: Errors, name: str, value: Decimal | None) -> None:
    """Add what is wrong with a value of an indicator."""
    if value is not None and not (value.is_finite() and abs(value) < LARGEST):
        errors[name] = [_("Write a number, for example 12.5.")]


def _raise(errors: Errors, message: str) -> None:
    if errors:
        raise InvalidError(errors, message)


def stripped(texts: Texts) -> Texts:
    """The texts that say something, without the spaces around."""
    return {one: said for one in LANGUAGES if (said := " ".join(texts.get(one, "").split()))}


def write_wording(recommendation: Recommendation, wording: Wording) -> None:
    """Put a wording on a recommendation (not saved)."""
    recommendation.text, recommendation.body = stripped(wording.text), stripped(wording.body)
    recommendation.sector, recommendation.topic = wording.sector, wording.topic
    recommendation.country, recommendation.session = wording.country, wording.session
    recommendation.origin = wording.origin
    write_indicator(recommendation, wording.indicator)


def write_indicator(recommendation: Recommendation, indicator: Indicator) -> None:
    """Put an indicator on a recommendation (not saved)."""
    recommendation.indicator, recommendation.unit = stripped(indicator.words), indicator.unit.strip()
    recommendation.baseline, recommendation.target = indicator.baseline, indicator.target


def wording_of(recommendation: Recommendation) -> Wording:
    """The wording of a recommendation as it stands."""
    return Wording(
        text=recommendation.text,
        body=recommendation.body,
        sector=recommendation.sector,
        topic=recommendation.topic,
        country=recommendation.country,
        session=recommendation.session,
        origin=recommendation.origin,
        indicator=indicator_of(recommendation),
    )


def indicator_of(recommendation: Recommendation) -> Indicator:
    """The indicator of a recommendation as it stands."""
    return Indicator(recommendation.indicator, recommendation.unit, recommendation.baseline, recommendation.target)


def lacks(recommendation: Recommendation) -> list[str]:
    """Languages that text or addressee are missing in."""
    fields: tuple[dict[str, Any], ...] = (recommendation.text, recommendation.body)
    return [one for one in LANGUAGES if not all(texts.get(one) for texts in fields)]
