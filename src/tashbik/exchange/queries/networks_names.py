"""The nodes of a network as the register stands: their names, kinds and pages' keys. Not their ties."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from django.utils.translation import gettext as _

from tashbik.exchange.models import Cluster, Enterprise, Organisation
from tashbik.network.graph import Node

CHUNK = 5_000
KINDS = ("enterprise", "buyer", "institution", "financier", "cluster", "unnamed", "outside")


def kind_of(node: str) -> str:
    """What a node is by its id: enterprise, organisation, cluster, unnamed or outside."""
    kind, found, _rest = node.partition(":")
    return kind if found and kind in ("organisation", "cluster", "unnamed", "outside") else "enterprise"


def nodes_of(ids: Iterable[str], outside: Mapping[str, str]) -> dict[str, Node]:
    """The nodes that are there still, with names: published enterprises, organisations, clusters, unnamed buyers and companies outside the register."""
    sorted_out: dict[str, list[str]] = {}
    for one in ids:
        sorted_out.setdefault(kind_of(one), []).append(one)
    found = {node.id: node for node in _enterprises(sorted_out.get("enterprise", []))}
    found |= {node.id: node for node in _organisations(sorted_out.get("organisation", []))}
    found |= {node.id: node for node in _clusters(sorted_out.get("cluster", []))}
    for one in sorted_out.get("unnamed", []):
        name = _("unnamed buyer of need %(code)s") % {"code": one.partition(":")[2]}
        found[one] = Node(id=one, kind="unnamed", names={"any": name})
    for one in sorted_out.get("outside", []):
        found[one] = Node(id=one, kind="outside", names={"any": outside.get(one, "?")})
    return found


def _chunks(values: list[str]) -> Iterator[list[str]]:
    rest = iter(values)
    while part := list(islice(rest, CHUNK)):
        yield part


def _enterprises(codes: list[str]) -> Iterator[Node]:
    rows = Enterprise.objects.filter(status=Enterprise.Status.PUBLISHED).order_by()
    fields = ("code", "country", "name_ar", "name_fr", "name_en")
    for part in _chunks(codes):
        for code, country, *names in rows.filter(code__in=part).values_list(*fields):
            said = {language: name for language, name in zip(("ar", "fr", "en"), names, strict=True) if name}
            yield Node(id=code, kind="enterprise", names=said, country=country)


def _organisations(ids: list[str]) -> Iterator[Node]:
    for part in _chunks(ids):
        keys = [int(number) for one in part if (number := one.partition(":")[2]).isdecimal()]
        for one in Organisation.objects.filter(pk__in=keys).order_by():
            yield Node(id=f"organisation:{one.pk}", kind=one.kind, names={one.language: one.name}, country=one.country)


def _clusters(ids: list[str]) -> Iterator[Node]:
    for part in _chunks(ids):
        for one in Cluster.objects.filter(code__in=[node.partition(":")[2] for node in part]).order_by():
            names = {"ar": one.name_ar, "fr": one.name_fr, "en": one.name_en}
            said = {language: name for language, name in names.items() if name}
            yield Node(id=f"cluster:{one.code}", kind="cluster", names=said or {"any": one.code}, country=one.country)
