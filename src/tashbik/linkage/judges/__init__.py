"""The judges: one function a kind of requirement, from requirement and offer to a verdict. `judge` chooses among them."""

from __future__ import annotations

from collections.abc import Callable

from tashbik.linkage.judges.concepts import (
    judge_certificate,
    judge_hs,
    judge_machine,
    judge_material,
    judge_process,
    judge_product,
)
from tashbik.linkage.judges.logistics import judge_delivery, judge_lead_time, judge_place
from tashbik.linkage.judges.medicine import judge_dosage, judge_form, judge_substance
from tashbik.linkage.judges.numbers import judge_batch, judge_envelope, judge_quantity, judge_tolerance, judge_weight
from tashbik.linkage.offers import Offer
from tashbik.linkage.verdict import Case, Verdict
from tashbik.registry.records import Requirement

Judge = Callable[[Requirement, Offer, Case], Verdict]

JUDGES: dict[str, Judge] = {
    "process": judge_process,
    "product": judge_product,
    "material": judge_material,
    "machine": judge_machine,
    "envelope": judge_envelope,
    "weight": judge_weight,
    "tolerance": judge_tolerance,
    "quantity": judge_quantity,
    "batch": judge_batch,
    "certificate": judge_certificate,
    "lead_time": judge_lead_time,
    "delivery": judge_delivery,
    "place": judge_place,
    "hs": judge_hs,
    "substance": judge_substance,
    "form": judge_form,
    "dosage": judge_dosage,
}


def judge(requirement: Requirement, offer: Offer, case: Case) -> Verdict:
    """The verdict of an offer on one requirement."""
    return JUDGES[requirement.kind](requirement, offer, case)


__all__ = ["JUDGES", "judge"]
