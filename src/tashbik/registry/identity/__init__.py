"""Which records of a register are one enterprise: candidate pairs with reasons, clusters, checks of one record, learning.

`RegisterIdentity` is what applications call; it proposes and never merges.
"""

from tashbik.registry.identity.evaluation import evaluate_identity, pairwise
from tashbik.registry.identity.model import Decision, Model, default_model, learned
from tashbik.registry.identity.particulars import Particulars, of_enterprise
from tashbik.registry.identity.reasons import Reason
from tashbik.registry.identity.register_identity import CandidatePair, Cluster, PairDecision, RegisterIdentity

__all__ = [
    "CandidatePair",
    "Cluster",
    "Decision",
    "Model",
    "PairDecision",
    "Particulars",
    "Reason",
    "RegisterIdentity",
    "default_model",
    "evaluate_identity",
    "learned",
    "of_enterprise",
    "pairwise",
]
