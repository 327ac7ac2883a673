"""The list of what has to be set up for an edition, in the order of the work: done, missing, next. Not the pages where it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from tashbik.exchange.models import Edition, MeetingPlan
from tashbik.exchange.queries.editions import Counts


@dataclass(frozen=True, slots=True)
class SetUp:
    """One thing to set up: its name, the page, what there is of it in words, whether it is done, and whether it comes next."""

    label: Any
    url: str
    detail: Any = ""
    done: bool = False
    optional: bool = False
    next: bool = False

    @property
    def status(self) -> str:
        """Its state in a word."""
        if self.done:
            return pgettext("task", "done")
        if self.next:
            return pgettext("task", "next step")
        return pgettext("task", "optional") if self.optional else pgettext("task", "to do")

    @property
    def kind(self) -> str:
        """The kind of the tag that says so."""
        return "done" if self.done else "now" if self.next else ""


@dataclass(frozen=True, slots=True)
class Group:
    """Things that belong together."""

    title: Any
    tasks: Sequence[SetUp]


def groups_of(edition: Edition, counts: Counts) -> list[Group]:
    """All that has to be set up, with the first that is neither done nor optional marked as next."""
    groups = [_facts(edition, counts), _people(edition, counts), _meetings(edition, counts), _running(edition, counts)]
    found, marked = [], False
    for group in groups:
        tasks = []
        for one in group.tasks:
            one = replace(one, optional=one.optional or edition.status == Edition.Status.CLOSED)
            here = not marked and not one.done and not one.optional
            marked = marked or here
            tasks.append(replace(one, next=here))
        found.append(Group(group.title, tasks))
    return found


def _url(edition: Edition, page: str, *more: object) -> str:
    return reverse(f"editions:{page}", args=(edition.code, *more))


def _facts(edition: Edition, counts: Counts) -> Group:
    ready = bool(edition.theme and (edition.venue or edition.place))
    opened = edition.status != Edition.Status.DRAFT
    return Group(
        _("The edition"),
        (
            SetUp(_("Theme, dates, venue"), _url(edition, "edit"), done=ready),
            SetUp(
                _("Patrons, host, organisers and partners"),
                _url(edition, "parts", "body"),
                ngettext("%(count)d body", "%(count)d bodies", counts.bodies) % {"count": counts.bodies},
                counts.bodies > 0,
            ),
            SetUp(
                _("Rooms"),
                _url(edition, "parts", "room"),
                ngettext("%(count)d room", "%(count)d rooms", counts.rooms) % {"count": counts.rooms},
                counts.rooms > 0,
            ),
            SetUp(
                _("Programme: sessions and papers"),
                _url(edition, "programme"),
                ngettext("%(count)d session", "%(count)d sessions", counts.sessions) % {"count": counts.sessions},
                counts.sessions > 0,
            ),
            SetUp(_("Open registration"), _url(edition, "home") + "#state", edition.get_status_display(), opened),
        ),
    )


def _people(edition: Edition, counts: Counts) -> Group:
    approved = ngettext("%(count)d approved", "%(count)d approved", counts.approved) % {"count": counts.approved}
    to_decide = ngettext("%(count)d to decide on", "%(count)d to decide on", counts.applied) % {"count": counts.applied}
    to_mend = ngettext("%(count)d row to mend", "%(count)d rows to mend", counts.to_mend) % {"count": counts.to_mend}
    invited = ngettext("%(count)d without a letter", "%(count)d without a letter", counts.uninvited)
    return Group(
        _("Participants"),
        (
            SetUp(
                _("Quotas by category and country"),
                _url(edition, "parts", "quota"),
                ngettext("%(count)d quota", "%(count)d quotas", counts.quotas) % {"count": counts.quotas},
                counts.quotas > 0,
                optional=True,
            ),
            SetUp(
                _("Participants from a file"),
                _url(edition, "import"),
                to_mend if counts.to_mend else "",
                done=counts.approved > 0 and not counts.to_mend,
                optional=not counts.to_mend,
            ),
            SetUp(
                _("Approve applications"),
                _url(edition, "participants"),
                f"{approved} · {to_decide}",
                counts.approved > 0 and not counts.applied,
            ),
            SetUp(
                _("Invitation letters"),
                _url(edition, "participants") + "?view=uninvited",
                invited % {"count": counts.uninvited},
                counts.approved > 0 and not counts.uninvited,
                optional=counts.approved == 0,
            ),
        ),
    )


def _meetings(edition: Edition, counts: Counts) -> Group:
    times = ngettext("%(count)d time", "%(count)d times", counts.slots) % {"count": counts.slots}
    tables = ngettext("%(count)d table", "%(count)d tables", counts.tables) % {"count": counts.tables}
    wishes = ngettext("%(count)d wish", "%(count)d wishes", counts.wishes) % {"count": counts.wishes}
    wishing = ngettext("of %(count)d participant", "of %(count)d participants", counts.wishing)
    proposals = ngettext("%(count)d proposal", "%(count)d proposals", counts.proposals) % {"count": counts.proposals}
    return Group(
        _("Business meetings"),
        (
            SetUp(
                _("Times, tables, interpreters"),
                _url(edition, "meetings"),
                f"{times} · {tables}",
                bool(counts.slots and counts.tables),
            ),
            SetUp(_("Proposals of partners"), _url(edition, "proposals"), proposals, counts.proposals > 0),
            SetUp(
                _("Wishes"),
                _url(edition, "wishes"),
                f"{wishes} {wishing % {'count': counts.wishing}}" if counts.wishes else wishes,
                counts.wishes > 0,
            ),
            SetUp(_("Plan and publish"), _url(edition, "plans"), _plan_detail(edition), _published(edition)),
        ),
    )


def _published(edition: Edition) -> bool:
    return edition.plans.filter(status=MeetingPlan.Status.PUBLISHED).exists()


def _plan_detail(edition: Edition) -> str:
    last = edition.plans.first()
    if last is None:
        return _("no plan yet")
    return _("plan %(number)d: %(status)s") % {"number": last.number, "status": last.get_status_display()}


def _running(edition: Edition, counts: Counts) -> Group:
    meetings = ngettext("%(count)d meeting", "%(count)d meetings", counts.meetings) % {"count": counts.meetings}
    closed = edition.status == Edition.Status.CLOSED
    return Group(
        _("On the day"),
        (
            SetUp(
                _("Absences, late arrivals, new wishes"), _url(edition, "day"), meetings, closed, optional=not closed
            ),
            SetUp(
                _("Close the edition"),
                _url(edition, "home") + "#state",
                edition.get_status_display(),
                closed,
                optional=True,
            ),
        ),
    )
