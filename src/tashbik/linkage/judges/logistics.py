"""Verdicts on time and place: lead time, delivery date, distance."""

from __future__ import annotations

from datetime import timedelta

from tashbik.linkage.offers import Offer
from tashbik.linkage.verdict import Case, Verdict, failed, passed, unknown
from tashbik.nomenclature.places import distance_km
from tashbik.registry.records import Place, Requirement

AMPLE_DAYS = 45
"""With more days than this to the date, a lead time that was not stated is not asked for first."""
NEAR_KM = 400.0


def distance(one: Place, other: Place) -> float | None:
    """Great-circle distance in km, or None where a coordinate is missing."""
    if one.latitude is None or other.latitude is None or one.longitude is None or other.longitude is None:
        return None
    return distance_km((one.latitude, one.longitude), (other.latitude, other.longitude))


def judge_lead_time(requirement: Requirement, offer: Offer, case: Case) -> Verdict:
    """Lead time in days."""
    own = offer.capability.lead_time
    if own is None:
        return unknown(requirement, "not-stated", 0.5)
    if own <= requirement.numbers[0]:
        return passed(requirement, "within", offered=f"{own:g}", source="lead time")
    return failed(requirement, "too-late", 0.2, offered=f"{own:g}", source="lead time")


def judge_place(requirement: Requirement, offer: Offer, case: Case) -> Verdict:
    """Place: same country, region or within so many km."""
    where = requirement.place or Place()
    away = distance(where, offer.place)
    limit = requirement.numbers[0] if requirement.numbers else None
    if limit is not None:
        if away is None:
            return unknown(requirement, "not-stated", 0.5)
        return (passed if away <= limit else failed)(
            requirement, "distance", offered=_km(away), source="place", details=_away(away)
        )
    wanted = where.region or where.country
    own = offer.place.region if where.region else offer.place.country
    if not own:
        return unknown(requirement, "not-stated", 0.5)
    return (passed if own == wanted else failed)(requirement, "place", offered=own, source="place", details=_away(away))


def judge_delivery(requirement: Requirement, offer: Offer, case: Case) -> Verdict:
    """Delivery to a place by a date: the lead time decides where it is known; the distance is always said where it can be."""
    away = distance(requirement.place, offer.place) if requirement.place else None
    details, offered = _away(away), _km(away)
    nearness = 1.0 if away is None else 1.0 / (1.0 + away / NEAR_KM)
    if requirement.due is None:
        if away is None:
            return _to_country(requirement, offer)
        return passed(requirement, "reachable", nearness, offered=offered, source="place", details=details)
    days = (requirement.due - case.today).days
    lead = offer.capability.lead_time
    if lead is not None:
        ready = case.today + timedelta(days=lead)
        details = (*details, ("ready", ready.isoformat()), ("lead", f"{lead:g}"))
        if ready <= requirement.due:
            return passed(requirement, "in-time", nearness, offered=offered, source="lead time", details=details)
        return failed(requirement, "too-late", 0.2, offered=offered, source="lead time", details=details)
    if days < 0:
        return failed(requirement, "date-past", offered=offered, source="date", details=details)
    if days >= AMPLE_DAYS and away is not None:
        return passed(requirement, "ample", 0.9 * nearness, offered=offered, source="place", details=details)
    return unknown(requirement, "lead-not-stated", 0.5 * nearness, offered=offered, details=details)


def _to_country(requirement: Requirement, offer: Offer) -> Verdict:
    """A country is reached from within; from another, or from a place unknown, it is a question."""
    where = requirement.place or Place()
    if not offer.place.country or (where.latitude is not None and offer.place.latitude is None):
        return unknown(requirement, "place-not-stated", 0.5)
    if where.country == offer.place.country:
        return passed(requirement, "reachable", 0.8, offered=offer.place.country, source="place")
    return unknown(requirement, "abroad", 0.4, offered=offer.place.country, source="place")


def _km(away: float | None) -> str:
    return "" if away is None else f"{round(away, -1):.0f} km"


def _away(away: float | None) -> tuple[tuple[str, str], ...]:
    return () if away is None else (("km", f"{round(away, -1):.0f}"),)
