"""The signed link by which somebody without an account applies for an edition: who opens it has received mail at the address. Not the application (verbs)."""

from __future__ import annotations

from django.core import signing
from django.utils.translation import gettext as _

from tashbik.errors import NotFoundError, StateError
from tashbik.exchange import messages
from tashbik.exchange.models import Edition, Mail

DAYS = 3
"""Days for which the link in the message works."""
_SALT = "tashbik.application"


def token_for(edition: Edition, address: str) -> str:
    """The signed name of an edition and an address, for the link in the message."""
    return signing.dumps([edition.code, _plain(address)], salt=_SALT)


def address_of(edition: Edition, token: str) -> str:
    """The address that a link confirms for an edition. Raises NotFoundError for one that was not given out, StateError for one that has expired."""
    try:
        code, address = signing.loads(token, salt=_SALT, max_age=DAYS * 86_400)
    except signing.SignatureExpired as error:
        raise StateError(_("This link has expired."), mend=_("Ask for a new link on the forum's page.")) from error
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise _no_such_link() from error
    if code != edition.code:
        raise _no_such_link()
    return str(address)


def _no_such_link() -> NotFoundError:
    return NotFoundError(_("This link does not work."), mend=_("Ask for a new link on the forum's page."))


def send(edition: Edition, address: str, language: str) -> Mail:
    """Write to an address with the link to the form. Nothing is kept of it but the message."""
    return messages.post(
        kind="forum.confirm",
        to=_plain(address),
        language=language,
        exchange=edition.exchange,
        about=edition,
        edition=edition.text("name", language),
        days=DAYS,
        page="participation:apply-by-link",
        arguments=(edition.code, token_for(edition, address)),
    )


def _plain(address: str) -> str:
    return address.strip().lower()
