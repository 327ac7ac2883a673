"""Groups and graphs: suppliers that together meet an order, and the network that links make. Not the links themselves (linkage)."""

from tashbik.network.composing import alternatives, compose
from tashbik.network.drafting import Agreement, Section, agreement
from tashbik.network.offering import Price, Sources, Terms, from_links, order_of
from tashbik.network.order import (
    Allocation,
    Composition,
    Condition,
    Conditions,
    CountryShare,
    Group,
    Member,
    MissGain,
    NearMiss,
    Order,
    OrderFile,
    OrderLine,
    Partner,
    PartnerOffer,
    Relief,
    Saving,
    Uncovered,
    Weakness,
)
from tashbik.network.problem import Answer, Problem, problem_of, read_problem
from tashbik.network.resilience import miss_gains, savings, weaknesses
from tashbik.network.solve import source
from tashbik.network.verify import cost_of, faults

__all__ = [
    "Agreement",
    "Allocation",
    "Answer",
    "Composition",
    "Condition",
    "Conditions",
    "CountryShare",
    "Group",
    "Member",
    "MissGain",
    "NearMiss",
    "Order",
    "OrderFile",
    "OrderLine",
    "Partner",
    "PartnerOffer",
    "Price",
    "Problem",
    "Relief",
    "Saving",
    "Section",
    "Sources",
    "Terms",
    "Uncovered",
    "Weakness",
    "agreement",
    "alternatives",
    "compose",
    "cost_of",
    "faults",
    "from_links",
    "miss_gains",
    "order_of",
    "problem_of",
    "read_problem",
    "savings",
    "source",
    "weaknesses",
]
