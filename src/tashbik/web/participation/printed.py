"""What the organiser prints: badges, the door's list, agendas by table and by person, in parts that a request can make. Not what participants print (papers.py)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from tashbik.errors import NotFoundError, StateError
from tashbik.exchange.models import Edition, Meeting, Participant
from tashbik.exchange.queries import participation as queries
from tashbik.exchange.queries import participation_halls as halls
from tashbik.web.participation.qr import address_of, qr_svg
from tashbik.web.participation.showing import language_names
from tashbik.web.printing import pdf_response
from tashbik.web.request import Request

BADGES_IN_A_ROW, ROWS_OF_BADGES = 2, 4


@dataclass(frozen=True, slots=True)
class Printed:
    """Something that is printed for an edition: its title and template, all that is to be printed, how many of it make a part, and the content of a part.

    `named` says how the first and the last of a part are called.
    """

    title: Any
    template: str
    all: Callable[[Request, Edition], list[Any]]
    part: int
    content: Callable[[Request, Sequence[Any]], dict[str, Any]]
    named: Callable[[Any], str]


def _badge_holders(request: Request, edition: Edition) -> list[Participant]:
    numbers = [int(one) for one in request.GET.getlist("participant") if one.isdecimal()]
    found = halls.badges(request.actor, edition, numbers or None)
    if not found:
        raise StateError(_("There are no badges to print."), mend=_("Approve participants first."))
    return found


def _badges(request: Request, people: Sequence[Participant]) -> dict[str, Any]:
    cards = [(one, qr_svg(address_of(request, "badge", one.badge), title=one.badge)) for one in people]
    rows = [cards[at : at + BADGES_IN_A_ROW] for at in range(0, len(cards), BADGES_IN_A_ROW)]
    return {"pages": [rows[at : at + ROWS_OF_BADGES] for at in range(0, len(rows), ROWS_OF_BADGES)]}


def _door(request: Request, people: Sequence[Participant]) -> dict[str, Any]:
    return {"rows": [(one, language_names(one.languages)) for one in people]}


def _tables(request: Request, days: Sequence[halls.TableDay]) -> dict[str, Any]:
    return {"days": days}


def _those_who_meet(request: Request, edition: Edition) -> list[Participant]:
    people = halls.badges(request.actor, edition)
    meetings = Meeting.objects.filter(edition=edition).exclude(status=Meeting.Status.CANCELLED)
    meet = {key for pair in meetings.values_list("first", "second") for key in pair}
    return [one for one in people if one.pk in meet]


def _agendas(request: Request, people: Sequence[Participant]) -> dict[str, Any]:
    """Agendas for the folders that are given out at the desk."""
    by_person: dict[int, list[Meeting]] = {}
    for one in queries.meetings_of(people).exclude(status=Meeting.Status.CANCELLED):
        by_person.setdefault(one.first_id, []).append(one)
        by_person.setdefault(one.second_id, []).append(one)
    return {"people": [(one, by_person[one.pk]) for one in people]}


def _door_list(request: Request, edition: Edition) -> list[Participant]:
    return list(halls.door_list(request.actor, edition))


def _table_days(request: Request, edition: Edition) -> list[halls.TableDay]:
    return halls.table_days(request.actor, edition)


PRINTED = {
    "badges": Printed(
        gettext_lazy("Badges"), "participation/printed/badges.html", _badge_holders, 96, _badges, lambda one: one.name
    ),
    "door": Printed(
        gettext_lazy("List for the door"),
        "participation/printed/door.html",
        _door_list,
        150,
        _door,
        lambda one: one.name,
    ),
    "tables": Printed(
        gettext_lazy("Agendas by table"),
        "participation/printed/tables.html",
        _table_days,
        60,
        _tables,
        lambda one: one.table.label,
    ),
    "agendas": Printed(
        gettext_lazy("Agendas"),
        "participation/printed/agendas.html",
        _those_who_meet,
        60,
        _agendas,
        lambda one: one.name,
    ),
}
"""By the name in the address. A part takes a few seconds to be laid out: parts are also what is carried to the printer."""


@require_GET
def printed(request: Request, code: str, what: str) -> HttpResponse:
    """The PDF where one part holds all, else the page that leads to the parts; `?part=` names one."""
    edition = queries.find_edition(request.actor, code)
    kind = PRINTED.get(what)
    if kind is None:
        raise NotFoundError(_("There is no such paper."))
    pages = Paginator(kind.all(request, edition), kind.part)
    asked = request.GET.get("part", "")
    if pages.num_pages > 1 and not asked:
        return _parts(request, edition, kind, pages)
    page = pages.get_page(asked)
    context = {"edition": edition, "at": timezone.now(), **kind.content(request, list(page.object_list))}
    name = f"{what}-{code}-{page.number}" if pages.num_pages > 1 else f"{what}-{code}"
    return pdf_response(request, kind.template, context, name=name)


def _parts(request: Request, edition: Edition, kind: Printed, pages: Paginator[Any]) -> HttpResponse:
    """The page that leads to the parts, each with the names of its first and last."""
    rows = [
        (number, kind.named(page[0]), kind.named(page[-1]), len(page))
        for number, page in ((one, list(pages.page(one).object_list)) for one in pages.page_range)
    ]
    back = reverse("participation:door", args=[edition.code])
    context = {"edition": edition, "title": kind.title, "rows": rows, "back": back}
    return render(request, "participation/parts.html", context)
