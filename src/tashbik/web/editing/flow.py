"""From a form to a saved record and back: drafts, editions, what others changed meanwhile. Not the forms (forms.py) nor the verbs.

A draft keeps what was typed with the edition of the record that the form was made of. When it is sent, that record is found again in the history;
what was typed is a change of *it*, and is merged field by field into the record as it is then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from django.forms import BaseFormSet
from django.http import QueryDict

from tashbik.exchange.differences import Conflict, Merged, Plain, merge
from tashbik.exchange.models import Draft, Enterprise, Submission
from tashbik.exchange.permissions import may
from tashbik.exchange.projection import as_json
from tashbik.exchange.queries.moderation import InWork, in_work, record_of_edition
from tashbik.exchange.verbs import drafts, register
from tashbik.registry import records
from tashbik.web.editing.forms import SectionForm, rows_of
from tashbik.web.editing.sections import Section
from tashbik.web.request import Request

_NOT_KEPT = ("csrfmiddlewaretoken", "action", "edition", "chosen", "next")
PREFIX = "rows"


@dataclass
class Sheet:
    """A section's form and rows over the record that they change."""

    section: Section
    base: records.Enterprise
    main: SectionForm | None
    rows: BaseFormSet[SectionForm] | None

    def is_valid(self) -> bool:
        """Whether all that was typed can be taken."""
        parts = [one.is_valid() for one in (self.main, self.rows) if one is not None]
        return all(parts)

    def record(self) -> records.Enterprise:
        """The record with what was typed; after is_valid."""
        rows = []
        if self.rows is not None:
            gone = self.rows.deleted_forms
            kept = [
                (index, form) for index, form in enumerate(self.rows.forms) if form not in gone and form.cleaned_data
            ]
            rows = [(index, {k: v for k, v in form.cleaned_data.items() if k != "DELETE"}) for index, form in kept]
        return self.section.put(self.base, self.main.cleaned_data if self.main is not None else {}, rows)

    @property
    def errors(self) -> list[dict[str, str]]:
        """All errors with the fields that they are of, for the summary above the form."""
        forms = [self.main] if self.main is not None else []
        forms += list(self.rows.forms) if self.rows is not None else []
        return [
            {"text": f"{form.fields[name].label}: {text}", "href": f"#{form[name].id_for_label}"}
            for form in forms
            if form.is_bound
            for name, texts in form.errors.items()
            if name in form.fields
            for text in texts
        ]


def bound(section: Section, base: records.Enterprise, typed: QueryDict) -> Sheet:
    """The sheet with what was typed."""
    main = section.form(typed, initial=section.fill(base)) if section.form else None
    rows = rows_of(section.row)(typed, initial=section.fill_rows(base), prefix=PREFIX) if section.row else None
    return Sheet(section, base, main, rows)


def unbound(section: Section, base: records.Enterprise, typed: QueryDict | None = None, *, extra: int = 0) -> Sheet:
    """The sheet as the record has it, or, not yet checked, as it was typed."""
    filled, rows = section.fill(base), section.fill_rows(base)
    if typed is not None:
        filled = _typed(section.form, typed, "") if section.form else {}
        count = (
            int(typed.get(f"{PREFIX}-TOTAL_FORMS") or 0) if (typed.get(f"{PREFIX}-TOTAL_FORMS") or "0").isdigit() else 0
        )
        rows = (
            [_typed(section.row, typed, f"{PREFIX}-{index}-") for index in range(min(count, 200))]
            if section.row
            else []
        )
        while len(rows) > len(section.fill_rows(base)) and not any(rows[-1].values()):
            rows.pop()
    main = section.form(initial=filled) if section.form else None
    wanted = extra if rows else max(extra, 1)
    formset = rows_of(section.row, wanted)(initial=rows, prefix=PREFIX) if section.row else None
    return Sheet(section, base, main, formset)


def _typed(form: type[SectionForm], typed: QueryDict, prefix: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, field in form.base_fields.items():
        key = f"{prefix}{name}"
        values[name] = field.widget.value_from_datadict(typed, {}, key)
    if prefix:
        values["DELETE"] = f"{prefix}DELETE" in typed
    return values


# drafts


def form_key(section: str) -> str:
    """The name under which drafts of a section are kept; long ids of capabilities are shortened to a digest."""
    kind, colon, number = section.partition(":")
    short = number if len(number) <= 12 else hashlib.sha256(number.encode()).hexdigest()[:12]
    return f"enterprise.{kind}{colon}{short}"


def keep(request: Request, enterprise: Enterprise, section: str, edition: str) -> Draft:
    """Keep what was typed, with the edition that the form was made of."""
    fields = {name: request.POST.getlist(name) for name in request.POST if name not in _NOT_KEPT}
    values = {"edition": edition, "fields": fields, "section": section}
    return drafts.save_draft(
        actor=request.actor,
        form=form_key(section),
        subject_id=enterprise.pk,
        values=values,
        base_version=enterprise.version,
    )


def typed_of(draft: Draft) -> QueryDict:
    """What a draft has, as it came from the form."""
    typed = QueryDict(mutable=True)
    for name, values in draft.values.get("fields", {}).items():
        typed.setlist(name, values)
    return typed


@dataclass(frozen=True, slots=True)
class Outcome:
    """What sending a draft would make: the record as it is in work now, the one that results, what others changed, what is to be settled."""

    now: InWork
    sheet: Sheet
    merged: Merged
    overtaken: bool

    @property
    def result(self) -> records.Enterprise:
        """The resulting record."""
        return msgspec.convert(self.merged.record, records.Enterprise)

    def unsettled(self, settled: Mapping[str, str]) -> list[Conflict]:
        """The conflicts that are not settled yet."""
        return [one for one in self.merged.conflicts if settled.get(one.key) not in ("ours", "theirs")]


def base_of(request: Request, enterprise: Enterprise, edition: str) -> records.Enterprise:
    """The record of an edition; the one in work where the history does not have it."""
    found = record_of_edition(request.actor, enterprise, edition)
    plain: Plain = found if found is not None else in_work(request.actor, enterprise).record
    return msgspec.convert(plain, records.Enterprise)


def outcome(
    request: Request, enterprise: Enterprise, section: Section, draft: Draft, settled: Mapping[str, str]
) -> Outcome | None:
    """What sending the draft would make; None where something typed cannot be taken."""
    edition = str(draft.values.get("edition", ""))
    base = base_of(request, enterprise, edition)
    sheet = bound(section, base, typed_of(draft))
    if not sheet.is_valid():
        return None
    now = in_work(request.actor, enterprise)
    merged = merge(as_json(base), now.record, as_json(sheet.record()), settled)
    return Outcome(now, sheet, merged, edition != now.edition)


def send(
    request: Request, enterprise: Enterprise, record: records.Enterprise, edition: str, section: str
) -> Submission | None:
    """Save the record at once where the actor may, else propose it; the submission in that case. Raises the verbs' errors."""
    name = section.partition(":")[0]
    name = "capabilities" if name == "capability" else name
    if may(request.actor, "enterprise.edit", enterprise):
        version = int(edition) if edition.isdigit() else 0
        register.edit(actor=request.actor, enterprise=enterprise, record=record, version=version, section=name)
        return None
    return register.propose(actor=request.actor, enterprise=enterprise, record=record, edition=edition, section=name)
