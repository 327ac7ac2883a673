"""Evidence of a recommendation frozen and removed. Not the sources (exchange/evidence_sources.py)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from tashbik.errors import ConflictError, InvalidError, StateError
from tashbik.exchange import evidence as tables
from tashbik.exchange.actor import Actor
from tashbik.exchange.audit import changed, verb
from tashbik.exchange.evidence import LANGUAGES, Parameters, Table, Texts
from tashbik.exchange.models import Evidence, Recommendation
from tashbik.exchange.recommendation_sheet import LONGEST_NAME, stripped
from tashbik.exchange.verbs.recommendations import expect, today

Status = Recommendation.Status
MOST = 12
"""Pieces of evidence of one recommendation: more is an archive, no argument."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A table from a file (CSV), with what it shows, where it comes from, and the day of its data."""

    content: bytes
    title: Texts
    origin: Texts
    as_of: date | None


@verb("evidence.freeze", on="recommendation")
def freeze(
    *,
    actor: Actor,
    recommendation: Recommendation,
    source: str = "",
    parameters: Parameters | None = None,
    seen: str = "",
    upload: Upload | None = None,
) -> Evidence:
    """Freeze the table of a source as it is now, or one that is uploaded. `seen` is the digest of the table that the actor looked at.

    Raises ConflictError where the figures have changed since, StateError for an ended recommendation or a source with nothing to
    show, InvalidError for an upload (`file`, `title_ar`, `origin_ar`, `as_of`).
    """
    expect(
        recommendation,
        *(Status.DRAFTED, *Recommendation.OPEN),
        text=_("The recommendation has ended: evidence is no longer added."),
    )
    if recommendation.evidence.count() >= MOST:
        raise StateError(_("A recommendation rests on at most %(count)d pieces of evidence.") % {"count": MOST})
    narrowed = parameters or Parameters()
    table = _uploaded(upload) if upload else tables.table_of(recommendation.edition.exchange, source, narrowed)
    stored = tables.frozen(table)
    digest = tables.digest_of(stored)
    if seen and seen != digest:
        raise ConflictError(
            _("The figures have changed since you looked at them. Nothing was frozen."),
            mend=_("Look at the table as it is now, then freeze it."),
        )
    frozen = Evidence.objects.create(
        recommendation=recommendation,
        source=tables.UPLOAD if upload else source,
        parameters=narrowed.as_json(),
        table=stored,
        digest=digest,
        as_of=table.as_of,
        frozen=today(),
        by=actor.user,
    )
    changed(frozen)
    return frozen


def _uploaded(upload: Upload) -> Table:
    title, origin = stripped(upload.title), stripped(upload.origin)
    errors: dict[str, list[str]] = {}
    for name, texts, text in (
        ("title", title, _("Say what the table shows.")),
        ("origin", origin, _("Say where the figures come from.")),
    ):
        if not texts:
            errors[f"{name}_ar"] = [text]
        for one in LANGUAGES:
            if len(texts.get(one, "")) > LONGEST_NAME:
                errors[f"{name}_{one}"] = [_("Write at most %(count)d characters.") % {"count": LONGEST_NAME}]
    if upload.as_of is None or upload.as_of > today():
        errors["as_of"] = [_("Give the day of the figures; it cannot lie in the future.")]
    if errors or upload.as_of is None:
        raise InvalidError(errors, _("The table was not taken."))
    return tables.uploaded(upload.content, title=title, origin=origin, as_of=upload.as_of)


@verb("evidence.remove", on="evidence")
def remove(*, actor: Actor, evidence: Evidence) -> Evidence:
    """Take evidence off a draft. What a recommendation was adopted with, or reported with, stays. Raises StateError."""
    expect(
        evidence.recommendation,
        Status.DRAFTED,
        text=_("The recommendation is decided: what it rests on stays with it."),
    )
    evidence.delete()
    return evidence


def is_whole(evidence: Evidence) -> bool:
    """Whether the frozen table is still the one that was frozen."""
    return tables.digest_of(evidence.table) == evidence.digest
