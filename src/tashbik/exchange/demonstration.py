"""The demonstration installation: fictitious exchanges, people, organisations, enterprises and needs. Not for one's own data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from msgspec.structs import replace

from tashbik.exchange import audit
from tashbik.exchange.actor import SYSTEM
from tashbik.exchange.models import Enterprise, Exchange, Membership, Need, Organisation, Role, User
from tashbik.exchange.need_sheet import title_of
from tashbik.exchange.projection import as_json
from tashbik.exchange.scenes import load_scenes
from tashbik.exchange.storing import new_row, store_many
from tashbik.registry import records
from tashbik.registry.demonstration import needs_of_the_demonstration, register_files
from tashbik.registry.readers import read_enterprises
from tashbik.registry.rejects import Reject

ANSWER_WITHIN = timedelta(days=45)
"""Until when the demonstration's needs that name no day can be answered."""
PASSWORD = "tashbik-demo-2026"  # printed by the demonstration, which is refused without TASHBIK_DEMONSTRATION
EXCHANGES: tuple[tuple[str, str, str, str, str, str], ...] = (
    (
        "dz",
        "DZ",
        "DZD",
        "بورصة المناولة والشراكة: الجزائر (توضيحية)",
        "Bourse de sous-traitance et de partenariat, Algérie (fictive)",
        "Subcontracting and partnership exchange, Algeria (fictitious)",
    ),
    (
        "tn",
        "TN",
        "TND",
        "بورصة المناولة والشراكة: تونس (توضيحية)",
        "Bourse de sous-traitance et de partenariat, Tunisie (fictive)",
        "Subcontracting and partnership exchange, Tunisia (fictitious)",
    ),
    (
        "ma",
        "MA",
        "MAD",
        "بورصة المناولة والشراكة: المغرب (توضيحية)",
        "Bourse de sous-traitance et de partenariat, Maroc (fictive)",
        "Subcontracting and partnership exchange, Morocco (fictitious)",
    ),
    (
        "eg",
        "EG",
        "EGP",
        "بورصة المناولة والشراكة: مصر (توضيحية)",
        "Bourse de sous-traitance et de partenariat, Égypte (fictive)",
        "Subcontracting and partnership exchange, Egypt (fictitious)",
    ),
    (
        "sa",
        "SA",
        "SAR",
        "بورصة المناولة والشراكة: السعودية (توضيحية)",
        "Bourse de sous-traitance et de partenariat, Arabie saoudite (fictive)",
        "Subcontracting and partnership exchange, Saudi Arabia (fictitious)",
    ),
    (
        "arab",
        "",
        "USD",
        "البورصة العربية المشتركة (توضيحية)",
        "Bourse arabe commune (fictive)",
        "Joint Arab exchange (fictitious)",
    ),
)
"""Code, country (none: all others), currency, and names in ar, fr and en."""


@dataclass(frozen=True, slots=True)
class Account:
    """A ready account of the demonstration."""

    email: str
    name: str
    role: str


ACCOUNTS = (
    Account("officer@demo.example", "سميرة بن علي", Role.OFFICER),
    Account("member@demo.example", "كمال حداد", Role.MEMBER),
    Account("buyer@demo.example", "ليلى منصوري", Role.BUYER),
    Account("institution@demo.example", "رشيد عمراني", Role.INSTITUTION),
    Account("financier@demo.example", "هدى السالمي", Role.FINANCIER),
    Account("analyst@demo.example", "منير قاسم", Role.ANALYST),
    Account("organiser@demo.example", "نادية شريف", Role.ORGANISER),
    Account("administrator@demo.example", "يوسف العلوي", Role.ADMINISTRATOR),
)
ORGANISATIONS = {
    Role.BUYER: ("شركة المحركات الكبرى (توضيحية)", Organisation.Kind.BUYER),
    Role.INSTITUTION: ("المركز التقني للصناعات الميكانيكية (توضيحي)", Organisation.Kind.INSTITUTION),
    Role.FINANCIER: ("صندوق ضمان القروض (توضيحي)", Organisation.Kind.FINANCIER),
}


def loaded() -> bool:
    """Whether the demonstration is there."""
    return User.objects.filter(email=ACCOUNTS[0].email).exists()


@transaction.atomic
def load() -> int:
    """Load all of it into an empty installation; returns how many enterprises. Does nothing where it is there."""
    if loaded():
        return 0
    exchanges = {
        code: Exchange.objects.create(
            code=code,
            country=country,
            currency=currency,
            name_ar=ar,
            name_fr=fr,
            name_en=en,
            email=f"{code}@demo.example",
        )
        for code, country, currency, ar, fr, en in EXCHANGES
    }
    count = _enterprises(exchanges)
    _people(exchanges["dz"])
    officer = User.objects.create_user("officer@tn.example", PASSWORD, name="الهادي التونسي", language="fr")
    Membership.objects.create(user=officer, exchange=exchanges["tn"], role=Role.OFFICER)
    _verified()
    _needs(exchanges["dz"])
    load_scenes(exchanges["dz"])
    audit.append(SYSTEM, "demonstration.load", note=f"{count} enterprises")
    return count


def _enterprises(exchanges: dict[str, Exchange]) -> int:
    by_country = {one.country: one for one in exchanges.values()}
    rows = [
        (new_row(by_country.get(record.place.country, exchanges["arab"]), record), record)
        for file in register_files()
        for record in read_enterprises(file)
        if not isinstance(record, Reject)
    ]
    store_many(rows, ())
    return len(rows)


def _people(exchange: Exchange) -> None:
    foundry = Enterprise.objects.get(code="dz:TSB-0001")
    for account in ACCOUNTS:
        user = User.objects.create_user(account.email, PASSWORD, name=account.name)
        organisation = None
        if account.role in ORGANISATIONS:
            name, kind = ORGANISATIONS[Role(account.role)]
            organisation = Organisation.objects.create(
                exchange=exchange, kind=kind, name=name, country=exchange.country, email=account.email
            )
        Membership.objects.create(
            user=user,
            exchange=exchange,
            role=account.role,
            organisation=organisation,
            enterprise=foundry if account.role == Role.MEMBER else None,
        )


def _verified() -> None:
    from allauth.account.models import EmailAddress

    for user in User.objects.all():
        EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


def _needs(exchange: Exchange) -> None:
    buyer = Organisation.objects.get(exchange=exchange, kind=Organisation.Kind.BUYER)
    for need in needs_of_the_demonstration():
        text = " ".join(line.text for line in need.lines)
        Need.objects.create(
            exchange=exchange,
            buyer=buyer,
            code=f"{exchange.code}-{need.id}",
            title=title_of(text),
            text=text,
            language=need.lines[0].language[:2] if need.lines else "",
            kind=need.kind,
            record=as_json(replace(need, id=f"{exchange.code}-{need.id}", buyer="")),
            status=Need.Status.RELEASED,
            due=need.due or date.today() + ANSWER_WITHIN,
            details=_confirmed(need),
            released=timezone.now(),
            confidentiality=Need.Confidentiality.OPEN,
        )


def _confirmed(need: records.Need) -> dict[str, Any]:
    """All lines confirmed, as by their buyer; the first need asks for prices at several quantities."""
    breaks = [1000.0, 5000.0, 10000.0] if need.id == "N-01" else []
    return {"lines": {line.id: {"confirmed": True, "price_breaks": breaks} for line in need.lines}}


def accounts() -> Iterator[tuple[str, str, str]]:
    """E-mail address, password and role of each ready account."""
    for account in ACCOUNTS:
        yield account.email, PASSWORD, account.role
