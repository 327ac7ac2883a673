"""Pairs in the reader's words: fields side by side, reasons with their weight, what hangs on a record. Not the pages (views.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tashbik.exchange.differences import plain
from tashbik.exchange.merging import BOTH, Field, fields, stated
from tashbik.exchange.models import IdentityPair
from tashbik.exchange.pairing import in_words
from tashbik.exchange.queries.identity import BANDS, Pair, Side
from tashbik.registry import records
from tashbik.web import reading
from tashbik.web.editing import labels
from tashbik.web.register import showing as register

BAND_WORDS: dict[str, Any] = {
    "sure": _("almost certainly one enterprise"),
    "likely": _("probably one enterprise"),
    "open": _("open: it may be one or two"),
    "unlikely": _("probably two enterprises"),
}
WEIGHTS: tuple[tuple[float, Any, Any], ...] = (
    (3.0, _("speaks strongly for one enterprise"), _("speaks strongly for two")),
    (1.0, _("speaks for one enterprise"), _("speaks for two")),
    (0.25, _("speaks a little for one enterprise"), _("speaks a little for two")),
)
"""From which weight (nats) on, for and against."""
LITTLE = _("says little")
PROVENANCE = _("Source and date")
HIDDEN_FIELDS = {"contacts": "contacts", "machines": "machines", "certificates": "certificates", "exports": "exports",
                 "references": "references", "finance_need": "finance", "employees": "figures", "turnover": "figures"}  # fmt: skip
"""The group that each field is hidden with (visibility.GROUPS)."""


class Row(NamedTuple):
    """A field side by side. `state`: agrees, differs, first or second (only that one states it)."""

    key: str
    label: str
    first: tuple[str, ...]
    second: tuple[str, ...]
    state: str
    hidden_first: bool
    hidden_second: bool


class Reason(NamedTuple):
    """A reason in words; `kind` is that of its mark: pass for one, fail for two, unknown for what says little."""

    label: str
    text: str
    first: str
    second: str
    weight: str
    kind: str


class Option(NamedTuple):
    """A field to be chosen: its key for the form, both values, whether both can be kept, and what is chosen."""

    key: str
    label: str
    first: tuple[str, ...]
    second: tuple[str, ...]
    both: bool
    chosen: str


def band_of(probability: float) -> str:
    """The range that a probability is in."""
    return next((name for name, (low, high) in BANDS.items() if low <= probability < high), "unlikely")


def verdict(pair: IdentityPair) -> str:
    """A pair's probability in words."""
    return str(BAND_WORDS[band_of(pair.probability)])


def share(pair: IdentityPair) -> float:
    """The probability as it is shown: no model is surer than 99 in 100."""
    return min(max(pair.probability, 0.01), 0.99)


def label_of(key: str) -> str:
    """The name of a field by its key."""
    if key == "provenance":
        return str(PROVENANCE)
    if key == "place":
        return str(labels.FIELDS["place.locality"])
    if key == "capabilities":
        return str(labels.SECTIONS["capabilities"])
    return labels.label_of(tuple(key.split("/")))


def value_of(key: str, value: Any) -> tuple[str, ...]:
    """A value in words, item by item."""
    if not stated(value):
        return ()
    if isinstance(value, records.Place):
        return tuple(one for one in (register.place(value), value.address) if one)
    if isinstance(value, records.Provenance):
        return tuple(one for one in (value.source, reading.day(value.as_of), value.locator) if one)
    if key == "capabilities":
        return tuple(labels.capability_name(plain(one)) for one in value)
    return labels.shown(tuple(key.split("/")), plain(value))


def rows(pair: Pair) -> list[Row]:
    """All that the two records say, side by side."""
    found = fields(pair.first.record, pair.second.record)
    known = {one.key for one in found}
    return [_row(one, pair) for one in found] + [
        Row(key, label_of(key), (), (), "", *_hidden(key, pair))
        for key in HIDDEN_FIELDS
        if key not in known and any(_hidden(key, pair))
    ]


def _row(one: Field, pair: Pair) -> Row:
    hidden = _hidden(one.key, pair)
    state = "agrees" if one.agrees else one.side or "differs"
    return Row(
        one.key,
        label_of(one.key),
        value_of(one.key, one.first),
        value_of(one.key, one.second),
        "" if any(hidden) else state,
        *hidden,
    )


def _hidden(key: str, pair: Pair) -> tuple[bool, bool]:
    group = HIDDEN_FIELDS.get(key)
    return group in pair.first.hidden, group in pair.second.hidden


def reasons(pair: Pair) -> list[dict[str, Any]]:
    """Why the pair has its probability, the weightiest first; those that say little apart."""
    found = [_reason(one) for one in pair.reasons]
    groups = (
        {"little": little, "rows": [one for one in found if (one.kind == "unknown") == little]}
        for little in (False, True)
    )
    return [one for one in groups if one["rows"]]


def _reason(one: Mapping[str, Any]) -> Reason:
    label, text = in_words(dict(one), reading.language())
    weight = float(one["weight"])
    words, kind = str(LITTLE), "unknown"
    for bound, speaks_for, against in WEIGHTS:
        if abs(weight) >= bound:
            words, kind = (str(speaks_for), "pass") if weight > 0 else (str(against), "fail")
            break
    return Reason(label, text, _said(one, "first"), _said(one, "second"), words, kind)


def _said(one: Mapping[str, Any], side: str) -> str:
    """What a side says, where that is words a reader knows; normalised keys are left out, the table below has them in full."""
    said = str(one[side])
    if one["field"] in ("name", "contact", "identifiers", "aside"):
        return said
    return reading.place(said) if one["field"] in ("country", "place") and said else ""


def main_reason(pair: IdentityPair) -> str:
    """The weightiest reason for one enterprise, in words, for the queue."""
    best = next((one for one in pair.reasons if one["weight"] > 0), None)
    return in_words(best, reading.language())[1] if best else ""


def options(pair: Pair, chosen: Mapping[str, str], survivor: str) -> list[Option]:
    """The fields that are to be chosen, with what is chosen now."""
    return [
        Option(
            one.key,
            label_of(one.key),
            value_of(one.key, one.first),
            value_of(one.key, one.second),
            BOTH in one.options,
            chosen[one.key] if chosen.get(one.key) in one.options else one.default(survivor),
        )
        for one in fields(pair.first.record, pair.second.record)
        if one.differs
    ]


def taken(pair: Pair) -> list[Row]:
    """The fields that one record alone states."""
    return [_row(one, pair) for one in fields(pair.first.record, pair.second.record) if one.side]


def outcome(record: records.Enterprise) -> list[tuple[str, tuple[str, ...]]]:
    """A merged record, field by field."""
    empty = records.Enterprise(id="", names={})
    found = [(label_of(one.key), value_of(one.key, one.first)) for one in fields(record, empty)]
    if record.aliases:
        found.insert(len(record.names), (str(labels.FIELDS["aliases"]), record.aliases))
    return found


def links(side: Side) -> list[str]:
    """What hangs on a record, in words; kinds that have no words of their own are counted together."""
    found, others = [], 0
    for kind, count in side.links.items():
        words = _counted(kind, count)
        if words:
            found.append(words)
        else:
            others += count
    if others:
        found.append(ngettext("%(count)d other link", "%(count)d other links", others) % {"count": others})
    return found


def _counted(kind: str, count: int) -> str:
    texts = {
        "membership": ngettext("%(count)d person who acts for it", "%(count)d people who act for it", count),
        "invitation": ngettext("%(count)d invitation to quote", "%(count)d invitations to quote", count),
        "question": ngettext("%(count)d question on a need", "%(count)d questions on needs", count),
        "matchoverride": ngettext("%(count)d officer's note on a match", "%(count)d officer's notes on matches", count),
        "attachment": ngettext("%(count)d document", "%(count)d documents", count),
        "participant": ngettext("%(count)d forum participant", "%(count)d forum participants", count),
        "declaredtie": ngettext("%(count)d declared business tie", "%(count)d declared business ties", count),
        "clustermember": ngettext("%(count)d place in a cluster", "%(count)d places in clusters", count),
        "groupmember": ngettext("%(count)d place in a group", "%(count)d places in groups", count),
    }
    return texts[kind] % {"count": count} if kind in texts else ""


def state_words(pair: IdentityPair) -> str:
    """Where a pair stands."""
    return gettext("Put before you again: a record changed since it was decided.") if pair.earlier else ""
