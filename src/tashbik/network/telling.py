"""All that is to be said of a composition, in sentences: the conflict, ways out, weak points, savings, near misses. Not single phrases (wording.py)."""

from __future__ import annotations

from collections.abc import Sequence

from tashbik.network.offering import Sources
from tashbik.network.order import Composition, MissGain, Saving, Weakness
from tashbik.network.wording import conflict_words, miss_words, relief_words, saving_words, weakness_words

SHOWN = 3


def sentences(
    sources: Sources,
    found: Composition,
    weak: Sequence[Weakness],
    saved: Sequence[Saving],
    gains: Sequence[MissGain],
    language: str,
) -> list[str]:
    """The sentences in the order in which they matter, at most `SHOWN` of a kind."""
    by_id = {one.id: one for one in (*sources.partners, *(miss.partner for miss in sources.misses))}
    order = sources.order
    lines = []
    if found.conflict:
        lines.append(conflict_words(found.conflict, by_id, order, language))
    lines += [relief_words(one, by_id, order, language) for one in found.reliefs]
    lines += [weakness_words(one, by_id, order, language) for one in weak[:SHOWN]]
    lines += [saving_words(one, by_id, order, language) for one in saved[:SHOWN]]
    return lines + [miss_words(one, by_id, order, language) for one in gains[:SHOWN]]
