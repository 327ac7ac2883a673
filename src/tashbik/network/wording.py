"""Groups, conflicts, weaknesses and savings in Arabic, French and English. Not the calculation; wording is in data/wording.tsv."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

from babel import Locale
from babel.numbers import format_decimal

from tashbik.language.units import label as unit_label
from tashbik.network.order import Condition, MissGain, Order, OrderLine, Partner, Relief, Saving, Weakness
from tashbik.nomenclature.tables import concepts

LOCALES = {"ar": "en", "fr": "fr", "en": "en"}
"""Of numbers: European digits everywhere, and in Arabic the comma for thousands as in the explanations of links."""


@cache
def wording(table: str) -> dict[str, dict[str, str]]:
    """Phrases of one table under `data/`, by key and language."""
    text = resources.files("tashbik.network").joinpath(f"data/{table}").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return {row[0]: dict(zip(rows[0][1:], row[1:], strict=True)) for row in rows[1:]}


def phrase(key: str, language: str, **values: object) -> str:
    """One phrase with its placeholders filled; KeyError for a phrase that is not there."""
    return wording("wording.tsv")[key][language].format(**values)


def number(value: float, language: str) -> str:
    """A number as written in a language: two decimals below ten, none above a hundred."""
    digits = 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
    return str(format_decimal(round(value, digits), format="#,##0.##", locale=LOCALES[language]))


def percent(part: float, language: str) -> str:
    """A part (0–1) as a percentage, without the sign's spacing rules of typography."""
    return number(round(100 * part, 1), language)


def money(value: float, order: Order, language: str) -> str:
    """An amount with the order's currency code."""
    amount = number(value, language)
    return f"{amount} {order.currency}" if order.currency else amount


def quantity(value: float, unit: str, language: str) -> str:
    """A quantity with its unit; a unit that is not in the nomenclature as written."""
    name = phrase("lot", language) if unit == "lot" else unit_label(unit, language, value)
    return f"{number(value, language)} {name}"


def line_quantity(value: float, line: OrderLine, language: str) -> str:
    """A quantity of a line with its unit and, where it has one, its period."""
    from tashbik.linkage.explain import word

    amount = quantity(value, line.unit, language)
    return f"{amount} {word(f'per.{line.period}', language)}" if line.period else amount


def best_name(names: Mapping[str, str], language: str) -> str:
    """The name in a language, else in one of the same script, else in any; empty where there is none."""
    likely = {"ar": ("ar", "fr", "en"), "fr": ("fr", "en"), "en": ("en", "fr")}[language]
    return next((names[one] for one in likely if names.get(one)), next(iter(names.values()), ""))


def name_of(partner: str, partners: Mapping[str, Partner], language: str) -> str:
    """Name of a partner, else its id."""
    return best_name(partners[partner].names if partner in partners else {}, language) or partner


def machine_name(machine: str, language: str) -> str:
    """Label of a machine's concept, or the words themselves."""
    return concepts()[machine].label(language) if machine in concepts() else machine


def country_name(code: str, language: str) -> str:
    """Name of a country by its ISO code (Unicode CLDR), or the code."""
    return str(Locale(language).territories.get(code, code))


def condition_words(condition: Condition, partners: Mapping[str, Partner], order: Order, language: str) -> str:
    """A condition in words."""
    names = [
        country_name(one, language) if condition.kind == "country" else name_of(one, partners, language)
        for one in condition.about
    ]
    value = condition.number or 0.0
    key = "condition.lead-any" if condition.kind == "lead" and not names else f"condition.{condition.kind}"
    return phrase(
        key,
        language,
        first=names[0] if names else "",
        second=names[1] if len(names) > 1 else "",
        line=line_name(condition.about[0], order) if condition.about else "",
        count=number(value, language),
        percent=percent(value, language),
        amount=money(value, order, language),
    )


def line_name(line: str, order: Order) -> str:
    """The words of a line, shortened, or its id."""
    text = next((one.text for one in order.lines if one.id == line), "")
    return (text if len(text) <= 60 else text[:59] + "…") or line


def assumed_words(assumed: Sequence[str], language: str) -> str:
    """What was assumed of an offer for want of data, in words."""
    from tashbik.linkage.explain import word

    own = ("capacity", "unit_price")
    names = [phrase(f"assumed.{one}", language) if one in own else word(f"kind.{one}", language) for one in assumed]
    return phrase("list", language).join(names)


def relief_words(one: Relief, partners: Mapping[str, Partner], order: Order, language: str) -> str:
    """What becomes possible without a condition, in words; of a cost only where there is one."""
    name = condition_words(one.without, partners, order, language)
    key = "relief" if one.cost else "relief.free"
    return phrase(key, language, condition=name, amount=money(one.cost, order, language))


def conflict_words(conflict: Sequence[Condition], partners: Mapping[str, Partner], order: Order, language: str) -> str:
    """Which conditions cannot hold together, in words; empty for none."""
    if not conflict:
        return ""
    names = [condition_words(one, partners, order, language) for one in conflict]
    key = "conflict" if len(names) > 1 else "conflict.one"
    return phrase(key, language, conditions=phrase("list", language).join(names))


def weakness_words(one: Weakness, partners: Mapping[str, Partner], order: Order, language: str) -> str:
    """A member's failure in words."""
    name = name_of(one.partner, partners, language)
    if one.uncovered <= 0:
        return phrase("weakness.none", language, name=name)
    sentence = phrase("weakness", language, name=name, percent=percent(one.uncovered, language))
    if not one.replacement:
        return f"{sentence} {phrase('weakness.no-replacement', language)}"
    other = name_of(one.replacement, partners, language)
    same = "weakness.replaced" if one.extra else "weakness.replaced-same"
    key = same if one.left <= 0 else "weakness.replaced-part"
    more = phrase(
        key, language, name=other, percent=percent(one.left, language), amount=money(one.extra, order, language)
    )
    return f"{sentence} {more}"


def saving_words(one: Saving, partners: Mapping[str, Partner], order: Order, language: str) -> str:
    """A saving in words."""
    unit = next((line.unit for line in order.lines if line.id == one.line), "piece")
    return phrase(
        f"saving.{one.kind}",
        language,
        name=name_of(one.partner, partners, language),
        machine=machine_name(one.machine, language),
        unit=unit_label(unit, language, 1) if one.kind == "capacity" and unit != "lot" else quantity(1, unit, language),
        line=line_name(one.line, order),
        amount=money(one.amount, order, language),
    )


def miss_words(one: MissGain, partners: Mapping[str, Partner], order: Order, language: str) -> str:
    """What a near miss would bring, in words."""
    from tashbik.linkage.explain import word

    kinds = phrase("list", language).join(word(f"kind.{kind}", language) for kind in one.failing)
    key = "miss.covers" if one.covered > 0 else "miss.saves"
    return phrase(
        key,
        language,
        name=name_of(one.partner, partners, language),
        kinds=kinds,
        line=line_name(one.line, order),
        percent=percent(one.covered, language),
        amount=money(one.saved, order, language),
    )
