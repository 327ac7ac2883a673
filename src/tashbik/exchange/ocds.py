"""Needs and awards as releases of the Open Contracting Data Standard 1.1.5. Not who may read them (queries), not HTTP (web.api).

One contracting process is one need: its ocid is prefix + code. A released need gives the tag `tender`, an award `award`, an order placed
`contract`. Source: standard.open-contracting.org/1.1, release schema and codelists.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from tashbik.exchange.models import Award, Exchange, Need, Outcome, Rfq
from tashbik.exchange.pricing import asked_lines
from tashbik.registry import records

VERSION = "1.1"
CATEGORY = {"subcontract": "services", "supply": "goods"}
TENDER_STATUS = {
    Need.Status.RELEASED: "active",
    Need.Status.CLOSED: "complete",
    Need.Status.WITHDRAWN: "withdrawn",
    Need.Status.DRAFT: "planning",
}
CONTRACT_STATUS = {
    Outcome.Kind.ORDERED: "active",
    Outcome.Kind.DELIVERED: "terminated",
    Outcome.Kind.DISPUTED: "active",
    Outcome.Kind.SETTLED: "active",
    Outcome.Kind.CANCELLED: "cancelled",
}


def package(releases: Sequence[dict[str, Any]], *, uri: str, publisher: Exchange, at: datetime) -> dict[str, Any]:
    """A release package."""
    return {
        "uri": uri,
        "version": VERSION,
        "publishedDate": _moment(at),
        "publisher": {"name": publisher.name_en, "uid": publisher.code},
        "releases": list(releases),
    }


def release(
    need: Need, record: records.Need, *, buyer: str, awards: Iterable[Award], rfqs: Sequence[Rfq], prefix: str
) -> dict[str, Any]:
    """The latest release of a need. `buyer` is empty where the reader may not know it; `awards` with quotes and outcomes at hand."""
    given = list(awards)
    parties = _Parties(need, buyer)
    body: dict[str, Any] = {
        "ocid": f"{prefix}-{need.code}",
        "id": f"{need.code}-v{need.version}-{len(given)}",
        "date": _moment(max([need.updated, *(one.created for one in given)])),
        "tag": _tags(given),
        "initiationType": "tender",
        "language": need.language or need.exchange.language,
        "tender": _tender(need, record, rfqs),
    }
    if buyer:
        body["buyer"] = parties.reference("buyer")
    body["awards"] = [_award(one, parties) for one in given]
    contracts = [_contract(one) for one in given if _ordered(one)]
    if contracts:
        body["contracts"] = contracts
    if not given:
        del body["awards"]
    body["parties"] = parties.listed()
    return body


class _Parties:
    """The organisations of a release, each once with its roles."""

    def __init__(self, need: Need, buyer: str) -> None:
        self._found: dict[str, dict[str, Any]] = {}
        self.add(f"exchange-{need.exchange.code}", need.exchange.name_en, "procuringEntity")
        if buyer:
            self.add(f"organisation-{need.buyer_id}", buyer, "buyer")

    def add(self, key: str, name: str, role: str) -> dict[str, str]:
        """Note a party in a role; gives the reference to it."""
        party = self._found.setdefault(key, {"id": key, "name": name, "roles": []})
        if role not in party["roles"]:
            party["roles"].append(role)
        return {"id": key, "name": name}

    def reference(self, role: str) -> dict[str, str]:
        """The reference to the party in a role."""
        party = next(one for one in self._found.values() if role in one["roles"])
        return {"id": party["id"], "name": party["name"]}

    def listed(self) -> list[dict[str, Any]]:
        """All parties."""
        return list(self._found.values())


def _tags(awards: Sequence[Award]) -> list[str]:
    tags = ["tender"]
    if awards:
        tags.append("award")
    if any(_ordered(one) for one in awards):
        tags.append("contract")
    return tags


def _tender(need: Need, record: records.Need, rfqs: Sequence[Rfq]) -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": need.code,
        "title": need.title or need.code,
        "description": " ".join(line.text for line in record.lines),
        "status": TENDER_STATUS[Need.Status(need.status)],
        "items": [_item(line) for line in record.lines],
        "procurementMethod": "open" if need.confidentiality == Need.Confidentiality.OPEN else "selective",
        "procuringEntity": {"id": f"exchange-{need.exchange.code}", "name": need.exchange.name_en},
    }
    if need.kind in CATEGORY:
        body["mainProcurementCategory"] = CATEGORY[need.kind]
    deadline = max((one.deadline for one in rfqs), default=need.due)
    if deadline:
        period = {"endDate": _day(deadline)}
        if need.released:
            period["startDate"] = _moment(need.released)
        body["tenderPeriod"] = period
    return body


def _item(line: records.NeedLine) -> dict[str, Any]:
    item: dict[str, Any] = {"id": line.id, "description": line.text}
    quantity = next((one for one in line.requirements if one.kind == "quantity" and one.numbers), None)
    if quantity is not None:
        item["quantity"] = quantity.numbers[0]
        item["unit"] = {"name": quantity.unit or "piece"}
    code = next((value for one in line.requirements if one.kind == "hs" for value in one.values), "")
    if code:
        item["classification"] = {"scheme": "HS", "id": code}
    return item


def _award(award: Award, parties: _Parties) -> dict[str, Any]:
    enterprise = award.quote.invitation.enterprise
    supplier = parties.add(f"enterprise-{enterprise.code}", enterprise.name("en"), "supplier")
    cancelled = any(one.kind == Outcome.Kind.CANCELLED for one in award.outcomes.all())
    lines = {one.id: one for one in asked_lines(award.rfq.record, award.rfq.details)}
    return {
        "id": str(award.pk),
        "title": award.rfq.code,
        "status": "cancelled" if cancelled else "active",
        "date": _moment(award.created),
        "value": _money(award.value, award.currency),
        "suppliers": [supplier],
        "items": [
            {
                "id": line,
                "description": lines[line].text if line in lines else line,
                "quantity": float(Decimal(str(quantity))),
            }
            for line, quantity in award.lines.items()
        ],
    }


def _ordered(award: Award) -> bool:
    return any(one.kind in (Outcome.Kind.ORDERED, Outcome.Kind.DELIVERED) for one in award.outcomes.all())


def _contract(award: Award) -> dict[str, Any]:
    outcomes = list(award.outcomes.all())
    last = outcomes[-1]
    ordered = next(one for one in outcomes if one.kind in (Outcome.Kind.ORDERED, Outcome.Kind.DELIVERED))
    return {
        "id": f"order-{award.pk}",
        "awardID": str(award.pk),
        "title": award.rfq.code,
        "status": CONTRACT_STATUS[Outcome.Kind(last.kind)],
        "dateSigned": _day(ordered.on),
        "value": _money(ordered.value if ordered.value is not None else award.value, award.currency),
    }


def _money(amount: Decimal, currency: str) -> dict[str, Any]:
    return {"amount": float(amount), "currency": currency}


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _day(value: date) -> str:
    return _moment(datetime.combine(value, time(23, 59, 59), UTC))
