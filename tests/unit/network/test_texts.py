"""Wording of groups, agreements, measures and commands: three languages, the same placeholders, all of it used and rendered."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tashbik.cli.network import network_texts
from tashbik.network import (
    Condition,
    Conditions,
    MissGain,
    Order,
    OrderLine,
    Partner,
    PartnerOffer,
    Saving,
    agreement,
    compose,
    weaknesses,
)
from tashbik.network.analysis import NAMES
from tashbik.network.wording import (
    assumed_words,
    condition_words,
    miss_words,
    number,
    quantity,
    saving_words,
    weakness_words,
    wording,
)

SOURCE = Path(__file__).parents[3] / "src" / "tashbik"
TABLES = {name: wording(name) for name in ("wording.tsv", "agreement.tsv", "measures.tsv")}
TABLES["commands.tsv"] = network_texts()
ROWS = [(name, key) for name, table in TABLES.items() for key in table]


@pytest.mark.parametrize(("name", "key"), ROWS)
def test_texts_have_the_same_placeholders_in_three_languages(name, key):
    row = TABLES[name][key]
    assert set(row) == {"ar", "fr", "en"} and all(row.values())
    assert len({frozenset(re.findall(r"{(\w+)", text)) for text in row.values()}) == 1
    latin = re.sub(r"{[^}]*}", "", row["fr"])
    if re.search("[A-Za-z]{3}", latin):
        assert re.search("[\u0621-\u064a]", row["ar"])


def test_every_text_of_the_commands_is_used():
    code = (SOURCE / "cli" / "network.py").read_text(encoding="utf-8")
    used = set(re.findall(r"""said\(\s*["']([a-z._-]+)["']""", code)) | {"role.lead", "role.member"}
    used |= {f"status.{one}" for one in ("optimal", "feasible", "infeasible", "unknown")}
    assert set(network_texts()) == used


def test_every_measure_is_defined():
    assert set(NAMES) <= set(wording("measures.tsv"))


ORDER = Order(
    id="N-7",
    currency="DZD",
    lines=(
        OrderLine(id="1", text="carters en aluminium", quantity=1000, critical=True),
        OrderLine(id="2", quantity=3, unit="lot"),
    ),
)
PARTNERS = (
    Partner(id="A", names={"ar": "مسبك الهضاب", "fr": "Fonderie des Plateaux"}, fixed_cost=10),
    Partner(id="B", names={"fr": "Atlas"}),
    Partner(id="C"),
)
OFFERS = tuple(
    PartnerOffer(partner=one, line=line, capacity=600 if line == "1" else 2, unit_price=price, machine="machine.press")
    for one, price in (("A", 5), ("B", 6))
    for line in ("1", "2")
)
BY_ID = {one.id: one for one in PARTNERS}


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_draft_agreement_names_parties_shares_and_what_happens_on_failure(language):
    group = compose(ORDER, PARTNERS, OFFERS).group
    weak = weaknesses(ORDER, PARTNERS, OFFERS, Conditions(), group)
    draft = agreement(ORDER, PARTNERS, group, language=language, weakest=weak[0])
    keys = [one.key for one in draft.sections]
    assert keys[:3] == ["parties", "purpose", "shares"] and {"lead", "members", "failure", "signatures"} <= set(keys)
    text = draft.as_text()
    assert "{" not in text and draft.note in text and number(600, language) in text
    name = "مسبك الهضاب" if language == "ar" else "Fonderie des Plateaux"
    assert text.count(name) >= 4 and len(draft.sections[0].rows) == len(group.members)
    partial = compose(ORDER, PARTNERS[:1], OFFERS[:2], Conditions(sources=1)).group
    assert len(agreement(ORDER, PARTNERS, partial, language=language).sections[2].paragraphs) == 3


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_every_kind_of_sentence_can_be_said(language):
    kinds = (
        "line",
        "max_partners",
        "apart",
        "required",
        "sources",
        "most_part",
        "country",
        "local_content",
        "lead",
        "budget",
    )
    about = {"line": ("1",), "sources": ("1",), "most_part": ("1",), "apart": ("A", "B"), "country": ("DZ",)}
    lines = [
        condition_words(Condition(kind=kind, about=about.get(kind, ("A",)), number=2), BY_ID, ORDER, language)
        for kind in kinds
    ]
    lines.append(condition_words(Condition(kind="lead"), BY_ID, ORDER, language))
    for kind in ("machine", "capacity", "partners", "line"):
        one = Saving(kind=kind, amount=1234.5, partner="A", line="1", machine="machine.unknown words")
        lines.append(saving_words(one, BY_ID, ORDER, language))
    for covered in (0.2, 0.0):
        gain = MissGain(partner="B", line="1", failing=("certificate", "material"), covered=covered, saved=5)
        lines.append(miss_words(gain, BY_ID, ORDER, language))
    lines.append(assumed_words(("capacity", "unit_price", "material"), language))
    assert len(set(lines)) == len(lines) and not any("{" in one for one in lines)


def test_weak_points_in_words():
    group = compose(ORDER, PARTNERS, OFFERS).group
    found = weaknesses(ORDER, PARTNERS, OFFERS, Conditions(), group)
    assert "%" in weakness_words(found[0], BY_ID, ORDER, "fr")


def test_numbers_and_quantities():
    assert number(12345.6, "en") == "12,346" and number(12345.6, "ar") == "12,346" and number(1.256, "fr") == "1,26"
    assert quantity(2000, "piece", "en") == "2,000 pieces" and quantity(1, "lot", "ar") == "1 دفعة كاملة"
