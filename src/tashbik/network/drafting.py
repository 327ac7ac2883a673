"""The draft partnership agreement of a group, as sections of text in Arabic, French or English. Not its layout, nor legal advice."""

from __future__ import annotations

from collections.abc import Sequence

from tashbik.network.order import Allocation, Group, Order, Partner, Weakness
from tashbik.network.wording import (
    country_name,
    line_name,
    line_quantity,
    money,
    name_of,
    percent,
    weakness_words,
    wording,
)
from tashbik.registry.records import Record


class Section(Record, frozen=True, kw_only=True):
    """A section: a stable key, its heading, paragraphs, and the rows of its list."""

    key: str
    heading: str
    paragraphs: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()


class Agreement(Record, frozen=True, kw_only=True):
    """A draft: language, title, sections, and the note that it is one."""

    language: str
    title: str
    sections: tuple[Section, ...]
    note: str

    def as_text(self) -> str:
        """The draft as plain text, sections numbered."""
        parts = [self.title, self.note]
        for number, section in enumerate(self.sections, 1):
            lines = [f"{number}. {section.heading}", *section.paragraphs, *(f"– {row}" for row in section.rows)]
            parts.append("\n".join(lines))
        return "\n\n".join(parts) + "\n"


def agreement(
    order: Order,
    partners: Sequence[Partner],
    group: Group,
    *,
    language: str,
    weakest: Weakness | None = None,
) -> Agreement:
    """The draft agreement of a group: parties and roles, shares, responsibilities, what happens when a member fails."""
    by_id = {one.id: one for one in partners}

    def say(key: str, **values: object) -> str:
        return wording("agreement.tsv")[key][language].format(**values)

    def name(partner: str) -> str:
        return name_of(partner, by_id, language)

    def section(key: str, *paragraphs: str, rows: Sequence[str] = ()) -> Section:
        return Section(key=key, heading=say(f"{key}.heading"), paragraphs=paragraphs, rows=tuple(rows))

    members = group.members
    failure = [say("failure.text")]
    if weakest is not None:
        failure.append(say("failure.weakest", sentence=weakness_words(weakest, by_id, order, language)))
    sections = (
        section(
            "parties",
            say("parties.intro"),
            rows=[
                say(f"parties.{one.role}", name=name(one.partner), place=_place(by_id[one.partner], language))
                for one in members
            ],
        ),
        section("purpose", say("purpose.text", order=order.id, buyer=order.buyer or say("purpose.buyer"))),
        section(
            "shares",
            say("shares.intro"),
            *_uncovered(order, group, language),
            rows=[
                *(_share(order, one, name(one.partner), language) for one in group.allocations),
                *(say("shares.member", name=name(one.partner), percent=percent(one.part, language)) for one in members),
            ],
        ),
        section("lead", say("lead.represents", lead=name(group.lead)), say("lead.plans"), say("lead.pays")),
        section("members", say("members.makes"), say("members.capacity"), say("members.liability")),
        section("quality", say("quality.text")),
        section("failure", *failure),
        section(
            "price",
            say("price.note"),
            rows=[
                say("price.firm", name=name(one.partner), amount=money(one.cost, order, language)) for one in members
            ],
        ),
        section("secrecy", say("secrecy.text")),
        section("law", say("law.text")),
        section("signatures", rows=[say("signatures.row", name=name(one.partner)) for one in members]),
    )
    return Agreement(language=language, title=say("title", order=order.id), sections=sections, note=say("draft"))


def _place(partner: Partner, language: str) -> str:
    parts = [partner.place.locality, country_name(partner.place.country, language) if partner.place.country else ""]
    return wording("wording.tsv")["list"][language].join(part for part in parts if part) or "…"


def _share(order: Order, made: Allocation, name: str, language: str) -> str:
    line = next(one for one in order.lines if one.id == made.line)
    return wording("agreement.tsv")["shares.row"][language].format(
        name=name,
        line=line_name(made.line, order),
        quantity=line_quantity(made.quantity, line, language),
        percent=percent(made.part, language),
    )


def _uncovered(order: Order, group: Group, language: str) -> list[str]:
    lines = {line.id: line for line in order.lines}
    return [
        wording("agreement.tsv")["shares.uncovered"][language].format(
            line=line_name(one.line, order), quantity=line_quantity(one.quantity, lines[one.line], language)
        )
        for one in group.uncovered
    ]
