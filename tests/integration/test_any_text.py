"""Whatever a buyer or a firm writes: nothing raises, every link is told in three languages, every question has words."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tashbik.language.encoder import default_encoder
from tashbik.linkage.background import default_background
from tashbik.linkage.explain import explanation, questions
from tashbik.linkage.match import Matcher
from tashbik.linkage.memory_index import MemoryIndex
from tashbik.linkage.offers import entries
from tashbik.registry.need_text import need_line
from tashbik.registry.records import Capability, Enterprise, Need
from tashbik.registry.understanding import understand
from tests.conftest import TODAY

PIECES = st.sampled_from(
    "خراطة|صب الألمنيوم تحت الضغط|tournage CNC|die casting|5 000 pièces/mois|٥٠٠ كغ شهريا|±0,05 mm|340×220×90 mm|Ø 60 × 1200 mm|316L|AlSi9Cu3|42CrMo4|"
    "ISO 9001 exigée|HACCP ou ISO 22000|إيزو 9001|avant fin mars 2027|خلال أسبوعين|Blida|بغداد|500 mg|أقراص باراسيتامول|sirop 5 mg/5 ml|5 MG/G|حقن|"
    "trading of used machines|centre de formation|MOQ 100|de 5 à 400 kg|presse 800 t|20 ألف قطعة|6 vessels/quarter|HS 8481.80|ISO 2768-m|IT7|M10|"
    "shoes, 20,000 pairs|50 000 pots de 50 ml par mois|0|-|/|×|(|)|«|1/0|30/02/2027|99999999999 t/jour|spare 800 pcs/week (2020)".split(
        "|"
    )
)
TEXTS = st.lists(PIECES | st.text(max_size=8), min_size=1, max_size=9).map(", ".join)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, TEXTS)
def test_any_need_against_any_profile_is_judged_and_told(asked, offered):
    firm = understand(
        Enterprise(id="E", names={"ar": "مؤسسة"}, capabilities=(Capability(id="1", words={"und": offered}),))
    )
    index = MemoryIndex()
    index.upsert(entries([firm], default_encoder(), default_background()))
    index.commit()
    line = need_line("1", asked)
    result = Matcher(index, default_encoder(), today=TODAY).match_line(Need(id="N", lines=(line,)), line)
    for link in (*result.links, *result.misses):
        assert 0.0 <= link.score <= 1.0
        for language in ("ar", "fr", "en"):
            assert explanation(link, language)
            assert len(questions(link, language)) == sum(one.outcome == "unknown" for one in link.verdicts)


@pytest.mark.parametrize("text", ["", " ", "\n", "؟", "0", "٪", "a" * 5_000, "خ" * 5_000])
def test_odd_needs(text):
    assert need_line("1", text).id == "1"
