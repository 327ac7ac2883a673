"""What is taken away of a group: the draft agreement as a page and PDF in each language, who makes what as CSV and XLSX. Not their content."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import BytesIO, StringIO
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tashbik.exchange.composition import Composed
from tashbik.exchange.group_agreement import drafted
from tashbik.exchange.models import Group, GroupMember
from tashbik.exchange.queries import groups as queries
from tashbik.exchange.queries import needs
from tashbik.language.units import label as unit_label
from tashbik.linkage.explain import word
from tashbik.network.wording import assumed_words, name_of
from tashbik.registry.export import neutralised
from tashbik.web import reading
from tashbik.web.groups.views import readable
from tashbik.web.matches.printed import XLSX
from tashbik.web.printing import attachment, pdf_response
from tashbik.web.request import Request

LANGUAGES = {"ar": "العربية", "fr": "Français", "en": "English"}
BOM = "\ufeff"
"""By it spreadsheets know that a CSV file is UTF-8."""


def _language(request: Request) -> str:
    wanted = request.GET.get("in", "")
    return wanted if wanted in LANGUAGES else reading.language()


def _draft(request: Request, group: Group, made: Composed, *, prices_of: tuple[str, ...] | None) -> dict[str, Any]:
    language = _language(request)
    buyer = needs.shown_buyer(request.actor, group.need)
    return {
        "group": group,
        "draft": drafted(made, language, prices_of=prices_of, buyer=buyer),
        "in": language,
        "direction": "rtl" if language == "ar" else "ltr",
        "day": group.created.date(),
    }


def _page(request: Request, context: dict[str, Any], address: str, pdf_address: str, back: str) -> HttpResponse:
    tabs = [
        {"label": name, "url": f"{address}?in={code}", "current": code == context["in"]}
        for code, name in LANGUAGES.items()
    ]
    more = {"tabs": tabs, "pdf_url": f"{pdf_address}?in={context['in']}", "back_url": back}
    return render(request, "groups/agreement.html", context | more)


@require_GET
def agreement(request: Request, code: str) -> HttpResponse:
    """The draft agreement of a group."""
    group = queries.find(request.actor, code)
    context = _draft(request, group, readable(request, group), prices_of=None)
    return _page(
        request,
        context,
        reverse("groups:agreement", args=(code,)),
        reverse("groups:agreement-pdf", args=(code,)),
        reverse("groups:page", args=(code,)),
    )


@require_GET
def agreement_pdf(request: Request, code: str) -> HttpResponse:
    """The same as PDF, in the language of the draft."""
    group = queries.find(request.actor, code)
    context = _draft(request, group, readable(request, group), prices_of=None)
    return pdf_response(request, "groups/paper.html", context, name=f"agreement-{group.code}", language=context["in"])


@require_GET
def own_agreement(request: Request, number: int) -> HttpResponse:
    """The draft as a member reads it: with its own amount only."""
    place = queries.find_place(request.actor, number)
    made = queries.composed_of(place.group)
    context = _draft(request, place.group, made, prices_of=(place.enterprise.code,))
    return _page(
        request,
        context,
        reverse("groups:own-agreement", args=(number,)),
        reverse("groups:own-agreement-pdf", args=(number,)),
        reverse("groups:place", args=(number,)),
    )


@require_GET
def own_agreement_pdf(request: Request, number: int) -> HttpResponse:
    """The same as PDF."""
    place = queries.find_place(request.actor, number)
    made = queries.composed_of(place.group)
    context = _draft(request, place.group, made, prices_of=(place.enterprise.code,))
    name = f"agreement-{place.group.code}"
    return pdf_response(request, "groups/paper.html", context, name=name, language=context["in"])


# tables


@require_GET
def shares_csv(request: Request, code: str) -> HttpResponse:
    """Who makes what, as CSV."""
    group = queries.find(request.actor, code)
    stream = StringIO()
    csv.writer(stream).writerows(_rows(readable(request, group)))
    content = (BOM + stream.getvalue()).encode("utf-8")
    return attachment(content, "text/csv; charset=utf-8", f"group-{group.code}.csv")


@require_GET
def shares_xlsx(request: Request, code: str) -> HttpResponse:
    """Who makes what, as a spreadsheet; it runs right to left in Arabic."""
    import openpyxl
    from openpyxl.styles import Font

    group = queries.find(request.actor, code)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = group.code.replace(":", "-")[:31]
    sheet.sheet_view.rightToLeft = reading.language() == "ar"
    sheet.freeze_panes = "A2"
    for row in _rows(readable(request, group)):
        sheet.append(row)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column, width in zip("ABCDEFGHIJK", (14, 34, 12, 44, 12, 10, 12, 12, 14, 10, 16), strict=True):
        sheet.column_dimensions[column].width = width
    stream = BytesIO()
    book.save(stream)
    return attachment(stream.getvalue(), XLSX, f"group-{group.code}.xlsx")


def _rows(made: Composed) -> Iterator[list[Any]]:
    """A header, then a row for each part of a line; what is not covered last. No cell is taken for a formula."""
    language = reading.language()
    per = {line.id: line for line in made.order.lines}
    yield [
        *(_("Number"), _("Enterprise"), _("Role"), _("Line"), _("Quantity"), _("Unit"), _("Period")),
        *(_("Part of the line"), _("Unit price"), _("Currency"), _("To be asked")),
    ]
    if made.group is None:
        return
    roles = {one.partner: one.role for one in made.group.members}
    offers = {(one.partner, one.line): one for one in made.offers}
    for one in made.group.allocations:
        line, offer = per[one.line], offers.get((one.partner, one.line))
        price = offer.unit_price if made.costed and offer is not None and offer.unit_price else None
        words = [
            one.partner,
            name_of(one.partner, made.by_id, language),
            str(GroupMember.Role(roles[one.partner]).label),
            line.text,
        ]
        yield [
            *(neutralised(text) for text in words),
            *(
                round(one.quantity, 6),
                unit_label(line.unit, language, one.quantity),
                word(f"per.{line.period}", language) if line.period else "",
            ),
            *(round(one.part, 6), price, made.order.currency if price is not None else ""),
            assumed_words(offer.assumed, language) if offer is not None else "",
        ]
    for left in made.group.uncovered:
        line = per[left.line]
        period = word(f"per.{line.period}", language) if line.period else ""
        amounts = [round(left.quantity, 6), unit_label(line.unit, language, left.quantity), period, round(left.part, 6)]
        yield ["", _("not covered"), "", neutralised(line.text), *amounts, None, "", ""]
