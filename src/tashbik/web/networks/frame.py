"""What the pages of networks share: whose network is read, the tabs, the state of the analysis, how nodes are named and linked. Not the pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from tashbik.errors import NotFoundError
from tashbik.exchange.models import Exchange, NetworkSnapshot
from tashbik.exchange.permissions import may
from tashbik.exchange.queries import networks as queries
from tashbik.exchange.queries.networks_levels import level_of
from tashbik.exchange.queries.networks_names import kind_of
from tashbik.exchange.queries.networks_ties import Tie
from tashbik.exchange.verbs.networks import waiting
from tashbik.network.graph import Node
from tashbik.web import reading
from tashbik.web.networks.wording import iso, kind_word
from tashbik.web.request import Request

ALL = "all"
PAGES = ("overview", "explorer", "communities", "clusters", "missing", "alike", "dependence")


@dataclass(frozen=True, slots=True)
class Shown:
    """A node as a page shows it: name, kind in words, address of its page (empty: it has none)."""

    node: str
    name: str
    kind: str
    url: str = ""

    @property
    def isolated(self) -> str:
        """The name, kept apart from the words around it."""
        return iso(self.name)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose network is read (none: of all exchanges together), and on which basis."""

    exchange: Exchange | None
    basis: str = NetworkSnapshot.Basis.TIES

    @property
    def query(self) -> str:
        """The choice as a query string."""
        values = {"exchange": self.exchange.code if self.exchange else ALL}
        if self.basis != NetworkSnapshot.Basis.TIES:
            values["basis"] = self.basis
        return "?" + urlencode(values)


def asked(request: Request) -> Asked:
    """The choice of an address; the reader's own exchange where it makes none. Raises NotFoundError for an unknown exchange."""
    code = request.GET.get("exchange", "")
    basis = NetworkSnapshot.Basis.TIES
    if request.GET.get("basis") == NetworkSnapshot.Basis.NEAR:
        basis = NetworkSnapshot.Basis.NEAR
    if code == ALL or (not code and request.membership is None):
        return Asked(None, basis)
    if not code and request.membership is not None:
        return Asked(request.membership.exchange, basis)
    found = Exchange.objects.filter(code=code).first()
    if found is None:
        raise NotFoundError(_("There is no such exchange."), mend=_("Choose one from the list."))
    return Asked(found, basis)


def frame(request: Request, page: str, choice: Asked, network: queries.Network | None) -> dict[str, Any]:
    """What every page of a network knows."""
    exchange = choice.exchange
    return {
        "choice": choice,
        "scopes": queries.scopes(request.actor),
        "network": network,
        "tabs": tabs(request, page, choice),
        "page_name": page,
        "job": waiting(exchange.pk if exchange else None),
        "may_renew": may(request.actor, "network.analyse", exchange),
        "level": level_of(request.actor, exchange.pk if exchange else None),
        "state": _state(network),
        "query_of_choice": choice.query,
    }


def _state(network: queries.Network | None) -> dict[str, Any]:
    """What the analysis rests on, in numbers."""
    if network is None:
        return {}
    known = network.coverage
    return {
        "shown": sum(known.shown.values()),
        "ties": sum(known.ties.values()),
        "tied": known.tied,
        "enterprises": known.enterprises,
        "share": known.tied / known.enterprises if known.enterprises else None,
    }


def tabs(request: Request, page: str, choice: Asked) -> list[dict[str, Any]]:
    """The pages of a network."""
    labels = {
        "overview": _("Overview"),
        "explorer": _("Explore the network"),
        "communities": _("Communities"),
        "clusters": _("Clusters"),
        "missing": _("Missing linkages"),
        "alike": _("Horizontal networks"),
        "dependence": _("Resilience of buyers"),
    }
    shown = [one for one in PAGES if one != "dependence" or may(request.actor, "dependence.see")]
    return [
        {"label": labels[one], "url": reverse(f"networks:{one}") + choice.query, "current": one == page}
        for one in shown
    ]


def shown_node(node: str, nodes: dict[str, Node]) -> Shown:
    """A node as pages show it."""
    known = nodes.get(node)
    kind = known.kind if known else kind_of(node)
    name = known.name(reading.language()) if known else node
    return Shown(node, name, kind_word(kind), address_of(node, kind))


def address_of(node: str, kind: str) -> str:
    """The page of a node; empty for who has none."""
    if kind in ("enterprise", "buyer", "institution", "financier"):
        return reverse("networks:node", args=(node,))
    if kind == "cluster":
        return reverse("networks:cluster", args=(node.partition(":")[2],))
    return ""


def digits_of(request: Request) -> str:
    """The digits that the reader wants."""
    return request.actor.user.digits if request.actor.user else "latn"


def newest_of(ties: tuple[Tie, ...]) -> Any:
    """The day of the newest of some ties."""
    return max((one.as_of for one in ties if one.as_of), default=None)
