"""What a reader wishes of a group, read from the address and written back to it. Not the composing (exchange.composition)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from msgspec.structs import replace

from tashbik.exchange.composition import Wish
from tashbik.network import Condition

MOST = 30
"""Partners at most that can be asked for: nobody leads more."""
PAIR = "|"
LARGEST = 1e15
USUAL_CAUTION = Wish().caution


@dataclass(frozen=True, slots=True)
class Asked:
    """A wish, and whether the reader said whose enterprises are to take part."""

    wish: Wish
    reach_said: bool


def read(query: QueryDict) -> Asked:
    """The wish in an address; what is not understood counts as not wished."""
    reach = query.get("reach", "")
    share = _amount(query.get("most", ""))
    return Asked(
        Wish(
            max_partners=_count(query.get("partners", ""), MOST),
            critical=tuple(one for one in dict.fromkeys(query.getlist("critical")) if one),
            most_part=min(1.0, share / 100) if share else 1.0,
            country=query.get("country", "")[:2].upper(),
            local=min(1.0, (_amount(query.get("local", "")) or 0.0) / 100),
            lead=query.get("lead", ""),
            apart=tuple(dict.fromkeys(_pairs(query))),
            required=tuple(one for one in dict.fromkeys(query.getlist("with")) if one),
            excluded=tuple(one for one in dict.fromkeys(query.getlist("without")) if one),
            budget=_amount(query.get("budget", "")) or None,
            caution=_choice(query.get("caution", ""), usual=USUAL_CAUTION),
            risk_cost=_choice(query.get("risk", "")),
            fixed_cost=_amount(query.get("fixed", "")) or 0.0,
            transport=_amount(query.get("transport", "")) or 0.0,
            reach="all" if reach == "all" else "own",
            chosen=_count(query.get("group", ""), 9) or 0,
        ),
        reach_said=reach in ("own", "all"),
    )


def _pairs(query: QueryDict) -> Iterable[tuple[str, str]]:
    typed = (query.get("apart_a", ""), query.get("apart_b", ""))
    kept = [one.partition(PAIR)[::2] for one in query.getlist("apart")]
    return [(first, second) for first, second in (*kept, typed) if first and second and first != second]


def _amount(text: str) -> float | None:
    """A number of at least 0 as fields of numbers send it; a comma counts as a decimal point."""
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if 0 <= value < LARGEST else None


def _count(text: str, most: int) -> int | None:
    return min(int(text), most) if text.isascii() and text.isdigit() and int(text[:4]) > 0 else None


def _choice(text: str, usual: float = 0.0) -> float:
    """One of 0, 1, 2 and 3."""
    return float(text) if text in ("0", "1", "2", "3") else usual


def pairs(wish: Wish) -> list[tuple[str, str]]:
    """A wish as names and values of an address."""
    values: list[tuple[str, object]] = [
        ("reach", wish.reach),
        ("partners", wish.max_partners),
        *(("critical", one) for one in wish.critical),
        ("most", _hundredths(wish.most_part) if wish.most_part < 1 else None),
        ("country", wish.country if wish.local else None),
        ("local", _hundredths(wish.local) if wish.local else None),
        ("lead", wish.lead),
        *(("apart", PAIR.join(one)) for one in wish.apart),
        *(("with", one) for one in wish.required),
        *(("without", one) for one in wish.excluded),
        ("budget", _plain(wish.budget)),
        ("caution", f"{wish.caution:.0f}" if wish.caution != USUAL_CAUTION else None),
        ("risk", _plain(wish.risk_cost)),
        ("fixed", _plain(wish.fixed_cost)),
        ("transport", _plain(wish.transport)),
        ("group", wish.chosen or None),
    ]
    return [(name, str(value)) for name, value in values if value not in (None, "")]


def _plain(value: float | None) -> str | None:
    return f"{value:.12g}" if value else None


def _hundredths(part: float) -> str:
    return f"{100 * part:.6g}"


def query_of(wish: Wish) -> str:
    """A wish as a query string with its question mark."""
    return "?" + urlencode(pairs(wish))


# single changes, for links


def choosing(wish: Wish, number: int) -> Wish:
    """The same wish with another of the groups that it found."""
    return replace(wish, chosen=number)


def leaving_out(wish: Wish, partner: str) -> Wish:
    """The wish without an enterprise."""
    return replace(
        wish,
        excluded=(*wish.excluded, partner),
        required=tuple(one for one in wish.required if one != partner),
        lead="" if wish.lead == partner else wish.lead,
        chosen=0,
    )


def taking_in(wish: Wish, partner: str) -> Wish:
    """The wish with an enterprise that must take part."""
    kept = tuple(one for one in wish.excluded if one != partner)
    return replace(wish, required=(*wish.required, partner), excluded=kept, chosen=0)


def without(wish: Wish, condition: Condition) -> Wish | None:
    """The wish without a condition; None for what was not wished (that a line be made at all)."""
    about = condition.about
    changes: dict[str, dict[str, object]] = {
        "max_partners": {"max_partners": None},
        "apart": {"apart": tuple(one for one in wish.apart if set(one) != set(about))},
        "required": {"required": tuple(one for one in wish.required if one not in about)},
        "sources": {"critical": tuple(one for one in wish.critical if one not in about)},
        "most_part": {"most_part": 1.0},
        "country": {"local": 0.0, "country": ""},
        "lead": {"lead": ""},
        "budget": {"budget": None},
    }
    change = changes.get(condition.kind)
    return replace(wish, chosen=0, **change) if change else None
