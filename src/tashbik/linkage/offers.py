"""What is judged and indexed: one capability with what its enterprise has to offer around it. Not the register's record itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from tashbik.language.encoder import Encoder
from tashbik.linkage.background import Background
from tashbik.linkage.features import features_of
from tashbik.linkage.index import Entry
from tashbik.registry.records import Capability, Certificate, Enterprise, Machine, Place, Provenance, Record, Words

MAX_ENCODED = 400
"""Characters of an offer's text that the encoder sees; beyond, sentence vectors blur."""


class Offer(Record, frozen=True, kw_only=True):
    """A capability in its enterprise's setting. `others` are the concepts of the enterprise's other capabilities."""

    enterprise: str
    names: Words
    place: Place
    capability: Capability
    certificates: tuple[Certificate, ...] = ()
    machines: tuple[Machine, ...] = ()
    others: tuple[str, ...] = ()
    other_grades: tuple[str, ...] = ()
    provenance: Provenance = Provenance()
    languages: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Key of the offer in the index."""
        return f"{self.enterprise}\x1f{self.capability.id}"

    def text(self) -> str:
        """The words by which the offer is found."""
        attributes = [value for value in self.capability.attributes.values() if value]
        parts = [*self.capability.words.values(), *attributes, *self.capability.materials]
        return " . ".join(dict.fromkeys(part for part in parts if part))


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Offer)


def offers_of(enterprise: Enterprise) -> Iterator[Offer]:
    """One offer for each capability of an (understood) enterprise."""
    for capability in enterprise.capabilities:
        rest = [one for one in enterprise.capabilities if one is not capability][:50]
        yield Offer(
            enterprise=enterprise.id,
            names=enterprise.names,
            place=enterprise.place,
            capability=capability,
            certificates=enterprise.certificates,
            machines=enterprise.machines,
            others=tuple(dict.fromkeys(concept for one in rest for concept in one.concepts)),
            other_grades=tuple(dict.fromkeys(grade for one in rest for grade in one.grades)),
            provenance=enterprise.provenance,
            languages=enterprise.languages,
        )


def pack(offer: Offer) -> bytes:
    """An offer as bytes."""
    return _encoder.encode(offer)


def unpack(payload: bytes) -> Offer:
    """The offer of some bytes."""
    return _decoder.decode(payload)


def entries(
    enterprises: Iterable[Enterprise], encoder: Encoder, background: Background, batch: int = 512
) -> Iterator[Entry]:
    """Index entries of understood enterprises, encoded in batches."""
    waiting: list[Offer] = []
    for enterprise in enterprises:
        waiting.extend(offers_of(enterprise))
        if len(waiting) >= batch:
            yield from _encoded(waiting, encoder, background)
            waiting = []
    if waiting:
        yield from _encoded(waiting, encoder, background)


def _encoded(offers: Sequence[Offer], encoder: Encoder, background: Background) -> Iterator[Entry]:
    texts = [offer.text() for offer in offers]
    vectors = encoder.encode([text[:MAX_ENCODED] for text in texts])
    for offer, text, vector, hub in zip(offers, texts, vectors, background.hubs(vectors), strict=True):
        hubs = (float(hub[0]), float(hub[1]), float(hub[2]))
        yield Entry(offer.key, offer.enterprise, features_of(text), vector, hubs, pack(offer))
