"""What the editing pages of a need share: opening it, saving its sheet under the edition that was read, the steps. Not the pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _

from tashbik.errors import ConflictError, InvalidError, StateError
from tashbik.exchange.models import Need, Organisation
from tashbik.exchange.need_sheet import Sheet, edition_of, is_pending, sheet_of
from tashbik.exchange.queries import needs as queries
from tashbik.exchange.verbs import needs as verbs
from tashbik.web.request import Request

STEPS = ("text", "lines", "terms", "drawings", "check")


def step_name(step: str) -> str:
    """What a step is called."""
    return {
        "text": _("Your words"),
        "lines": _("Lines and requirements"),
        "terms": _("Terms"),
        "drawings": _("Drawings"),
        "check": _("Check and release"),
    }[step]


def to_edit(request: Request, code: str) -> tuple[Need, Sheet]:
    """A need that the actor may change, with the sheet that is being worked at. Raises NotFoundError, NotPermittedError or StateError."""
    need = queries.find(request.actor, code)
    verbs.at_home(request.actor, need)
    if "edit" not in queries.allowed(request.actor, need):
        raise StateError(_("The need is closed or withdrawn: it cannot be changed any more."))
    return need, sheet_of(need)


def edition_sent(request: Request) -> int:
    """The edition that the form was made from; -1 where it was not sent."""
    sent = request.POST.get("edition", "")
    return int(sent) if sent.isascii() and sent.isdigit() else -1


def save(request: Request, need: Need, sheet: Sheet, *, buyer: Organisation | None = None) -> Need:
    """Save a sheet by the verb."""
    return verbs.edit(actor=request.actor, need=need, sheet=sheet, edition=edition_sent(request), buyer=buyer)


def saved(request: Request, need: Need, sheet: Sheet, form: forms.Form, *, buyer: Organisation | None = None) -> bool:
    """Save a sheet; what is refused becomes errors of the form, which then is to be shown again."""
    try:
        save(request, need, sheet, buyer=buyer)
    except InvalidError as error:
        for field, texts in error.fields.items():
            for text in texts:
                form.add_error(field if field in form.fields else None, text)
        return False
    except ConflictError as error:
        form.add_error(None, f"{error.message} {error.mend}")
        return False
    return True


def changed_meanwhile(request: Request) -> None:
    """Say that what was to be changed is no longer as it was read."""
    messages.warning(
        request, _("Someone else changed this need meanwhile. Nothing was overwritten: look at it and do it again.")
    )


def digits_of(request: Request) -> str:
    """The reader's digits."""
    return request.actor.user.digits if request.actor.user else "latn"


def frame(request: Request, need: Need, sheet: Sheet, step: str) -> dict[str, Any]:
    """What every editing page shows: the need, the steps, and the edition for its forms."""
    lacking = verbs.lacking(need, sheet)
    open_sections = {one.section for one in lacking}
    done = {one for one in ("text", "lines", "terms") if one not in open_sections}
    if "drawings" not in open_sections and queries.current_files(need):
        done.add("drawings")
    return {
        "need": need,
        "sheet": sheet,
        "edition": edition_of(need),
        "pending": is_pending(need),
        "lacking": lacking,
        "steps": [step_of(need, one, step, done) for one in STEPS],
    }


def step_of(need: Need, one: str, now: str, done: set[str]) -> dict[str, str]:
    """A step: where one is, what is complete, what is still to do."""
    return {
        "label": step_name(one),
        "state": "now" if one == now else "done" if one in done else "todo",
        "url": reverse(f"needs:{one}", args=(need.code,)),
    }
