"""The queue's filters, between the address and the query. Not the pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tashbik.exchange.actor import Actor
from tashbik.exchange.models import IdentityPair
from tashbik.exchange.queries.identity import Filters, choices_of
from tashbik.web import reading
from tashbik.web.identity.showing import BAND_WORDS

NAMES = ("status", "band", "country", "source", "reach", "q", "import")


class FilterForm(forms.Form):
    """What of the queue is shown."""

    q = forms.CharField(label=_("Name or code"), required=False, max_length=100)
    band = forms.ChoiceField(label=_("Probability"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    source = forms.ChoiceField(label=_("Source of the data"), required=False)
    reach = forms.ChoiceField(
        label=_("Registers"),
        required=False,
        choices=[
            ("", _("all")),
            ("home", _("both of your exchange")),
            ("across", _("one of another exchange")),
        ],
    )

    def __init__(self, values: Any, actor: Actor, filters: Filters) -> None:
        super().__init__(values)
        countries, sources = choices_of(actor, filters)
        fields: dict[str, Any] = dict(self.fields)
        fields["band"].choices = [("", _("all")), *BAND_WORDS.items()]
        fields["country"].choices = [
            ("", _("all")),
            *((one, f"{reading.place(one)} ({count})") for one, count in countries),
        ]
        fields["source"].choices = [("", _("all")), *((one, f"{one} ({count})") for one, count in sources)]


def read(values: QueryDict) -> Filters:
    """The filters of an address; what is not known is left out."""
    status = values.get("status", "")
    run = values.get("import", "")
    return Filters(
        status=status if status in IdentityPair.Status.values else IdentityPair.Status.WAITING,
        band=values.get("band", ""),
        country=values.get("country", ""),
        source=values.get("source", ""),
        reach=values.get("reach", "") if values.get("reach") in ("home", "across") else "",
        words=values.get("q", "").strip()[:100],
        run=int(run) if run.isdecimal() else 0,
    )


def kept(values: QueryDict) -> str:
    """The filters' part of an address, to be carried along."""
    found = QueryDict(mutable=True)
    for name in NAMES:
        if value := values.get(name):
            found[name] = str(value)
    return found.urlencode()
