"""Reading the matches of a need: the matrix, one cell, side by side, why not, the words that matched. Not the acts (acting.py)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from tashbik.exchange.models import Need
from tashbik.exchange.permissions import may
from tashbik.exchange.queries import matches as queries
from tashbik.exchange.queries import needs
from tashbik.exchange.queries.matches_questions import askings, can_be_asked
from tashbik.exchange.queries.matches_stored import StoredLine
from tashbik.web.matches import beside, pages, showing, words
from tashbik.web.matches import choices as choosing
from tashbik.web.needs.showing import kind_name
from tashbik.web.needs.working import digits_of
from tashbik.web.request import Request

PAGE = 25
"""Enterprises on one page of the matrix."""


def frame(request: Request, need: Need, lines: tuple[StoredLine, ...]) -> dict[str, Any]:
    """What every page of matches shows of its need."""
    return {
        "need": need,
        "buyer": needs.shown_buyer(request.actor, need),
        "several": len(lines) > 1,
        "may": pages.allowed(request.actor, need),
        "rfq_url": pages.rfq_address(need),
    }


@require_GET
def matrix(request: Request, code: str) -> HttpResponse:
    """Enterprises × requirements of a line, or × lines."""
    need = queries.opened(request.actor, code)
    lines = queries.lines_of(need)
    if not lines:
        return render(request, "matches/empty.html", frame(request, need, lines))
    choices, line_id = choosing.read(request.GET), request.GET.get("line", "")
    context = frame(request, need, lines) | {
        "matrix_page": True,
        "choices": choices,
        "line_id": line_id,
        "sorts": choosing.sort_options(choices),
        "weights": pages.weights_of(lines, choices),
        "heavy": pages.heavy_kinds(lines),
        "chips": choosing.chips(choices, line_id),
        "tabs": pages.tabs(need, lines, line_id, choices),
        "query": choosing.query_of(choices, line_id),
    }
    if len(lines) > 1 and not line_id:
        return render(request, "matches/overall.html", context | _overall(request, need, lines, choices))
    line = queries.line_named(lines, line_id)
    return render(request, "matches/matrix.html", context | _line(request, need, line, choices))


def _line(request: Request, need: Need, line: StoredLine, choices: queries.Choices) -> dict[str, Any]:
    found = queries.matrix(request.actor, need, line, choices)
    digits = digits_of(request)
    columns = showing.columns_of(line.line, digits)
    page = Paginator(found.rows, PAGE).get_page(request.GET.get("page"))
    reachable = [one for one in found.rows if can_be_asked(need, one.enterprise)]
    return {
        "matrix": found,
        "columns": columns,
        "page": page,
        "rows": pages.shown_rows(need, line.line.id, list(page), columns, digits),
        "to_ask": len(askings(line.line.id, reachable)),
        "to_ask_of": [one.code for one in reachable if one.to_ask],
        "countries": [choosing.Option(one, one, one in choices.countries) for one in found.options.countries],
        "certificates": [choosing.Option(one, one, one in choices.certificates) for one in found.options.certificates],
    }


def _overall(request: Request, need: Need, lines: tuple[StoredLine, ...], choices: queries.Choices) -> dict[str, Any]:
    found = queries.overall(request.actor, need, lines, choices)
    page = Paginator(found.rows, PAGE).get_page(request.GET.get("page"))
    reachable = [one for one in found.rows if can_be_asked(need, one.enterprise)]
    return {
        "overall": found,
        "page": page,
        "rows": pages.shown_over(need, list(page), lines, digits_of(request)),
        "columns": [(pages.line_label(number), one.line) for number, one in enumerate(lines, 1)],
        "to_ask": sum(one.to_ask for one in reachable),
        "to_ask_of": [one.enterprise.code for one in reachable if one.to_ask],
        "countries": [choosing.Option(one, one, one in choices.countries) for one in found.options.countries],
        "certificates": [choosing.Option(one, one, one in choices.certificates) for one in found.options.certificates],
    }


@require_GET
def cell(request: Request, code: str) -> HttpResponse:
    """One cell opened: a page of its own, or its inside for htmx."""
    need = queries.opened(request.actor, code)
    line_id, number = request.GET.get("line", ""), request.GET.get("number", "")
    at = int(number) if number.isascii() and number.isdigit() else -1
    row, one = queries.one_cell(request.actor, need, line_id, request.GET.get("enterprise", ""), at)
    digits = digits_of(request)
    context = frame(request, need, queries.lines_of(need)) | {
        "row": row,
        "cell": one,
        "line_id": line_id,
        "facts": showing.facts(row, one, digits),
        "kind": kind_name(one.engine.requirement.kind),
        "place": showing.where(row, digits),
        "question_state": showing.question_state(one.question, digits) if one.question else "",
        "claim": showing.claim_word(one.question.claim) if one.question and one.question.answered else "",
        "engine_word": showing.outcome_word(one.engine.outcome),
        "reachable": can_be_asked(need, row.enterprise),
        "matrix_url": reverse("matches:matrix", args=(need.code,)) + "?" + urlencode({"line": line_id}),
        "answers_for": may(request.actor, "question.answer", row.enterprise),
    }
    return render(request, "matches/_cell.html" if request.htmx else "matches/cell.html", context)


@require_GET
def compare(request: Request, code: str) -> HttpResponse:
    """Two to four enterprises side by side, on one line or all."""
    need = queries.opened(request.actor, code)
    lines, line_id = queries.lines_of(need), request.GET.get("line", "")
    codes = list(dict.fromkeys(request.GET.getlist("enterprise")))[: queries.MOST_COMPARED]
    found = queries.rows_named(request.actor, need, codes, choosing.read(request.GET), line_id)
    digits = digits_of(request)
    context = frame(request, need, lines) | {
        "parts": [beside.side_by_side(need, lines, line, rows, digits) for line, rows in found],
        "enterprises": [one.enterprise for one in found[0][1]] if found else [],
        "line_id": line_id,
        "most": queries.MOST_COMPARED,
    }
    return render(request, "matches/compare.html", context)


@require_GET
def why_not(request: Request, code: str) -> HttpResponse:
    """Any enterprise: looked for by name, then its verdicts on each line."""
    need = queries.opened(request.actor, code)
    lines, digits = queries.lines_of(need), digits_of(request)
    wanted, asked = request.GET.get("enterprise", ""), request.GET.get("q", "").strip()
    context = frame(request, need, lines) | {"asked": asked}
    if wanted:
        enterprise = queries.find_enterprise(wanted)
        found = queries.rows_named(request.actor, need, [wanted])
        parts = [beside.why(lines, line, rows, digits) for line, rows in found]
        context |= {"enterprise": enterprise, "parts": parts, "profile": pages.profile_address(enterprise)}
    else:
        context["found"] = queries.search(asked)
    return render(request, "matches/why_not.html", context)


@require_GET
def matched_words(request: Request, code: str) -> HttpResponse:
    """The words and concepts by which the enterprises of a line were found."""
    need = queries.opened(request.actor, code)
    lines = queries.lines_of(need)
    line = queries.line_named(lines, request.GET.get("line", ""))
    found = queries.matrix(request.actor, need, line, choosing.read(request.GET))
    page = Paginator(found.rows, PAGE).get_page(request.GET.get("page"))
    context = frame(request, need, lines) | {
        "line": line.line,
        "terms": words.terms_of(line.line),
        "page": page,
        "rows": [words.matched(line.line, one) for one in page],
    }
    return render(request, "matches/words.html", context)
