"""What OCDS 1.1.5 demands of a release package, as far as this project writes one: required fields, formats, closed codelists.

Restated from standard.open-contracting.org/1.1 (reference of the release package and release, codelists releaseTag, initiationType, tenderStatus,
awardStatus, contractStatus, method, procurementCategory); an independent second reading beside exchange.ocds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

MOMENT = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})$")
CURRENCY = re.compile(r"^[A-Z]{3}$")
CLOSED = {
    "tag": {
        "planning",
        "planningUpdate",
        "tender",
        "tenderAmendment",
        "tenderUpdate",
        "tenderCancellation",
        "award",
        "awardUpdate",
        "awardCancellation",
        "contract",
        "contractUpdate",
        "contractAmendment",
        "implementation",
        "implementationUpdate",
        "contractTermination",
        "compiled",
    },
    "tender": {"planning", "planned", "active", "cancelled", "unsuccessful", "complete", "withdrawn"},
    "award": {"pending", "active", "cancelled", "unsuccessful"},
    "contract": {"pending", "active", "cancelled", "terminated"},
    "method": {"open", "selective", "limited", "direct"},
    "category": {"goods", "works", "services"},
    "role": {"procuringEntity", "buyer", "supplier"},
}


def violations(package: dict[str, Any]) -> list[str]:
    """Everything that the standard does not allow."""
    return list(_package(package))


def _package(package: dict[str, Any]) -> Iterator[str]:
    for name in ("uri", "version", "publishedDate", "publisher", "releases"):
        if name not in package:
            yield f"package has no {name}"
    if package.get("version") != "1.1":
        yield "version is not 1.1"
    if not MOMENT.match(package.get("publishedDate", "")):
        yield "publishedDate is no date-time"
    if not package.get("publisher", {}).get("name"):
        yield "publisher has no name"
    ids = [(one.get("ocid"), one.get("id")) for one in package.get("releases", ())]
    if len(ids) != len(set(ids)):
        yield "two releases have one id"
    for one in package.get("releases", ()):
        yield from _release(one)


def _release(release: dict[str, Any]) -> Iterator[str]:
    for name in ("ocid", "id", "date", "tag", "initiationType"):
        if not release.get(name):
            yield f"release has no {name}"
    if release.get("initiationType") != "tender":
        yield "initiationType is not tender"
    if not MOMENT.match(release.get("date", "")):
        yield "date is no date-time"
    if not release.get("tag") or set(release["tag"]) - CLOSED["tag"]:
        yield f"tag {release.get('tag')}"
    if "#" in str(release.get("id")):
        yield "a release id must not hold #"
    parties = {one["id"]: set(one["roles"]) for one in release.get("parties", ())}
    yield from (f"role {roles}" for roles in parties.values() if roles - CLOSED["role"])
    yield from _references(release, parties)
    tender = release.get("tender", {})
    yield from _status("tender", tender)
    if tender.get("procurementMethod", "open") not in CLOSED["method"]:
        yield "procurementMethod"
    if tender.get("mainProcurementCategory", "goods") not in CLOSED["category"]:
        yield "mainProcurementCategory"
    yield from (f"tenderPeriod {value}" for value in tender.get("tenderPeriod", {}).values() if not MOMENT.match(value))
    yield from _items(tender)
    awards = {one.get("id") for one in release.get("awards", ())}
    for award in release.get("awards", ()):
        yield from _status("award", award)
        yield from _items(award)
        yield from _value(award)
    for contract in release.get("contracts", ()):
        yield from _status("contract", contract)
        yield from _value(contract)
        if contract.get("awardID") not in awards:
            yield "a contract names no award"
    if "awards" in release and not release["awards"]:
        yield "awards is empty (minItems)"


def _references(release: dict[str, Any], parties: dict[str, set[str]]) -> Iterator[str]:
    named = [("buyer", release["buyer"])] if "buyer" in release else []
    if "procuringEntity" in release.get("tender", {}):
        named.append(("procuringEntity", release["tender"]["procuringEntity"]))
    named += [("supplier", one) for award in release.get("awards", ()) for one in award.get("suppliers", ())]
    for role, reference in named:
        if role not in parties.get(reference.get("id"), set()):
            yield f"{role} {reference} is no party in that role"


def _status(kind: str, block: dict[str, Any]) -> Iterator[str]:
    if not block.get("id"):
        yield f"{kind} has no id"
    if block.get("status") not in CLOSED[kind]:
        yield f"{kind} status {block.get('status')}"


def _items(block: dict[str, Any]) -> Iterator[str]:
    ids = [one.get("id") for one in block.get("items", ())]
    if None in ids or len(ids) != len(set(ids)):
        yield "items without ids of their own"
    for one in block.get("items", ()):
        if "quantity" in one and not isinstance(one["quantity"], (int, float)):
            yield "a quantity is no number"


def _value(block: dict[str, Any]) -> Iterator[str]:
    value = block.get("value", {})
    if not isinstance(value.get("amount"), (int, float)) or not CURRENCY.match(value.get("currency", "")):
        yield f"value {value}"
    if "date" in block and not MOMENT.match(block["date"]):
        yield "an award's date is no date-time"
