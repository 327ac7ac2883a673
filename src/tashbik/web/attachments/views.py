"""Adding, removing and handing out files. Not who may (queries.attachments) nor the checks (exchange.uploads).

`{% url "attachments:open" file.pk %}` is the address for pages: it checks the reader's right and leads to a link that is signed for this reader
and runs out.
"""

from __future__ import annotations

from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tashbik.errors import ExchangeError, NotFoundError, NotPermittedError
from tashbik.exchange.models import Attachment
from tashbik.exchange.queries.attachments import by_ticket, may_change, owner_of, ticket_for
from tashbik.exchange.uploads import KINDS
from tashbik.exchange.verbs import attachments
from tashbik.web.refusals import show
from tashbik.web.request import Request


class AddForm(forms.Form):
    """A file with what it is."""

    file = forms.FileField(label=gettext_lazy("File"))
    title = forms.CharField(label=gettext_lazy("What it is"), required=False, max_length=200)
    revision = forms.CharField(label=gettext_lazy("Revision of the drawing"), required=False, max_length=20)


@require_GET
@never_cache
def open_file(request: Request, number: int) -> HttpResponse:
    """Lead to a signed link to the file. Raises NotPermittedError for who may not read it."""
    return HttpResponseRedirect(reverse("attachments:download", args=(ticket_for(request.actor, _file(number)),)))


def _file(number: int) -> Attachment:
    found = Attachment.objects.filter(pk=number).first()
    if found is None:
        raise NotFoundError(_("This file is no longer there."))
    return found


@require_GET
@never_cache
def download(request: Request, ticket: str) -> HttpResponseBase:
    """Hand the file out as a download that no browser runs or shows."""
    attachment = by_ticket(request.actor, ticket)
    try:
        content = attachment.file.open("rb")
    except FileNotFoundError as error:
        raise NotFoundError(_("This file is no longer there.")) from error
    response = FileResponse(content, content_type=attachment.media_type)
    response.headers["Content-Length"] = str(attachment.size)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(attachment.name)}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@require_http_methods(["GET", "POST"])
def add(request: Request, kind: str, owner: int) -> HttpResponse:
    """Add a file to a record; where it is not taken the form comes back and says why."""
    record = owner_of(kind, owner)
    if not may_change(request.actor, record):
        raise NotPermittedError(_("You cannot change the files of this record."))
    form = AddForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            attachments.add(
                actor=request.actor,
                owner=record,
                file=file,
                name=file.name,
                purpose=request.POST.get("purpose", ""),
                title=form.cleaned_data["title"],
                revision=form.cleaned_data["revision"],
                replaces=_replaced(request),
            )
        except ExchangeError as error:
            show(form, error)
        else:
            messages.success(request, _("The file is added."))
            return HttpResponseRedirect(_back(request))
    context = {"form": form, "kind": kind, "owner": owner, "next": _back(request), "kinds": ", ".join(sorted(KINDS))}
    return render(request, "attachments/add.html", context, status=422 if form.errors else 200)


def _replaced(request: Request) -> Attachment | None:
    given = request.POST.get("replaces", "")
    return _file(int(given)) if given.isdecimal() else None


def _back(request: Request) -> str:
    target = request.POST.get("next") or request.GET.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else "/"


@require_POST
def remove(request: Request, number: int) -> HttpResponse:
    """Remove a file, after asking."""
    found = _file(number)
    if "confirmed" not in request.POST:
        if not may_change(request.actor, owner_of(found.owner_kind, found.owner_id)):
            raise NotPermittedError(_("You cannot change the files of this record."))
        return render(request, "attachments/remove.html", {"file": found, "next": _back(request)})
    attachments.remove(actor=request.actor, attachment=found)
    messages.success(request, _("The file is removed."))
    return redirect(_back(request))
