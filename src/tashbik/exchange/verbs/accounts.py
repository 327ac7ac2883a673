"""People, their roles, organisations, API tokens; and what a person may have out or taken away. Not signing in (the sign-in library)."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.utils import timezone
from django.utils.translation import gettext as _

from tashbik.errors import InvalidError, NotFoundError, StateError
from tashbik.exchange.actor import Actor
from tashbik.exchange.audit import changed, forget, verb
from tashbik.exchange.models import (
    ApiToken,
    Attachment,
    Draft,
    Enterprise,
    Exchange,
    Mail,
    Membership,
    Organisation,
    Revision,
    Role,
    User,
)
from tashbik.exchange.queries.attachments import may_change, owner_of
from tashbik.exchange.verbs.attachments import drop
from tashbik.exchange.verbs.participant_erasure import cancel_standing, emptied

TOKEN_BYTES = 32
PARTICIPATION = ("name", "body", "position", "email", "category", "country", "language", "languages", "offers", "seeks")
"""What a person may have out of their part in a forum."""


@verb("exchange.found")
def found_exchange(*, actor: Actor, code: str, name: str, country: str = "", currency: str = "USD") -> Exchange:
    """A new exchange under one name in all languages, until its administrator gives the others."""
    if Exchange.objects.filter(code=code).exists():
        raise InvalidError({"code": [_("There is an exchange with this code already.")]})
    return Exchange.objects.create(
        code=code, name_ar=name, name_fr=name, name_en=name, country=country.upper(), currency=currency.upper()
    )


@verb("user.make")
def make_user(*, actor: Actor, email: str, role: str, exchange: str, name: str, enterprise: str, password: str) -> User:
    """A user with a verified address and one role. Raises InvalidError for a role, exchange or enterprise that is none."""
    if role not in Role.values or role == Role.VISITOR:
        raise InvalidError({"role": [_("Choose one of: %(roles)s.") % {"roles": ", ".join(sorted(Role.values))}]})
    home = Exchange.objects.filter(code=exchange).first()
    if home is None:
        raise InvalidError({"exchange": [_("There is no exchange with this code.")]})
    acts_for = Enterprise.objects.filter(code=enterprise).first() if enterprise else None
    if enterprise and acts_for is None:
        raise InvalidError({"enterprise": [_("There is no enterprise with this code.")]})
    user = User.objects.filter(email=email.lower()).first()
    if user is None:
        user = User.objects.create_user(email, password, name=name, language=home.language)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    Membership.objects.get_or_create(user=user, exchange=home, role=role, enterprise=acts_for)
    return user


@verb("profile.edit", on="person")
def edit_profile(*, actor: Actor, person: User, **values: Any) -> User:
    """Change one's name, language, digits, colours, Hijri dates. Raises InvalidError for a value that is none."""
    allowed = {"language": ("ar", "fr", "en"), "digits": ("latn", "arab"), "theme": ("auto", "light", "dark")}
    wrong = {
        key: [_("Choose one of the values offered.")] for key, ok in allowed.items() if values.get(key, ok[0]) not in ok
    }
    if wrong:
        raise InvalidError(wrong)
    for key in ("name", "language", "digits", "theme", "hijri"):
        if key in values:
            setattr(person, key, values[key])
    person.save(update_fields=["name", "language", "digits", "theme", "hijri"])
    return person


@verb("membership.grant", on="exchange")
def grant(
    *,
    actor: Actor,
    exchange: Exchange,
    email: str,
    role: str,
    organisation: Organisation | None = None,
    enterprise: Enterprise | None = None,
) -> Membership:
    """Give a person who has an account a role. Roles that act for somebody need an organisation or enterprise of this exchange."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    problems: dict[str, list[str]] = {}
    if user is None:
        problems["email"] = [_("Nobody has an account with this address. Ask the person to create one first.")]
    if role not in Role.values or role == Role.VISITOR:
        problems["role"] = [_("Choose a role.")]
    acts_for_enterprise = role == Role.MEMBER
    acts_for_organisation = role in (Role.BUYER, Role.INSTITUTION, Role.FINANCIER)
    if acts_for_enterprise and (enterprise is None or enterprise.exchange_id != exchange.pk):
        problems["enterprise"] = [_("Name the enterprise of this exchange that the person acts for.")]
    if acts_for_organisation and (organisation is None or organisation.exchange_id != exchange.pk):
        problems["organisation"] = [_("Name the organisation of this exchange that the person acts for.")]
    if problems or user is None:
        raise InvalidError(problems)
    membership, made = Membership.objects.get_or_create(
        user=user,
        exchange=exchange,
        role=role,
        organisation=organisation if acts_for_organisation else None,
        enterprise=enterprise if acts_for_enterprise else None,
    )
    if not made:
        raise StateError(_("This person has this role already."))
    changed(membership)
    return membership


@verb("membership.revoke", on="membership")
def revoke(*, actor: Actor, membership: Membership) -> None:
    """Take a role away, with the API tokens that act as it. The last administrator of an exchange stays."""
    Exchange.objects.select_for_update().get(pk=membership.exchange_id)  # two at once must not leave an exchange without one
    others = Membership.objects.filter(exchange=membership.exchange, role=Role.ADMINISTRATOR).exclude(pk=membership.pk)
    if membership.role == Role.ADMINISTRATOR and not others.exists():
        raise StateError(
            _("An exchange needs at least one administrator."), mend=_("Give the role to someone else first.")
        )
    membership.delete()


@verb("organisation.create", on="exchange")
def create_organisation(*, actor: Actor, exchange: Exchange, kind: str, name: str, **values: str) -> Organisation:
    """A buyer, support institution or financier of an exchange."""
    _check_organisation(kind, name)
    fields = {key: values[key] for key in ("country", "email", "language") if values.get(key)}
    made = Organisation.objects.create(exchange=exchange, kind=kind, name=name.strip(), **fields)
    changed(made)
    return made


@verb("organisation.edit", on="organisation")
def edit_organisation(*, actor: Actor, organisation: Organisation, **values: str) -> Organisation:
    """Change its name, kind, country, e-mail address or language."""
    _check_organisation(values.get("kind", organisation.kind), values.get("name", organisation.name))
    for key in ("kind", "name", "country", "email", "language"):
        if key in values:
            setattr(organisation, key, values[key])
    organisation.save()
    return organisation


def _check_organisation(kind: str, name: str) -> None:
    problems: dict[str, list[str]] = {}
    if kind not in Organisation.Kind.values:
        problems["kind"] = [_("Choose what the organisation is.")]
    if not name.strip():
        problems["name"] = [_("Give the organisation's name.")]
    if problems:
        raise InvalidError(problems)


@verb("exchange.edit", on="exchange")
def edit_exchange(*, actor: Actor, exchange: Exchange, **values: str) -> Exchange:
    """Change an exchange's names, e-mail address, language or currency."""
    problems = {
        key: [_("Give the name in this language.")]
        for key in ("name_ar", "name_fr", "name_en")
        if not values.get(key, "x").strip()
    }
    if problems:
        raise InvalidError(problems)
    for key in ("name_ar", "name_fr", "name_en", "email", "language", "currency"):
        if key in values:
            setattr(exchange, key, values[key].strip())
    exchange.save()
    return exchange


@verb("token.create", on="membership")
def create_token(*, actor: Actor, membership: Membership, label: str) -> tuple[ApiToken, str]:
    """An API token that acts as one membership of one's own, and its text, which is shown once and kept nowhere."""
    if not label.strip():
        raise InvalidError({"label": [_("Say what the token is for.")]})
    plain = "tsb_" + secrets.token_urlsafe(TOKEN_BYTES)
    token = ApiToken.objects.create(membership=membership, label=label.strip()[:80], digest=token_digest(plain))
    changed(token)
    return token, plain


def token_digest(plain: str) -> str:
    """What is kept of a token: SHA-256 is enough, since a token has 256 random bits."""
    return hashlib.sha256(plain.encode()).hexdigest()


@verb("token.revoke", on="token")
def revoke_token(*, actor: Actor, token: ApiToken) -> ApiToken:
    """End a token at once."""
    token.expires = timezone.now()
    token.save(update_fields=["expires"])
    return token


@verb("person.export", on="person")
def export_person(*, actor: Actor, person: User) -> dict[str, Any]:
    """Everything personal that is kept of a person, as JSON values."""
    memberships = person.memberships.select_related("exchange", "organisation", "enterprise")
    return {
        "account": {
            key: value for key, value in person.snapshot().items() if key not in ("is_superuser", "is_active", "id")
        },
        "addresses": list(EmailAddress.objects.filter(user=person).values("email", "verified", "primary")),
        "roles": [
            {
                "exchange": one.exchange.code,
                "role": one.role,
                "organisation": one.organisation.name if one.organisation else "",
                "enterprise": one.enterprise.code if one.enterprise else "",
            }
            for one in memberships
        ],
        "drafts": list(Draft.objects.filter(user=person).values("form", "subject_id", "values")),
        "participations": [
            {"edition": one.edition.code, **{field: getattr(one, field) for field in PARTICIPATION}}
            for one in person.participations.select_related("edition")
        ],
        "tokens": list(ApiToken.objects.filter(membership__user=person).values("label")),
    }


@verb("person.erase", on="person")
def erase_person(*, actor: Actor, person: User, files: bool = False) -> User:
    """End an account and remove its personal data, in messages and forums too; acts stay in the audit chain under the account's bare number.

    Files that the person attached to records stay there, and may name them; `files` deletes those that the actor may change
    (`own_files`). Register files that they imported belong to their exchange: its officers erase an enterprise's rows in them.
    """
    alone = [
        one.exchange.code
        for one in person.memberships.select_related("exchange").filter(role=Role.ADMINISTRATOR)
        if not Membership.objects.filter(exchange=one.exchange, role=Role.ADMINISTRATOR).exclude(user=person).exists()
    ]
    if alone:
        raise StateError(
            _("You are the only administrator of %(exchange)s.") % {"exchange": ", ".join(alone)},
            mend=_("Give the role to someone else first."),
        )
    if files:
        drop(own_files(actor, person))
    EmailAddress.objects.filter(user=person).delete()
    Draft.objects.filter(user=person).delete()
    person.memberships.all().delete()
    Authenticator.objects.filter(user=person).delete()
    Mail.objects.filter(to=person.email).delete()
    forget()
    for participation in person.participations.select_related("edition"):
        cancel_standing(actor, participation)
        before = participation.snapshot()
        changed(emptied(participation), before)
    person.email, person.name, person.is_active = f"erased-{person.pk}@invalid", "", False
    person.set_unusable_password()
    person.save()
    Revision.objects.filter(subject_kind="user", subject_id=person.pk).update(before=None, after=None, erased=True)
    return person


def own_files(actor: Actor, person: User) -> list[Attachment]:
    """Files that a person attached to records which the actor may still change."""
    found = Attachment.objects.filter(by=person)
    owners = {(one.owner_kind, one.owner_id): one for one in found}
    open_to_change = {key for key, one in owners.items() if _may_change(actor, one)}
    return [one for one in found if (one.owner_kind, one.owner_id) in open_to_change]


def _may_change(actor: Actor, attachment: Attachment) -> bool:
    try:
        return may_change(actor, owner_of(attachment.owner_kind, attachment.owner_id))
    except NotFoundError:
        return False
