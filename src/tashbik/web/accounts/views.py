"""The reader's own account: looks, roles, API tokens, personal data. Signing in is the library's (allauth)."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tashbik.errors import ExchangeError, InvalidError
from tashbik.exchange.models import ApiToken, Membership, User
from tashbik.exchange.verbs import accounts
from tashbik.web.refusals import show
from tashbik.web.request import Request

DIGITS = [("latn", "\u20660 1 2 3 4 5 6 7 8 9\u2069"), ("arab", "\u2066٠ ١ ٢ ٣ ٤ ٥ ٦ ٧ ٨ ٩\u2069")]
"""Digits as they are offered, from left to right on pages of either direction."""


class LooksForm(forms.Form):
    """Name, and what pages look like."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120, required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=[("ar", "العربية"), ("fr", "Français"), ("en", "English")]
    )
    digits = forms.ChoiceField(label=gettext_lazy("Digits"), choices=DIGITS)
    hijri = forms.BooleanField(label=gettext_lazy("Show Hijri dates too"), required=False)
    theme = forms.ChoiceField(
        label=gettext_lazy("Colours"),
        choices=[
            ("auto", gettext_lazy("As the device")),
            ("light", gettext_lazy("Light")),
            ("dark", gettext_lazy("Dark")),
        ],
    )


def person_of(request: Request) -> User:
    """Who has signed in; the views are for nobody else."""
    assert isinstance(request.user, User)
    return request.user


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: Request) -> HttpResponse:
    """Change name and looks; see one's roles and tokens."""
    person = person_of(request)
    current = {name: getattr(person, name) for name in LooksForm.base_fields}
    form = LooksForm(request.POST or None, initial=current)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.edit_profile(actor=request.actor, person=person, **form.cleaned_data)
        except InvalidError as error:
            show(form, error)
        else:
            messages.success(request, _("Saved."))
            response = redirect("accounts:profile")
            response.delete_cookie("language")
            return response
    tokens = ApiToken.objects.filter(membership__user=person).select_related("membership__exchange")
    return render(
        request, "accounts/profile.html", {"form": form, "tokens": tokens, "memberships": request.memberships}
    )


@login_required
@require_POST
def new_token(request: Request) -> HttpResponse:
    """Make an API token; its text is shown on this one page only."""
    membership = get_object_or_404(Membership, pk=request.POST.get("membership"), user_id=request.actor.user_id)
    token, plain = accounts.create_token(
        actor=request.actor, membership=membership, label=request.POST.get("label", "")
    )
    return render(request, "accounts/token.html", {"token": token, "plain": plain})


@login_required
@require_POST
def end_token(request: Request, pk: int) -> HttpResponse:
    """End a token."""
    token = get_object_or_404(ApiToken.objects.select_related("membership"), pk=pk)
    accounts.revoke_token(actor=request.actor, token=token)
    messages.success(request, _("The token has ended."))
    return redirect("accounts:profile")


@login_required
@require_GET
def my_data(request: Request) -> HttpResponse:
    """All personal data as a JSON file."""
    data = accounts.export_person(actor=request.actor, person=person_of(request))
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@login_required
@require_http_methods(["GET", "POST"])
def erase(request: Request) -> HttpResponse:
    """Ask once more, then end the account."""
    person = person_of(request)
    if request.method == "GET":
        files = accounts.own_files(request.actor, person)
        return render(request, "accounts/erase.html", {"files": files})
    try:
        accounts.erase_person(actor=request.actor, person=person, files="files" in request.POST)
    except ExchangeError as error:
        messages.error(request, f"{error.message} {error.mend}".strip())
        return redirect("accounts:erase")
    logout(request)
    messages.success(request, _("Your account has ended and its personal data are erased."))
    return redirect("home")
