"""Verdicts on what is done, made, of which material, on which machine, under which certificate."""

from __future__ import annotations

from collections.abc import Iterable

from tashbik.linkage.offers import Offer
from tashbik.linkage.verdict import Case, Verdict, failed, passed, unknown
from tashbik.nomenclature import tables
from tashbik.nomenclature.coherence import sectors
from tashbik.nomenclature.grades import family, grades
from tashbik.registry.records import Certificate, Requirement

QUOTED = 80
"""Characters of an offer's own words that a verdict quotes."""


def of_kind(ids: Iterable[str], kind: str) -> tuple[str, ...]:
    """Concept ids of one kind."""
    return tuple(one for one in ids if one.startswith(kind + "."))


def of_kinds(ids: Iterable[str], kinds: tuple[str, ...]) -> tuple[str, ...]:
    """Concept ids of some kinds."""
    starts = tuple(kind + "." for kind in kinds)
    return tuple(one for one in ids if one.startswith(starts))


def _meeting(asked: tuple[str, ...], offered: Iterable[str]) -> tuple[str, ...]:
    """Offered concepts that are an asked one or narrower."""
    wanted = tables.within(asked)
    return tuple(one for one in offered if one in wanted)


def _broader(asked: tuple[str, ...], offered: Iterable[str]) -> tuple[str, ...]:
    """Offered concepts that are broader than an asked one."""
    up = tables.above(asked)
    return tuple(one for one in offered if one in up)


def _related(asked: Iterable[str], offered: Iterable[str]) -> bool:
    """Whether some offered and some asked concept share their nearest broader one."""
    parents = {tables.ancestors(want)[:1] for want in asked} - {()}
    return any(tables.ancestors(one)[:1] in parents for one in offered)


def _judge_kind(requirement: Requirement, offer: Offer, kind: str) -> Verdict:
    """Same or narrower in the capability passes, elsewhere in the enterprise passes less closely; broader or nothing is unknown."""
    asked = requirement.values
    if offer.capability.kind in ("trade", "training") and not _is_their_service(asked):
        return _not_made(requirement, offer, kind)
    for ids, source, closeness in (
        (offer.capability.concepts, "capability", 1.0),
        (offer.others, "other capability", 0.85),
    ):
        if met := _meeting(asked, ids):
            reason = "same" if set(met) & set(asked) else "narrower"
            return passed(requirement, reason, closeness, offered=_written(offer), offered_ids=met[:3], source=source)
    everything = (*offer.capability.concepts, *offer.others)
    if broader := _broader(asked, everything):
        return unknown(
            requirement, "broader", 0.6, offered=_written(offer), offered_ids=broader[:3], source="capability"
        )
    stated = of_kinds(everything, (kind, "machine") if kind == "product" else (kind,))
    if not stated:
        return unknown(requirement, "not-stated", 0.4)
    near = 0.25 if _related(asked, stated) else 0.0
    return failed(requirement, "other", near, offered=_written(offer), offered_ids=stated[:3], source="capability")


def _is_their_service(asked: Iterable[str]) -> bool:
    return any(one in ("process.trade-marketing", "process.technical-training") for one in asked)


def _not_made(requirement: Requirement, offer: Offer, kind: str) -> Verdict:
    """A trader or a school: it does not carry out the process; whether it makes the product itself is a question."""
    reason = "sells" if offer.capability.kind == "trade" else "teaches"
    if kind == "product" and reason == "sells" and _meeting(requirement.values, offer.capability.concepts):
        return unknown(requirement, reason, 0.3, offered=_written(offer), source="capability")
    return failed(requirement, reason, offered=_written(offer), source="capability")


def _written(offer: Offer) -> str:
    words = offer.capability.words
    text = next(iter(words.values()), "") or next(iter(offer.capability.attributes.values()), "")
    return text if len(text) <= QUOTED else text[:QUOTED].rsplit(" ", 1)[0] + "…"


def judge_process(requirement: Requirement, offer: Offer, case: Case) -> Verdict:
    """Process: same or narrower passes; only a broader trade, or none stated, is a question; another trade fails."""
    return _judge_kind(requirement, offer, "process")


def judge_product(requirement: Requirement, offer: Offer, case: Case) -> Verdict:
    """Product (or machine to be bought): as for a process; but profiles list few of the products of their trade.

    A workshop that masters the process asked for, or works in the product's own sector, is asked; only another sector fails.
    """
    verdict = _judge_kind(requirement, offer, "product")
    if verdict.outcome != "fail" or verdict.reason in ("sells", "teaches"):
        return verdict
    processes = [one for one in case.line.requirements if one.kind == "process"]
    everything = (*offer.capability.concepts, *offer.others)
    masters = processes and all(_meeting(one.values, everything) for one in processes)
    if masters or _one_sector(requirement.values, everything):
        return unknown(
            requirement,
            "never-listed",
            0.4 if masters else 0.2 + verdict.closeness,
            offered=verdict.offered,
            offered_ids=verdict.offered_ids,
            source="capability",
        )
    return verdict


def _one_sector(asked: Iterable[str], offered: Iterable[str]) -> bool:
    wanted = frozenset().union(*map(sectors, asked))
    return any(one.startswith(("process.", "product.")) and wanted & sectors(one) for one in offered)


def judge_machine(requirement: Requirement, offer: Offer, case: Case) -> Verdict:
    """Machine: any machine of the kind passes; machines are rarely listed in full, so none of the kind is a question."""
    owned = [concept for machine in offer.machines for concept in machine.concepts]
    offered = (*owned, *of_kind(offer.capability.concepts, "machine"))
    if met := _meeting(requirement.values, offered):
        return passed(requirement, "same", offered_ids=met[:3], source="machines")
    return unknown(requirement, "not-stated", 0.4, offered_ids=tuple(offered[:3]))


def judge_material(requirement: Requirement, offer: Offer, case: Case) -> Verdict:
    """Material: an equivalent grade passes; the family alone is a question when a grade was asked; another family fails."""
    if requirement.unit == "grade":
        return _judge_grade(requirement, offer)
    offered = (*of_kind((*offer.capability.concepts, *offer.others), "material"), *_grade_materials(offer))
    if met := _meeting(requirement.values, offered):
        reason = "same" if set(met) & set(requirement.values) else "narrower"
        return passed(requirement, reason, offered_ids=met[:3], source="materials")
    if broader := _broader(requirement.values, offered):
        return unknown(requirement, "broader", 0.6, offered_ids=broader[:3], source="materials")
    if not offered or _same_root(requirement.values, offered):
        return unknown(requirement, "not-stated", 0.5, offered_ids=tuple(offered[:3]))
    return failed(requirement, "other", offered_ids=tuple(offered[:3]), source="materials")


def _grade_materials(offer: Offer) -> tuple[str, ...]:
    return tuple(
        material for grade in (*offer.capability.grades, *offer.other_grades) for material in family(grade)[:1]
    )


def _same_root(asked: Iterable[str], offered: Iterable[str]) -> bool:
    roots = {(want, *tables.ancestors(want))[-1] for want in asked}
    return any((one, *tables.ancestors(one))[-1] in roots for one in offered)


def _judge_grade(requirement: Requirement, offer: Offer) -> Verdict:
    asked = requirement.values[0]
    offered = (*offer.capability.grades, *offer.other_grades)
    if asked in offered:
        table = grades()[asked]
        written = _designation_written(offer, asked)
        reason = "same" if written and written == requirement.words else "equivalent"
        details = (("standard", table.label()),)
        return passed(requirement, reason, offered=written, offered_ids=(asked,), source="grade table", details=details)
    wanted = family(asked)
    materials = (*of_kind((*offer.capability.concepts, *offer.others), "material"), *_grade_materials(offer))
    if not materials and not offered:
        return unknown(requirement, "not-stated", 0.5)
    if any(one in wanted or wanted[0] in tables.ancestors(one) for one in materials):
        ids = offered[:3] or tuple(materials[:3])
        return unknown(requirement, "family", 0.6, offered_ids=ids, source="materials")
    if _same_root(wanted[:1], materials):
        return unknown(requirement, "not-stated", 0.4, offered_ids=tuple(materials[:3]))
    return failed(requirement, "other", offered_ids=tuple(materials[:3]), source="materials")


def _designation_written(offer: Offer, grade: str) -> str:
    """The designation under which the offer itself names a grade."""
    text = offer.text()
    names = [name for names in grades()[grade].designations.values() for name in names]
    return next((name for name in sorted(names, key=len, reverse=True) if name.lower() in text.lower()), "")


def judge_certificate(requirement: Requirement, offer: Offer, case: Case) -> Verdict:
    """Certificate: held and in force passes; expired or others held instead fails; no certificates known at all is a question."""
    held = [one for one in offer.certificates if one.scheme and _meeting(requirement.values, (one.scheme,))]
    in_force = [one for one in held if one.expiry is None or one.expiry >= case.today]
    if in_force:
        return passed(
            requirement,
            "held",
            offered=_named(in_force[0]),
            offered_ids=(in_force[0].scheme,),
            source="certificates",
            details=_expiry(in_force[0]),
        )
    if held:
        return failed(
            requirement,
            "expired",
            0.3,
            offered=_named(held[0]),
            offered_ids=(held[0].scheme,),
            source="certificates",
            details=_expiry(held[0]),
        )
    if not offer.certificates:
        return unknown(requirement, "not-stated", 0.4)
    return failed(
        requirement,
        "others-held",
        offered=", ".join(_named(one) for one in offer.certificates[:3]),
        offered_ids=tuple(one.scheme for one in offer.certificates[:3] if one.scheme),
        source="certificates",
    )


def _named(certificate: Certificate) -> str:
    return certificate.words or certificate.scheme


def _expiry(certificate: Certificate) -> tuple[tuple[str, str], ...]:
    return (("expiry", certificate.expiry.isoformat()),) if certificate.expiry else ()


def judge_hs(requirement: Requirement, offer: Offer, case: Case) -> Verdict:
    """HS product: the offer's own code, or the headings of its product concepts, compared by prefix."""
    own = offer.capability.attributes.get("hs", "").replace(".", "")
    codes = (
        [own]
        if own
        else [
            code for one in offer.capability.concepts if one in tables.concepts() for code in tables.concepts()[one].hs
        ]
    )
    if not codes:
        return unknown(requirement, "not-stated", 0.4)
    if any(code.startswith(want[:4]) or want.startswith(code) for code in codes for want in requirement.values):
        return passed(requirement, "same", offered=", ".join(codes[:3]), source="hs")
    return failed(requirement, "other", offered=", ".join(codes[:3]), source="hs")
