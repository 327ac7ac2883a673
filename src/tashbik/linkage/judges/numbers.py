"""Verdicts on sizes, weights, tolerances, quantities and batches. Units are those of the records (mm, kg, days)."""

from __future__ import annotations

import math
import re
from datetime import date

from tashbik.language.units import convert
from tashbik.linkage.offers import Offer
from tashbik.linkage.verdict import Case, Verdict, failed, passed, unknown
from tashbik.registry.records import Rate, Requirement

STALE_DAYS = 365
"""A spare capacity older than this is asked for again."""
_PER_MONTH = {"day": 22.0, "week": 52 / 12, "month": 1.0, "year": 1 / 12, "": 1.0}
"""Periods a month; a month has 22 working days."""


def judge_envelope(requirement: Requirement, offer: Offer, case: Case) -> Verdict:
    """Part size against the largest (and smallest) part, side by side from the longest; else against a machine's envelope."""
    asked = tuple(sorted(requirement.numbers, reverse=True))
    largest = offer.capability.envelope_max.sides
    source = "envelope"
    if not largest:
        fitting = [machine.envelope.sides for machine in offer.machines if machine.envelope.sides]
        largest, source = (max(fitting), "machines") if fitting else ((), "")
    if not largest:
        return unknown(requirement, "not-stated", 0.5, details=_press(offer))
    offered = "×".join(f"{side:g}" for side in largest) + " mm"
    if any(side > limit for side, limit in zip(asked, sorted(largest, reverse=True), strict=False)):
        return failed(requirement, "too-large", offered=offered, source=source)
    smallest = offer.capability.envelope_min.sides
    if smallest and any(side < limit for side, limit in zip(asked, sorted(smallest, reverse=True), strict=False)):
        return failed(requirement, "too-small", offered=offered, source=source)
    return passed(requirement, "within", offered=offered, source=source)


def _press(offer: Offer) -> tuple[tuple[str, str], ...]:
    """The strongest machine's force in tonnes-force, for the wording of the question."""
    forces = [machine.force for machine in offer.machines if machine.force]
    return (("force", f"{max(forces) / 9.80665:.0f}"),) if forces else ()


def judge_weight(requirement: Requirement, offer: Offer, case: Case) -> Verdict:
    """Part weight in kg against the heaviest (and lightest) part."""
    heaviest, lightest = offer.capability.weight_max, offer.capability.weight_min
    if heaviest is None:
        return unknown(requirement, "not-stated", 0.5)
    offered = f"{heaviest:g} kg"
    if requirement.numbers[0] > heaviest:
        return failed(requirement, "too-large", offered=offered, source="weight")
    if lightest is not None and requirement.numbers[0] < lightest:
        return failed(requirement, "too-small", offered=f"{lightest:g} kg", source="weight")
    return passed(requirement, "within", offered=offered, source="weight")


def judge_tolerance(requirement: Requirement, offer: Offer, case: Case) -> Verdict:
    """Tolerance: ± in mm against ± in mm; class against class of one standard; one against the other is a question."""
    own, own_class = offer.capability.tolerance, offer.capability.tolerance_class
    if requirement.numbers:
        if own is None:
            return unknown(
                requirement,
                "not-stated" if not own_class else "other-measure",
                0.5,
                offered=own_class,
                source="tolerance",
            )
        offered = f"±{own:g} mm"
        if own <= requirement.numbers[0]:
            return passed(requirement, "within", offered=offered, source="tolerance")
        return failed(requirement, "too-coarse", offered=offered, source="tolerance")
    asked_rank, own_rank = _class_rank(requirement.values[0]), _class_rank(own_class)
    if asked_rank is None or own_rank is None or asked_rank[0] != own_rank[0]:
        offered = own_class or (f"±{own:g} mm" if own is not None else "")
        return unknown(
            requirement, "other-measure" if offered else "not-stated", 0.5, offered=offered, source="tolerance"
        )
    if own_rank[1] <= asked_rank[1]:
        return passed(requirement, "within", offered=own_class, source="tolerance")
    return failed(requirement, "too-coarse", offered=own_class, source="tolerance")


def _class_rank(words: str) -> tuple[str, int] | None:
    """Standard and fineness of a tolerance class, smaller is finer: ISO 2768-1 f m c v, ISO 286 IT grades, ISO 8062 CT/DCTG."""
    text = words.lower().replace(" ", "")
    if match := re.search(r"2768-?([fmcv])", text):
        return "2768", "fmcv".index(match[1])
    if match := re.search(r"(it|ct|dctg)(\d+)", text):
        return ("8062" if match[1] != "it" else "286", int(match[2]))
    if match := re.fullmatch(r"[a-h]([5-9])", text):
        return "286", int(match[1])
    return None


def per_month(rate: Rate, unit: str) -> float | None:
    """A rate in `unit` a month; None where the units do not compare."""
    value = convert(rate.value, rate.unit or unit, unit or rate.unit)
    return None if value is None else value * _PER_MONTH[rate.period]


def judge_quantity(requirement: Requirement, offer: Offer, case: Case) -> Verdict:
    """Quantity a period against dated spare capacity; capacity alone can fail but not pass; `share` is what can be taken."""
    asked = requirement.numbers[0] * _PER_MONTH[requirement.period]
    spare = offer.capability.spare
    if spare is not None and (free := per_month(spare, requirement.unit)) is not None:
        return _against_spare(requirement, offer, case, asked, free, spare)
    capacity = offer.capability.capacity
    if capacity is not None and (total := per_month(capacity, requirement.unit)) is not None:
        offered, as_of = _rate_words(capacity), offer.provenance.as_of
        if total < asked:
            share = total / asked
            return failed(
                requirement, "capacity-below", 0.3 * share, offered=offered, source="capacity", as_of=as_of, share=share
            )
        return unknown(requirement, "spare-not-stated", 0.6, offered=offered, source="capacity", as_of=as_of)
    return unknown(requirement, "not-stated", 0.5)


def _against_spare(
    requirement: Requirement, offer: Offer, case: Case, asked: float, free: float, spare: Rate
) -> Verdict:
    as_of = offer.capability.spare_as_of
    offered, share = _rate_words(spare), min(1.0, free / asked) if asked else 1.0
    if _stale(as_of, case.today):
        return unknown(
            requirement, "stale", 0.6 * share, offered=offered, source="spare capacity", as_of=as_of, share=share
        )
    if free >= asked:
        return passed(requirement, "enough", offered=offered, source="spare capacity", as_of=as_of, share=1.0)
    return failed(
        requirement, "part-only", 0.5 * share, offered=offered, source="spare capacity", as_of=as_of, share=share
    )


def _stale(as_of: date | None, today: date) -> bool:
    return as_of is not None and (today - as_of).days > STALE_DAYS


def _rate_words(rate: Rate) -> str:
    return f"{rate.value:g} {rate.unit}/{rate.period}" if rate.period else f"{rate.value:g} {rate.unit}"


def judge_batch(requirement: Requirement, offer: Offer, case: Case) -> Verdict:
    """One-off quantity against minimum order and largest batch, then against what is spare until the date, or in a month."""
    asked = requirement.numbers[0]
    bounds = (offer.capability.minimum_order, offer.capability.batch_min)
    low = max((value for value in bounds if value is not None), default=None)
    high = offer.capability.batch_max
    if low is not None and asked < low:
        return failed(requirement, "below-minimum", 0.3, offered=f"{low:g}", source="minimum order")
    if high is not None and asked > high:
        share = high / asked
        return failed(requirement, "above-batch", 0.3 * share, offered=f"{high:g}", source="batch", share=share)
    if high is not None:
        offered = "–".join(f"{value:g}" for value in (low, high) if value is not None)
        return passed(requirement, "within", offered=offered, source="batch")
    rate = offer.capability.spare or offer.capability.capacity
    free = per_month(rate, requirement.unit) if rate is not None else None
    if rate is None or not free:
        return unknown(requirement, "not-stated", 0.5)
    return _over_months(requirement, offer, case, rate, asked / free)


def _over_months(requirement: Requirement, offer: Offer, case: Case, rate: Rate, months: float) -> Verdict:
    """A one-off quantity that takes so many months of the rate: enough, too many until the date, or a question where no date is set."""
    offered, as_of = _rate_words(rate), offer.capability.spare_as_of
    details = (("months", f"{math.ceil(months)}"),)
    due = next((one.due for one in case.line.requirements if one.due is not None), None)
    available = max(0.0, (due - case.today).days / 30) if due is not None else None
    if months <= max(1.0, available or 0.0):
        return passed(requirement, "month", 0.9, offered=offered, source="capacity", as_of=as_of, details=details)
    if available is None:
        return unknown(requirement, "months", 0.5, offered=offered, source="capacity", as_of=as_of, details=details)
    share = min(1.0, max(1.0, available) / months)
    return failed(
        requirement,
        "months-short",
        0.5 * share,
        offered=offered,
        source="capacity",
        as_of=as_of,
        share=share,
        details=details,
    )
