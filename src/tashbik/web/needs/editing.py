"""Confirming a need line by line: requirements as understood, corrected, added; quantities; terms; drawings. Not its release (deciding.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from msgspec.structs import replace

from tashbik.errors import ConflictError, InvalidError, NotFoundError
from tashbik.exchange import need_sheet as sheets
from tashbik.exchange.models import Attachment, Need
from tashbik.exchange.need_sheet import Sheet
from tashbik.exchange.queries.needs import current_files
from tashbik.exchange.verbs import attachments
from tashbik.registry.need_text import need_line
from tashbik.registry.records import NeedLine
from tashbik.web.needs.forms import (
    DrawingForm,
    LineForm,
    QuantityForm,
    TermsForm,
    WordsForm,
    terms_initial,
)
from tashbik.web.needs.requirement_forms import KINDS, form_for
from tashbik.web.needs.showing import kind_name, quantity_text, shown_lines, shown_requirement
from tashbik.web.needs.working import changed_meanwhile, digits_of, frame, save, saved, to_edit
from tashbik.web.request import Request


@require_GET
def lines(request: Request, code: str) -> HttpResponse:
    """All lines with the requirements that were recognised."""
    need, sheet = to_edit(request, code)
    return _lines(request, need, sheet)


def _lines(
    request: Request,
    need: Need,
    sheet: Sheet,
    *,
    quantity: tuple[str, QuantityForm] | None = None,
    words: tuple[str, WordsForm] | None = None,
) -> HttpResponse:
    """The page of the lines; a form that was refused stands in its line with what was typed."""
    cards = [
        {
            "shown": shown,
            "quantity": quantity[1] if quantity and quantity[0] == shown.id else quantity_form(sheet, line),
            "words": words[1] if words and words[0] == shown.id else WordsForm(auto_id=f"words-{shown.id}-%s"),
            "missing": [],
        }
        for shown, line in zip(shown_lines(sheet, digits_of(request)), sheet.lines, strict=True)
    ]
    context = frame(request, need, sheet, "lines")
    for card in cards:
        card["missing"] = [one for one in context["lacking"] if one.line == card["shown"].id]  # type: ignore[attr-defined]
    general = [one for one in context["lacking"] if one.section == "lines" and not one.line]
    new_words = words[1] if words and not words[0] else WordsForm(auto_id="words-new-%s")
    wrong = (quantity and quantity[1].errors) or (words and words[1].errors)
    more = {
        "cards": cards,
        "general": general,
        "new_words": new_words,
        "kinds": [(one, kind_name(one)) for one in KINDS],
        "refused": [form for form in (quantity and quantity[1], words and words[1]) if form],
        "unconfirmed": sum(not card["shown"].confirmed for card in cards),  # type: ignore[attr-defined]
    }
    return render(request, "needs/lines.html", {**context, **more}, status=422 if wrong else 200)


def quantity_form(sheet: Sheet, line: NeedLine, data: Any = None) -> QuantityForm:
    """The form of a line's quantity."""
    at, initial = sheets.quantity_at(line), {"unit": "piece"}
    if at is not None:
        stated = line.requirements[at]
        value = f"{stated.numbers[0]:g}" if stated.numbers and stated.numbers[0] < 1e6 else ""
        value = value or (f"{stated.numbers[0]:.0f}" if stated.numbers else "")
        initial = {"value": value, "unit": stated.unit or "piece", "period": stated.period}
    initial["price_breaks"] = "; ".join(f"{one:.12g}" for one in sheet.of_line(line.id).price_breaks)
    return QuantityForm(data, initial=initial, auto_id=f"quantity-{line.id}-%s")


Act = Callable[[Sheet, str, int, str], Sheet]
ACTS: dict[str, Act] = {
    "confirm": lambda sheet, line, number, country: sheets.confirmed(sheet, line),
    "unconfirm": lambda sheet, line, number, country: sheets.confirmed(sheet, line, False),
    "remove": lambda sheet, line, number, country: sheets.without_line(sheet, line),
    "merge": lambda sheet, line, number, country: sheets.merged(sheet, line, country=country),
    "switch": lambda sheet, line, number, country: sheets.switched(sheet, line, number),
    "drop": lambda sheet, line, number, country: sheets.without_requirement(sheet, line, number),
}
"""What a button of a line does: sheet, line, number of the requirement, country of the exchange → sheet."""


@require_POST
def line_act(request: Request, code: str, line: str) -> HttpResponse:
    """One of the buttons of a line."""
    need, sheet = to_edit(request, code)
    act, _sep, number = request.POST.get("do", "").partition(":")
    if act not in ACTS:
        raise NotFoundError(_("This button does nothing here."))
    try:
        new = ACTS[act](sheet, line, int(number) if number.isdecimal() else 0, need.exchange.country)
        save(request, need, new)
    except (KeyError, IndexError, ValueError, ConflictError):
        changed_meanwhile(request)
    return _to_line(code, line if act not in ("remove", "merge") else "")


def _to_line(code: str, line: str) -> HttpResponse:
    return redirect(reverse("needs:lines", args=(code,)) + (f"#line-{line}" if line else ""))


@require_POST
def confirm_all(request: Request, code: str) -> HttpResponse:
    """Confirm all lines at once."""
    need, sheet = to_edit(request, code)
    for line in sheet.lines:
        sheet = sheets.confirmed(sheet, line.id)
    try:
        save(request, need, sheet)
    except ConflictError:
        changed_meanwhile(request)
        return _to_line(code, "")
    return redirect("needs:terms", code)


def _line_of(sheet: Sheet, line: str) -> NeedLine:
    try:
        return sheet.line(line)
    except KeyError as error:
        raise NotFoundError(_("This line is no longer there."), mend=_("Go back to the lines of the need.")) from error


@require_POST
def quantity(request: Request, code: str, line: str) -> HttpResponse:
    """Quantity and price breaks of a line."""
    need, sheet = to_edit(request, code)
    form = quantity_form(sheet, _line_of(sheet, line), request.POST)
    if form.is_valid():
        given = form.cleaned_data
        words = quantity_text(given["value"], given["unit"], given["period"])
        new = sheets.with_quantity(
            sheet,
            line,
            value=given["value"],
            unit=given["unit"],
            period=given["period"],
            price_breaks=given["price_breaks"],
            words=words,
        )
        if saved(request, need, new, form):
            return _to_line(code, line)
        need, sheet = to_edit(request, code)
    return _lines(request, need, sheet, quantity=(line, form))


@require_POST
def words(request: Request, code: str, line: str = "") -> HttpResponse:
    """Requirements added to a line in words; without a line, a further line."""
    need, sheet = to_edit(request, code)
    form = WordsForm(request.POST, auto_id=f"words-{line or 'new'}-%s")
    if form.is_valid():
        new = _with_words(sheet, line, form, need.exchange.country)
        if new is not None and saved(request, need, new, form):
            return _to_line(code, line or new.lines[-1].id)
        need, sheet = to_edit(request, code)
    return _lines(request, need, sheet, words=(line, form))


def _with_words(sheet: Sheet, line: str, form: WordsForm, country: str) -> Sheet | None:
    """The sheet with what the words state; None, with an error in the form, where nothing was recognised."""
    text = form.cleaned_data["words"]
    if not line:
        return sheets.with_new_line(sheet, text, country=country)
    _line_of(sheet, line)
    found = need_line("", text, country=country).requirements
    if not found:
        form.add_error("words", _("Nothing was recognised in these words. Choose a kind and give the value by hand."))
        return None
    for one in found:
        sheet = sheets.with_requirement(sheet, line, one)
    return sheets.confirmed(sheet, line, False)


@require_http_methods(["GET", "POST"])
def line_text(request: Request, code: str, line: str) -> HttpResponse:
    """Change the text of a line, or split it."""
    need, sheet = to_edit(request, code)
    stated = _line_of(sheet, line)
    form = LineForm(request.POST or None, initial={"text": stated.text})
    if request.method == "POST" and form.is_valid():
        text, country = form.cleaned_data["text"], need.exchange.country
        rows = [one for one in text.splitlines() if one.strip()] if form.cleaned_data["rows"] else [text]
        if saved(request, need, sheets.split(sheet, line, rows, country=country), form):
            return _to_line(code, line)
    context = {**frame(request, need, sheet, "lines"), "form": form, "line": stated}
    return render(request, "needs/line_text.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def requirement(request: Request, code: str, line: str, number: int | None = None) -> HttpResponse:
    """Correct a requirement, or add one of the kind that the query names."""
    need, sheet = to_edit(request, code)
    stated = _line_of(sheet, line)
    if number is not None and number >= len(stated.requirements):
        raise NotFoundError(_("This requirement is no longer there."), mend=_("Go back to the lines of the need."))
    present = stated.requirements[number] if number is not None else None
    kind = present.kind if present else request.GET.get("kind", "")
    if kind not in KINDS:
        raise NotFoundError(_("There is no such kind of requirement."))
    form = form_for(kind, data=request.POST or None, shown=present, country=need.exchange.country)
    if request.method == "POST" and form.is_valid():
        new = sheets.with_requirement(sheet, line, form.requirement(kind), number)
        if saved(request, need, new, form):
            return _to_line(code, line)
    context = {
        **frame(request, need, sheet, "lines"),
        "form": form,
        "line": stated,
        "kind_name": kind_name(kind),
        "present": shown_requirement(0, present, digits_of(request)) if present else None,
    }
    return render(request, "needs/requirement.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def terms(request: Request, code: str) -> HttpResponse:
    """What holds for the whole need."""
    need, sheet = to_edit(request, code)
    form = TermsForm(
        request.POST or None,
        initial=terms_initial(need, sheet),
        actor=request.actor,
        buyer_fixed=need.status != Need.Status.DRAFT,
    )
    if request.method == "POST" and form.is_valid():
        new = _with_terms(sheet, form)
        if saved(request, need, new, form, buyer=form.cleaned_data.get("buyer")):
            return redirect("needs:drawings", need.code)
    context = {**frame(request, need, sheet, "terms"), "form": form}
    unknown = sheet.place.locality and sheet.place.latitude is None
    return render(
        request, "needs/terms.html", {**context, "unknown_place": unknown}, status=422 if form.errors else 200
    )


def _with_terms(sheet: Sheet, form: TermsForm) -> Sheet:
    given = form.cleaned_data
    simple = ("title", "kind", "incoterm", "due", "confidentiality", "anonymous", "eligibility")
    new = replace(sheet, **{name: given[name] for name in simple})
    place = form.found_place()
    return new if place == sheet.place else sheets.with_place(new, place, given["place"])


@require_http_methods(["GET", "POST"])
def drawings(request: Request, code: str) -> HttpResponse:
    """Drawings and other papers, each with its revision."""
    need, sheet = to_edit(request, code)
    files = current_files(need)
    choices = [(str(one.pk), file_name(one)) for one in files]
    form = DrawingForm(request.POST or None, request.FILES or None, files=choices)
    if request.method == "POST" and form.is_valid() and _attached(request, need, form, files):
        return redirect("needs:drawings", need.code)
    context = {**frame(request, need, sheet, "drawings"), "form": form, "files": files}
    return render(request, "needs/drawings.html", context, status=422 if form.errors else 200)


def file_name(file: Attachment) -> str:
    """A file by its title and revision."""
    revision = _("revision %(mark)s") % {"mark": file.revision}
    return f"{file.title or file.name} ({revision})" if file.revision else file.title or file.name


def _attached(request: Request, need: Need, form: forms.Form, files: list[Attachment]) -> bool:
    given = form.cleaned_data
    try:
        attachments.add(
            actor=request.actor,
            owner=need,
            file=given["file"],
            name=given["file"].name,
            purpose="drawing",
            title=given["title"],
            revision=given["revision"],
            replaces=next((one for one in files if str(one.pk) == given["replaces"]), None),
        )
    except InvalidError as error:
        for field, texts in error.fields.items():
            for text in texts:
                form.add_error(field if field in form.fields else None, text)
        return False
    return True
