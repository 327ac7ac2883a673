"""Tashbik's whole way from a need's text to explained links. Not comparable with the peers, which stop at ranked ids."""

from __future__ import annotations

from datetime import date

from benchmarks.data import JudgedNeed
from benchmarks.engines.tashbik_candidates import TashbikCandidates
from tashbik.linkage.explain import explanation
from tashbik.linkage.match import Matcher
from tashbik.registry.need_text import need_line
from tashbik.registry.records import Need

TODAY = date(2026, 11, 24)
"""The day of judgement, fixed so that runs repeat; the generated profiles are dated before it."""
TOP = 20


class TashbikMatch(TashbikCandidates):
    """Requirements out of the text, candidates, verdicts on each, and an explanation of each of the best links."""

    def ask(self, need: JudgedNeed, limit: int) -> list[str]:
        """Enterprises of the best links, every one of the `TOP` explained."""
        line = need_line("1", need.text, today=TODAY)
        matcher = Matcher(self.index, self.encoder, today=TODAY)
        links = matcher.match_line(Need(id=need.id, lines=(line,)), line, top=TOP).links
        explained = [(link.enterprise, explanation(link, line.language)) for link in links]
        return [enterprise for enterprise, _ in explained][:limit]
