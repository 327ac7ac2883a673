"""Acts on a whole record: who sees what, verifying, withdrawing, erasing personal data, evidence, taking a capability out. Not the sections (views.py)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from tashbik.errors import ConflictError, InvalidError, NotFoundError
from tashbik.exchange.permissions import require
from tashbik.exchange.projection import as_json, record_of
from tashbik.exchange.queries.attachments import attachments_of, may_change
from tashbik.exchange.queries.moderation import in_work
from tashbik.exchange.verbs import register, undoing
from tashbik.exchange.visibility import GROUPS
from tashbik.web.editing import flow, labels
from tashbik.web.editing.forms import VisibilityForm
from tashbik.web.editing.sections import visibility_of, without_capability
from tashbik.web.editing.views import enterprise_of, records_of
from tashbik.web.refusals import show
from tashbik.web.request import Request


class WithdrawForm(forms.Form):
    """Why an enterprise leaves the register."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[
            ("closed", gettext_lazy("the enterprise has closed")),
            ("wish", gettext_lazy("the enterprise wishes it")),
            ("merged", gettext_lazy("it has merged with another enterprise")),
            ("double", gettext_lazy("it is in the register twice")),
        ],
    )


class EraseForm(forms.Form):
    """What is emptied besides the record: files of the enterprise, and its rows in import files."""

    attached = forms.BooleanField(required=False, initial=True)
    imports = forms.BooleanField(
        label=gettext_lazy("Empty its rows in the import files that are kept"),
        help_text=gettext_lazy("E-mail addresses, telephone numbers and all columns that were not recognised."),
        required=False,
        initial=True,
    )

    def __init__(self, *arguments: Any, files: int, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if files:
            text = ngettext("Delete its attached file", "Delete its %(count)s attached files", files)
            self.fields["attached"].label = text % {"count": files}
        else:
            del self.fields["attached"]


def _version(request: Request) -> int:
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() else 0


@require_http_methods(["GET", "POST"])
def visibility(request: Request, code: str) -> HttpResponse:
    """Who sees which group of fields; at once."""
    enterprise = enterprise_of(request, code)
    require(request.actor, "enterprise.visibility", enterprise)
    form = VisibilityForm(request.POST or None, initial=visibility_of(record_of(enterprise)))
    if request.method == "POST" and form.is_valid():
        levels = {group: form.cleaned_data[group] for group in GROUPS}
        try:
            register.set_visibility(
                actor=request.actor,
                enterprise=enterprise,
                levels=levels,
                consent=form.cleaned_data["consent"],
                version=_version(request),
            )
        except (InvalidError, ConflictError) as error:
            show(form, error)
        else:
            messages.success(request, _("Saved. It holds from now on."))
            return redirect("editing:tasks", code)
    since = record_of(enterprise).visibility.get(register.CONSENT, "")
    context = {"enterprise": enterprise, "form": form, "since": since, "version": enterprise.version}
    return render(request, "editing/visibility.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def verify(request: Request, code: str) -> HttpResponse:
    """Say that the data are still true as of today."""
    enterprise = enterprise_of(request, code)
    require(request.actor, "enterprise.verify", enterprise)
    if request.method == "POST":
        register.verify(actor=request.actor, enterprise=enterprise, version=_version(request))
        messages.success(request, _("Thank you. The data are shown as of today."))
        return redirect("editing:tasks", code)
    record = record_of(enterprise)
    names = labels.capability_names(enterprise.record)
    able = [
        {"label": names[one.id], "value": labels.shown(("capabilities", one.id, "spare"), as_json(one).get("spare"))}
        for one in record.capabilities
    ]
    return render(request, "editing/verify.html", {"enterprise": enterprise, "able": able, "record": record})


@require_http_methods(["GET", "POST"])
def withdraw(request: Request, code: str) -> HttpResponse:
    """Take the enterprise out of the register, after asking."""
    enterprise = enterprise_of(request, code)
    require(request.actor, "enterprise.withdraw", enterprise)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        register.withdraw(actor=request.actor, enterprise=enterprise, reason=form.cleaned_data["reason"])
        messages.success(request, _("The enterprise is no longer shown in the register. An officer can undo this."))
        return redirect("home")
    return render(request, "editing/withdraw.html", {"enterprise": enterprise, "form": form})


@require_http_methods(["GET", "POST"])
def erase(request: Request, code: str) -> HttpResponse:
    """Erase the personal data of an enterprise, after asking."""
    enterprise = enterprise_of(request, code)
    require(request.actor, "enterprise.erase", enterprise)
    count = undoing.files_of(enterprise).count()
    form = EraseForm(request.POST if request.method == "POST" else None, files=count)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        undoing.erase(
            actor=request.actor, enterprise=enterprise, files=chosen.get("attached", False), imports=chosen["imports"]
        )
        messages.success(request, _("The contacts are erased from the record and from its whole history."))
        if chosen["imports"]:
            messages.info(request, _("Its rows in the import files are being emptied; this takes a few minutes."))
        return redirect("editing:tasks", code)
    return render(request, "editing/erase.html", {"enterprise": enterprise, "form": form})


@require_GET
def evidence(request: Request, code: str) -> HttpResponse:
    """The files of an enterprise: certificates, references, register extracts."""
    enterprise = enterprise_of(request, code)
    in_work(request.actor, enterprise)  # refuses who may not edit it
    files = attachments_of(request.actor, enterprise)
    context = {"enterprise": enterprise, "files": files, "may_change": may_change(request.actor, enterprise)}
    return render(request, "editing/evidence.html", context)


@require_http_methods(["GET", "POST"])
def remove_capability(request: Request, code: str, number: str) -> HttpResponse:
    """Take a capability out, after asking."""
    enterprise = enterprise_of(request, code)
    state = in_work(request.actor, enterprise)
    record = records_of(state.record)
    names = labels.capability_names(state.record)
    if number not in names:
        raise NotFoundError(_("This capability is no longer in the record."))
    context: dict[str, Any] = {
        "enterprise": enterprise,
        "number": number,
        "name": names[number],
        "edition": state.edition,
    }
    if request.method == "POST":
        if request.POST.get("edition") != state.edition:
            return render(request, "editing/remove.html", {**context, "overtaken": True}, status=409)
        sent = flow.send(request, enterprise, without_capability(record, number), state.edition, f"capability:{number}")
        text = _("Taken out.") if sent is None else _("Sent to the exchange, which checks it before it is shown.")
        messages.success(request, text)
        return redirect("editing:tasks", code)
    return render(request, "editing/remove.html", context)
