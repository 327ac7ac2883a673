"""Pages of industrial clusters: map and list, one cluster, founding, changing, joining and leaving. Not the verbs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tashbik.errors import ConflictError, InvalidError, NotFoundError, NotPermittedError
from tashbik.exchange.models import Cluster, Enterprise
from tashbik.exchange.permissions import may
from tashbik.exchange.queries import networks as queries
from tashbik.exchange.queries import networks_clusters as clusters
from tashbik.exchange.verbs import clusters as verbs
from tashbik.web import reading
from tashbik.web.charts.map import Dot, drawn, frame_around
from tashbik.web.networks import wording
from tashbik.web.networks.forms import ClusterForm, JoinForm, initial_of
from tashbik.web.networks.frame import Asked, asked, digits_of, frame
from tashbik.web.request import Request

PAGE = 50


@require_GET
def index(request: Request) -> HttpResponse:
    """Where clusters are, and the places that are specialised without one."""
    choice = asked(request)
    network = queries.opened(request.actor, choice.exchange)
    rows = list(clusters.clusters(choice.exchange.pk if choice.exchange else None))
    context = frame(request, "clusters", choice, network) | {
        "rows": [_row(one) for one in rows],
        "figure": _map(rows),
        "may_create": may(request.actor, "cluster.create"),
        "quotients": [_share(one, digits_of(request)) for one in network.stored.quotients[:15]] if network else [],
        "spread": _spread(network, digits_of(request)),
        "quotient_definition": wording.quotient_definition(),
        "gamma_definition": wording.gamma_definition(),
    }
    return render(request, "networks/clusters.html", context)


def _row(one: Any) -> dict[str, Any]:
    return {
        "cluster": one,
        "place": reading.place(one.region or one.country),
        "sectors": [wording.sector_word(code) for code in one.sectors],
    }


def _share(one: Any, digits: str) -> dict[str, Any]:
    return {
        "sector": wording.sector_word(one.industry),
        "region": reading.place(one.region),
        "quotient": reading.decimals(one.quotient, 2, digits),
        "plants": one.plants,
        "url": reverse("register:list") + f"?sector={one.industry}&region={one.region}&country={one.region[:2]}",
    }


def _spread(network: queries.Network | None, digits: str) -> list[dict[str, Any]]:
    if network is None:
        return []
    return [
        {
            "sector": wording.sector_word(one.industry),
            "gamma": reading.decimals(one.gamma, 3, digits),
            "plants": one.plants,
        }
        for one in network.stored.spread
        if one.gamma is not None
    ][:15]


def _map(rows: list[Any]) -> dict[str, Any]:
    """The clusters on a map, each a link."""
    placed = [(one, where) for one in rows if (where := clusters.spot_of(one)) is not None]
    if not placed:
        return {}
    dots = [
        Dot(
            *where,
            max(one.size, 1),
            _dot_text(one),
            reverse("networks:cluster", args=(one.code,)),
            reading.place(one.region or one.country),
        )
        for one, where in placed
    ]
    finding = ngettext("%(count)s cluster on the map", "%(count)s clusters on the map", len(dots)) % {
        "count": reading.number(len(dots))
    }
    picture = drawn(frame_around([where for _one, where in placed]), dots, language=reading.language(), title=finding)
    return {
        "finding": finding,
        "picture": picture,
        "headers": [_("Cluster"), _("Members")],
        "rows": [[one.name(reading.language()), one.size] for one, _where in placed],
    }


def _dot_text(one: Any) -> str:
    members = ngettext("%(count)s member", "%(count)s members", one.size) % {"count": reading.number(one.size)}
    return f"{one.name(reading.language())}: {members}"


@require_GET
def page(request: Request, code: str) -> HttpResponse:
    """One cluster with its members and institutions."""
    return _page(request, clusters.find(code), None)


def _page(request: Request, cluster: Cluster, form: JoinForm | None, status: int = 200) -> HttpResponse:
    choice = Asked(cluster.exchange)
    network = queries.opened(request.actor, cluster.exchange)
    view = clusters.view(cluster, network)
    own = clusters.own_enterprise(request.actor)
    is_member = own is not None and any(one.enterprise_id == own.pk for one in view.members)
    may_enter = may(request.actor, "cluster.edit", cluster) and own is None
    may_join = own is not None and not is_member and may(request.actor, "cluster.join", own)
    context = frame(request, "clusters", choice, network) | {
        "view": view,
        "cluster": cluster,
        "place": reading.place(cluster.region or cluster.country),
        "sectors": [wording.sector_word(one) for one in cluster.sectors],
        "members": Paginator(view.members, PAGE).get_page(request.GET.get("page")),
        "makings": [
            (reading.concept(one), count)
            for one, count in queries.makings(one.enterprise.code for one in view.members)[:8]
        ],
        "figure": _members_map(view),
        "shares": [_share(one, digits_of(request)) for one in view.shares],
        "quotient_definition": wording.quotient_definition(),
        "may_edit": may(request.actor, "cluster.edit", cluster),
        "form": form or (JoinForm(own=own) if may_enter or may_join else None),
        "own": own,
        "is_member": is_member,
        "may_enter": may_enter,
    }
    return render(request, "networks/cluster.html", context, status=status)


def _members_map(view: clusters.ClusterView) -> dict[str, Any]:
    found = clusters.spots(view.members)
    if not found:
        return {}
    names = {one: reading.place(one.code) for one in found}
    dots = [
        Dot(one.latitude, one.longitude, one.count, f"{names[one]}: {reading.number(one.count)}", label=names[one])
        for one in found
    ]
    finding = _("Where the members are: most (%(most)s) in %(place)s") % {
        "most": reading.number(found[0].count),
        "place": names[found[0]],
    }
    frame_of = frame_around([(one.latitude, one.longitude) for one in found])
    return {
        "finding": finding,
        "picture": drawn(frame_of, dots, language=reading.language(), title=finding),
        "headers": [_("Region"), _("Members")],
        "rows": [[names[one], one.count] for one in found],
    }


# changes


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Found a cluster."""
    membership = request.membership
    if membership is None or not may(request.actor, "cluster.create"):
        raise NotPermittedError(_("Only officers found clusters."), mend=_("Ask your exchange to found it."))
    form = ClusterForm(
        request.POST or None,
        exchange_id=membership.exchange_id,
        country=membership.exchange.country,
        initial={"country": membership.exchange.country},
    )
    return _saved(request, form, None, lambda: verbs.create(actor=request.actor, facts=form.facts()))


@require_http_methods(["GET", "POST"])
def edit(request: Request, code: str) -> HttpResponse:
    """Change a cluster."""
    cluster = clusters.find(code)
    if not may(request.actor, "cluster.edit", cluster):
        raise NotPermittedError(_("Only officers of its exchange change a cluster."))
    form = ClusterForm(
        request.POST or None, exchange_id=cluster.exchange_id, country=cluster.country, initial=initial_of(cluster)
    )

    def save() -> Cluster:
        version = form.cleaned_data["version"] or 0
        return verbs.edit(actor=request.actor, cluster=cluster, version=version, facts=form.facts())

    return _saved(request, form, cluster, save)


def _saved(request: Request, form: ClusterForm, cluster: Cluster | None, save: Callable[[], Cluster]) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            done = save()
        except InvalidError as error:
            shown_errors(form, error)
        except ConflictError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("The cluster is saved."))
            return redirect("networks:cluster", done.code)
    status = 422 if form.errors else 200
    return render(request, "networks/cluster_form.html", {"form": form, "cluster": cluster}, status=status)


def shown_errors(form: Form, error: InvalidError) -> None:
    """The errors of a verb at the fields of a form; those of no field above it."""
    for name, texts in error.fields.items():
        for text in texts:
            form.add_error(name if name in form.fields else None, text)


@require_POST
def join(request: Request, code: str) -> HttpResponse:
    """Enter an enterprise into a cluster."""
    cluster, own = clusters.find(code), clusters.own_enterprise(request.actor)
    form = JoinForm(request.POST, own=own)
    if form.is_valid():
        values = form.cleaned_data
        enterprise: Enterprise = own or values["enterprise"]
        try:
            verbs.join(
                actor=request.actor,
                enterprise=enterprise,
                cluster=cluster,
                source=values["source"],
                since=values["since"],
            )
        except InvalidError as error:
            shown_errors(form, error)
        except ConflictError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("The member is entered. The network is analysed anew in a few minutes."))
            return redirect("networks:cluster", code)
    return _page(request, cluster, form, status=422)


@require_POST
def leave(request: Request, code: str) -> HttpResponse:
    """Take an enterprise out of a cluster."""
    cluster = clusters.find(code)
    enterprise = Enterprise.objects.filter(code=request.POST.get("enterprise", "")).first()
    if enterprise is None:
        raise NotFoundError(_("The enterprise is not a member of this cluster."))
    verbs.leave(actor=request.actor, enterprise=enterprise, cluster=cluster)
    messages.success(request, _("The enterprise is no longer a member of the cluster."))
    return redirect("networks:cluster", code)
