"""The settings of an exchange: its names, people and roles, organisations, audit trail, webhooks. For its administrators."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tashbik.errors import ExchangeError, NotPermittedError
from tashbik.exchange.audit import broken_links
from tashbik.exchange.models import Enterprise, Exchange, Membership, Organisation, Role
from tashbik.exchange.permissions import require
from tashbik.exchange.queries import administration as queries
from tashbik.exchange.verbs import accounts
from tashbik.web.refusals import show
from tashbik.web.request import Request

LANGUAGES = [("ar", "العربية"), ("fr", "Français"), ("en", "English")]


def _exchange(request: Request, verb: str) -> Exchange:
    """The exchange that the reader administers."""
    if request.membership is None:
        raise NotPermittedError(_("Your role does not allow this."))
    require(request.actor, verb, request.membership.exchange)
    return request.membership.exchange


class ExchangeForm(forms.Form):
    """Names, address, language, currency."""

    name_ar = forms.CharField(label=gettext_lazy("Name in Arabic"), max_length=200)
    name_fr = forms.CharField(label=gettext_lazy("Name in French"), max_length=200)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=200)
    email = forms.EmailField(label=gettext_lazy("E-mail address"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=LANGUAGES)
    currency = forms.RegexField(
        "^[A-Z]{3}$",
        label=gettext_lazy("Currency (three letters, ISO 4217)"),
        error_messages={"invalid": gettext_lazy("Write the currency as three capital letters, for example DZD.")},
    )


class GrantForm(forms.Form):
    """Whom to give which role, and for whom they act."""

    email = forms.EmailField(label=gettext_lazy("E-mail address"))
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=[pair for pair in Role.choices if pair[0] != Role.VISITOR]
    )
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Organisation (buyers, institutions, financiers)"),
        queryset=Organisation.objects.none(),
        required=False,
    )
    enterprise = forms.CharField(label=gettext_lazy("Code of the enterprise (members)"), required=False)

    def __init__(self, exchange: Exchange, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Organisation.objects.filter(exchange=exchange)


class OrganisationForm(forms.Form):
    """What an organisation is, and how to reach it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=Organisation.Kind.choices)
    country = forms.RegexField(
        "^[A-Z]{2}$",
        label=gettext_lazy("Country (two letters, ISO 3166-1)"),
        required=False,
        error_messages={"invalid": gettext_lazy("Write the country as two capital letters, for example DZ.")},
    )
    email = forms.EmailField(label=gettext_lazy("E-mail address"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=LANGUAGES)


def _values(record: Exchange | Organisation, form: type[forms.Form]) -> dict[str, object]:
    """What a form shows of a record at first."""
    return {name: getattr(record, name) for name in form.base_fields}


@require_http_methods(["GET", "POST"])
def overview(request: Request) -> HttpResponse:
    """The exchange's own data, and the way to the rest."""
    exchange = _exchange(request, "exchange.edit")
    form = ExchangeForm(request.POST or None, initial=_values(exchange, ExchangeForm))
    if request.method == "POST" and form.is_valid():
        try:
            accounts.edit_exchange(actor=request.actor, exchange=exchange, **form.cleaned_data)
        except ExchangeError as error:
            show(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("administration:overview")
    return render(request, "administration/overview.html", {"form": form, "figures": queries.figures(exchange)})


@require_http_methods(["GET", "POST"])
def people(request: Request) -> HttpResponse:
    """Who has which role; give a role."""
    exchange = _exchange(request, "membership.grant")
    form = GrantForm(exchange, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        code = given.pop("enterprise").strip()
        enterprise = Enterprise.objects.filter(code=code, exchange=exchange).first() if code else None
        try:
            accounts.grant(actor=request.actor, exchange=exchange, enterprise=enterprise, **given)
        except ExchangeError as error:
            show(form, error)
        else:
            messages.success(request, _("The role is given."))
            return redirect("administration:people")
    page = Paginator(queries.people(exchange), 50).get_page(request.GET.get("page"))
    return render(request, "administration/people.html", {"form": form, "page": page})


@require_POST
def revoke(request: Request, pk: int) -> HttpResponse:
    """Take a role away."""
    membership = get_object_or_404(Membership.objects.select_related("exchange"), pk=pk)
    try:
        accounts.revoke(actor=request.actor, membership=membership)
    except NotPermittedError:
        raise
    except ExchangeError as error:
        messages.error(request, f"{error.message} {error.mend}".strip())
    else:
        messages.success(request, _("The role is taken away."))
    return redirect("administration:people")


@require_http_methods(["GET", "POST"])
def organisations(request: Request) -> HttpResponse:
    """The buyers, institutions and financiers; add one."""
    exchange = _exchange(request, "organisation.create")
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        accounts.create_organisation(actor=request.actor, exchange=exchange, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("administration:organisations")
    page = Paginator(queries.organisations(exchange), 50).get_page(request.GET.get("page"))
    return render(request, "administration/organisations.html", {"form": form, "page": page})


@require_http_methods(["GET", "POST"])
def organisation(request: Request, pk: int) -> HttpResponse:
    """Change an organisation."""
    exchange = _exchange(request, "organisation.create")
    found = get_object_or_404(Organisation, pk=pk, exchange=exchange)
    form = OrganisationForm(request.POST or None, initial=_values(found, OrganisationForm))
    if request.method == "POST" and form.is_valid():
        accounts.edit_organisation(actor=request.actor, organisation=found, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("administration:organisations")
    return render(request, "administration/organisation.html", {"form": form, "organisation": found})


@require_GET
def trail(request: Request) -> HttpResponse:
    """What was done at the exchange, newest first, and whether the chain verifies."""
    exchange = _exchange(request, "audit.see")
    wanted = {key: request.GET.get(key, "").strip() for key in ("verb", "role")}
    page = Paginator(queries.trail(exchange, **wanted), 50).get_page(request.GET.get("page"))
    broken = list(broken_links()) if request.GET.get("verify") else None
    context = {"page": page, "wanted": wanted, "roles": Role.choices, "broken": broken, "verbs": queries.verbs()}
    return render(request, "administration/trail.html", context)
