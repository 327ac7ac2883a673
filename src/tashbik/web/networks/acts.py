"""Declaring and removing ties, and having the analysis renewed. Not the verbs."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tashbik.errors import InvalidError, NotFoundError, NotPermittedError
from tashbik.exchange.models import DeclaredTie, Enterprise, Exchange
from tashbik.exchange.permissions import may
from tashbik.exchange.queries import networks as queries
from tashbik.exchange.queries.networks_levels import side_of
from tashbik.exchange.verbs import networks as verbs
from tashbik.web.networks.clusters import shown_errors
from tashbik.web.networks.forms import TieForm
from tashbik.web.networks.frame import ALL
from tashbik.web.request import Request


@require_POST
def renew(request: Request) -> HttpResponse:
    """Have a network analysed anew."""
    code = request.POST.get("exchange", "")
    exchange = None if code == ALL else Exchange.objects.filter(code=code).first()
    if exchange is None and code != ALL:
        raise NotFoundError(_("There is no such exchange."), mend=_("Choose one from the list."))
    verbs.analyse(actor=request.actor, exchange=exchange)
    messages.success(request, _("The network is being analysed anew. It takes from a second to a few minutes."))
    return redirect(reverse("networks:overview") + f"?exchange={code}")


@require_http_methods(["GET", "POST"])
def declare(request: Request, node: str) -> HttpResponse:
    """Declare a tie of an enterprise or buyer."""
    subject = queries.subject_of(request.actor, node)
    if not may(request.actor, "tie.declare", side_of(subject)):
        raise NotPermittedError(_("You can only declare ties of your own. Nothing was saved."))
    form = TieForm(
        request.POST or None,
        actor=request.actor,
        subject=subject,
        initial={"role": "buyer", "as_of": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        facts = {one: values[one] for one in ("source", "as_of", "product", "volume", "since", "level")}
        try:
            verbs.declare(actor=request.actor, ends=form.ends(), **facts)
        except InvalidError as error:
            shown_errors(form, _renamed(error))
        else:
            messages.success(request, _("The tie is saved. The network is analysed anew in a few minutes."))
            return redirect("networks:node", node)
    name = subject.name(request.actor.language) if isinstance(subject, Enterprise) else subject.name
    context = {"form": form, "node": node, "name": name}
    return render(request, "networks/tie_form.html", context, status=422 if form.errors else 200)


def _renamed(error: InvalidError) -> InvalidError:
    """The form has one field for the other side, whichever it is."""
    names = {"maker": "other", "buyer": "other"}
    return InvalidError({names.get(name, name): texts for name, texts in error.fields.items()})


@require_POST
def remove(request: Request, number: int) -> HttpResponse:
    """Take a declared tie away."""
    tie = DeclaredTie.objects.filter(pk=number).first()
    if tie is None:
        raise NotFoundError(_("This record is no longer there."))
    verbs.remove(actor=request.actor, tie=tie)
    messages.success(request, _("The tie is removed. The network is analysed anew."))
    back = request.POST.get("node", "")
    return redirect("networks:node", back) if back else redirect("networks:overview")
