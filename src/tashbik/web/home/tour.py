"""The guided first visit on the demonstration data: what to try, role by role. Not the tasks that wait (queries.waiting)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tashbik.exchange.actor import Actor
from tashbik.exchange.models.parties import Role


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to try, and what one sees there."""

    label: Any
    detail: Any
    url: str


TOURS: dict[str, tuple[tuple[Any, Any, str, tuple[str, ...]], ...]] = {
    Role.VISITOR: (
        (_("Search the register"), _("In your own words; results come in all three languages."), "register:list", ()),
        (
            _("Sign in as an officer"),
            _("The ready accounts are printed where the demonstration was started."),
            "account_login",
            (),
        ),
    ),
    Role.OFFICER: (
        (_("Read a need"), _("What its free text was understood as, line by line."), "needs:page", ("dz-N-01",)),
        (
            _("Open its matches"),
            _("Every requirement against every enterprise: met, not met, unknown."),
            "matches:matrix",
            ("dz-N-01",),
        ),
        (
            _("Look at an enterprise"),
            _("Its capabilities, capacity with dates, and what is missing."),
            "register:profile",
            ("dz:TSB-0001",),
        ),
        (
            _("Import a register file"),
            _("With recognised columns, a dry run and errors row by row."),
            "imports:list",
            (),
        ),
        (_("See the report"), _("Figures of the exchange over a period."), "reports:overview", ()),
    ),
    Role.BUYER: (
        (_("State a need"), _("Type or paste it; confirm what was understood."), "needs:new", ()),
        (_("Open the matches of a need"), _("A short list that shows why."), "matches:matrix", ("dz-N-01",)),
    ),
    Role.MEMBER: (
        (
            _("Look at your profile"),
            _("What buyers see, and the next most useful question."),
            "register:profile",
            ("dz:TSB-0001",),
        ),
        (_("Complete it"), _("Section by section; what you type is kept."), "editing:tasks", ("dz:TSB-0001",)),
    ),
}


def first_visit(actor: Actor) -> list[Step]:
    """The steps of a role; none for roles that have no tour."""
    return [
        Step(label, detail, reverse(page, args=arguments))
        for label, detail, page, arguments in TOURS.get(actor.role, ())
    ]
