"""One recommendation with its whole course, and the recommendations of one edition. Not what is done with them (drafting, deciding, working)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from tashbik.exchange.models import Recommendation
from tashbik.exchange.permissions import may
from tashbik.exchange.queries import recommendation_progress as sums
from tashbik.exchange.queries import recommendations as queries
from tashbik.exchange.recommendation_sheet import lacks
from tashbik.web import reading
from tashbik.web.recommendations import showing
from tashbik.web.request import Request

FIRST = ("report", "close", "assign", "adopt")
"""What is offered as the one primary action, the likeliest first; for the organiser's side the order follows the status."""
PRIMARY = {"drafted": "adopt", "adopted": "assign", "assigned": "report", "under_way": "report", "done": "close"}
CONFIRMED = ("poll", "remind")
"""Acts that are done at once, by a button."""


def labels() -> dict[str, str]:
    """What can be done, as verbs on links and buttons."""
    return {
        "adopt": _("Adopt it"),
        "edit": _("Edit the draft"),
        "vote": pgettext("button", "Vote"),
        "freeze": _("Add evidence"),
        "reject": _("Do not adopt it"),
        "assign": _("Name an owner and a deadline"),
        "translate": _("Add a language"),
        "report": _("Report progress"),
        "remind": _("Remind the owner"),
        "close": _("Close it with its result"),
        "drop": pgettext("recommendation", "Drop it"),
        "reopen": _("Open it again"),
    }


@require_GET
def page(request: Request, edition: str, number: int) -> HttpResponse:
    """A recommendation: text, addressee, owner, indicator, evidence, history."""
    one = queries.find(request.actor, edition, number)
    digits = showing.digits_of(request)
    course = sums.course(one)
    allowed = queries.allowed(request.actor, one)
    if not lacks(one):
        allowed.discard("translate")
    context = {
        "one": one,
        "text": one.words("text", reading.language()),
        "text_language": showing.language_of(one.text),
        "others": showing.other_languages(one),
        "tags": showing.state_tags(one),
        "facts": _facts(one),
        "indicator": showing.indicator_of(one, digits),
        "sheets": [showing.sheet_of(item, digits) for item in course.evidence],
        "may_remove": one.status == Recommendation.Status.DRAFTED and may(request.actor, "evidence.remove", one),
        "entries": _entries(one, course, digits),
        "votes": course.votes if sum(course.votes.values()) else None,
        "taken_up": course.taken_up,
        "allowed": allowed,
        **_actions(one, allowed, queries.my_participation(request.actor, one) is not None),
    }
    return render(request, "recommendations/page.html", context)


def _actions(one: Recommendation, allowed: set[str], votes: bool) -> dict[str, Any]:
    """The one primary action, and the links to the others."""
    words = labels()
    primary = PRIMARY.get(one.status, "")
    names = [name for name in words if name in allowed and name not in (*CONFIRMED, primary)]
    if one.voting and (votes or "poll" in allowed):
        names.insert(0, "vote")
    return {
        "primary": _link(one, primary, words) if primary in allowed else None,
        "links": [_link(one, name, words) for name in names],
        "may_poll": "poll" in allowed,
        "may_remind": "remind" in allowed,
    }


def _link(one: Recommendation, name: str, words: dict[str, str]) -> dict[str, str]:
    page = "evidence" if name == "freeze" else name
    label = _("Change owner, deadline or indicator") if name == "assign" and one.assigned else words[name]
    return {"url": reverse(f"recommendations:{page}", args=(one.edition.code, one.number)), "label": label}


def _facts(one: Recommendation) -> list[dict[str, Any]]:
    """Addressee, owner, deadline, where it comes from."""
    language = reading.language()
    facts: list[dict[str, Any]] = [
        {
            "label": _("Addressed to"),
            "value": one.words("body", language),
            "detail": f"{one.get_sector_display()} · {showing.country_of(one)}",
        },
        {"label": pgettext("recommendation", "Topic"), "value": str(one.get_topic_display())},
        {"label": pgettext("recommendation", "Owner"), "value": one.owner},
        {"label": _("Deadline"), "value": reading.day(one.deadline) if one.deadline else ""},
    ]
    if one.session is not None:
        facts.append(
            {"label": _("Drafted in the session"), "value": one.session.title.get(language) or str(one.session)}
        )
    if one.adopted is not None:
        facts.append(
            {
                "label": pgettext("recommendation", "Adopted"),
                "value": f"{reading.day(one.adopted)} · {one.get_adopted_by_display()}",
            }
        )
    if one.origin is not None:
        url = reverse("recommendations:page", args=(one.origin.edition.code, one.origin.number))
        facts.append({"label": _("Takes up again"), "value": one.origin.reference, "url": url, "action": _("Open it")})
    return facts


def _entries(one: Recommendation, course: sums.Course, digits: str) -> list[dict[str, Any]]:
    """Steps and reports as one line of time, the latest first."""
    steps = [
        {
            "on": step.on,
            "made": step.made,
            "what": str(step.get_status_display()),
            "note": step.note,
            "kind": showing.KINDS[step.status],
        }
        for step in course.steps
    ]
    reports = [
        {
            "on": report.on,
            "made": report.made,
            "what": _("Report of the owner"),
            "note": report.words,
            "value": showing.value_text(report.value, one.unit, digits),
            "address": report.address,
            "evidence": report.evidence_id,
        }
        for report in course.reports
    ]
    return sorted([*steps, *reports], key=lambda entry: (entry["on"], entry["made"]), reverse=True)


@require_GET
def edition(request: Request, edition: str) -> HttpResponse:
    """The recommendations of one edition: adopted, and for the organiser's side the drafts."""
    found = queries.edition_named(request.actor, edition)
    rows = list(queries.listing(request.actor, queries.Filters(edition=edition)))
    shown = showing.rows_of(rows)
    drafts = [row for row in shown if row.one.status in ("drafted", "rejected")]
    context = {
        "edition": found,
        "name": showing.edition_name(found),
        "rows": [row for row in shown if row not in drafts],
        "drafts": drafts,
        "communiques": list(found.communiques.all()),
        "may_draft": may(request.actor, "recommendation.draft", found),
        "may_issue": may(request.actor, "communique.issue", found) and any(row.one.adopted for row in shown),
    }
    return render(request, "recommendations/edition.html", context)
