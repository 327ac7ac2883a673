"""Clusters by employment: location quotient and the index of Ellison and Glaeser. Not clusters by ties (measures.communities)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from tashbik.errors import InputError
from tashbik.registry.records import Record


class Plant(Record, frozen=True, kw_only=True):
    """Employment of one establishment: its industry (a code), region and employees (more than 0)."""

    industry: str
    region: str
    employees: float


class Quotient(Record, frozen=True, kw_only=True):
    """Location quotient of an industry in a region: above 1 it is over-represented there. `employees` and `plants` it rests on."""

    industry: str
    region: str
    quotient: float
    employees: float
    plants: int


class Agglomeration(Record, frozen=True, kw_only=True):
    """Concentration of an industry beyond chance: `raw` G, plant-size `herfindahl` H, `gamma` γ (about 0: as by chance; above 0.05: strongly concentrated), None
    where one plant has all employment.
    """

    industry: str
    raw: float
    herfindahl: float
    gamma: float | None
    plants: int
    employees: float


def location_quotients(plants: Iterable[Plant]) -> list[Quotient]:
    """LQ = (e_ir / e_r) / (e_i / e) for every industry and region with employment, highest first (Isard, Methods of Regional Analysis, 1960)."""
    pairs, industries, regions, count = _sums(plants)
    total = sum(industries.values())
    found = [
        Quotient(
            industry=industry,
            region=region,
            quotient=(value / regions[region]) / (industries[industry] / total),
            employees=value,
            plants=count[industry, region],
        )
        for (industry, region), value in pairs.items()
    ]
    return sorted(found, key=lambda one: (-one.quotient, one.industry, one.region))


def agglomeration(plants: Iterable[Plant]) -> list[Agglomeration]:
    """γ = (G / (1 − Σ x²) − H) / (1 − H), G = Σ (s − x)², for each industry (Ellison and Glaeser, J. Political Economy 105, 1997, eq. 5).

    s is a region's part of the industry's employment, x its part of all employment, H the sum of the squared parts of the plants.
    """
    known = list(plants)
    pairs, industries, regions, _ = _sums(known)
    total = sum(industries.values())
    parts = {region: value / total for region, value in regions.items()}
    spread = 1 - sum(part**2 for part in parts.values())
    found = []
    for industry, employees in industries.items():
        raw = sum((pairs.get((industry, region), 0.0) / employees - part) ** 2 for region, part in parts.items())
        own = [one.employees / employees for one in known if one.industry == industry]
        herfindahl = sum(one**2 for one in own)
        defined = spread > 1e-12 and herfindahl < 1 - 1e-12
        gamma = (raw / spread - herfindahl) / (1 - herfindahl) if defined else None
        found.append(
            Agglomeration(
                industry=industry,
                raw=raw,
                herfindahl=herfindahl,
                gamma=gamma,
                plants=len(own),
                employees=employees,
            )
        )
    return sorted(found, key=lambda one: (-(one.gamma if one.gamma is not None else -1e9), one.industry))


def _sums(
    plants: Iterable[Plant],
) -> tuple[dict[tuple[str, str], float], dict[str, float], dict[str, float], dict[tuple[str, str], int]]:
    pairs: dict[tuple[str, str], float] = defaultdict(float)
    industries: dict[str, float] = defaultdict(float)
    regions: dict[str, float] = defaultdict(float)
    count: dict[tuple[str, str], int] = defaultdict(int)
    for number, plant in enumerate(plants, 1):
        if not 0 < plant.employees < float("inf"):
            raise InputError("employees not above 0", row=number, field="employees", mend="leave the plant out")
        pairs[plant.industry, plant.region] += plant.employees
        industries[plant.industry] += plant.employees
        regions[plant.region] += plant.employees
        count[plant.industry, plant.region] += 1
    return dict(pairs), dict(industries), dict(regions), dict(count)
