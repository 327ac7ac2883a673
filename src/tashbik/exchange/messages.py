"""Messages by e-mail: their kinds, to whom they go, their being written and sent. Not the acts that cause them (verbs).

A message is written in the transaction of the act, in the language of who receives it, from `templates/mail/<kind>.txt` (the first line is
the subject), and sent in the background with retries. It says no more of a person than is needed: no names of users, no prices.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.message import BadHeaderError
from django.db.models import F, Min, Model
from django.template import Context
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation

from tashbik.exchange.jobs import Work, enqueue, handles
from tashbik.exchange.models import Enterprise, Exchange, Job, Mail, Need, Role, User
from tashbik.exchange.projection import record_of

_log = logging.getLogger("tashbik.mail")

KINDS: dict[str, tuple[str, ...]] = {
    # the RFQ cycle
    "invitation": ("rfq", "title", "buyer", "deadline", "message"),
    "reminder": ("rfq", "title", "deadline", "days"),
    "rfq.revised": ("rfq", "title", "deadline"),
    "rfq.extended": ("rfq", "title", "deadline"),
    "rfq.closed": ("rfq", "title", "quotes", "invited"),
    "rfq.ended": ("rfq", "title"),
    "rfq.cancelled": ("rfq", "title", "reason"),
    "quote.received": ("rfq", "title", "enterprise", "deadline", "sealed"),
    "quote.receipt": ("rfq", "title", "version", "deadline"),
    "invitation.declined": ("rfq", "title", "enterprise", "reason"),
    "award": ("rfq", "title", "buyer", "lines"),
    "award.lost": ("rfq", "title"),
    "outcome.asked": ("rfq", "title", "promised"),
    "outcome.recorded": ("rfq", "title", "outcome", "on"),
    # questions behind the unknowns of a match
    "question.sent": ("need", "title", "questions"),
    "question.answered": ("need", "title", "enterprise"),
    # the register
    "submission.accepted": ("enterprise",),
    "submission.returned": ("enterprise", "reasons", "note"),
    "enterprise.remind": ("enterprise", "as_of"),
    # the forum's participants and their meetings
    "forum.link": ("name", "edition"),
    "forum.confirm": ("edition", "days"),
    "forum.feedback": ("name", "edition", "meetings"),
    "forum.received": ("name", "edition", "starts", "ends"),
    "forum.approved": ("name", "edition", "starts", "ends", "venue"),
    "forum.waiting": ("name", "edition"),
    "forum.declined": ("name", "edition", "reason"),
    "forum.invitation": ("name", "body", "edition", "theme", "starts", "ends", "venue"),
    "meetings.published": ("name", "edition", "meetings"),
    "meetings.changed": ("name", "edition", "changes"),
    # duplicates
    "enterprise.merged": ("enterprise", "name"),
    # groups of enterprises that together meet a need
    "group.proposed": ("group", "title", "tasks", "answer_by", "message", "agreement"),
    "group.answered": ("group", "title", "enterprise", "accepted", "reason"),
    "group.agreed": ("group", "title"),
    "group.ended": ("group", "title", "reason"),
    # needs passed on between exchanges
    "need.referred": ("need", "title", "from_exchange", "note"),
    "referral.decided": ("need", "title", "to_exchange", "taken"),
    # recommendations of an edition
    "recommendation.assigned": ("title", "deadline"),
    "recommendation.due": ("title", "deadline", "days"),
    "recommendation.overdue": ("title", "deadline", "days"),
    "recommendation.reported": ("title", "message"),
    "recommendation.done": ("title", "message"),
    "recommendation.ended": ("title", "reason"),
}
"""Kinds of message with the values that their text needs; all take `page` and `arguments` (a URL name) for the link besides."""

MAX_ATTEMPTS = 8
"""Tries of one message: the second after a minute, each further one after four times as long, the last after about four days."""
_ISOLATE, _POP = "\u2068", "\u2069"
"""First-strong isolate and its end (Unicode UAX #9): a Latin name or code inside Arabic text keeps its own direction."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """An address with the language to write in; `instead_of` names the enterprise that itself cannot be reached."""

    to: str
    language: str
    instead_of: str = ""


def post(
    *, kind: str, to: str, language: str, exchange: Exchange | None, about: Model | None = None, **values: Any
) -> Mail:
    """Write one message, to be sent once the transaction that is open is committed.

    `values` are those that KINDS names for the kind, besides `page` and `arguments` of the page to link to. Raises KeyError for a kind
    that is not known or a value that is missing.
    """
    missing = [name for name in KINDS[kind] if name not in values]
    if missing:
        raise KeyError(f"a message of kind {kind} needs {', '.join(missing)}")
    subject, body = written(kind, language, exchange, values)
    mail = Mail.objects.create(
        exchange=exchange,
        to=to,
        language=language,
        kind=kind,
        subject=subject,
        body=body,
        about_kind=str(about._meta.model_name) if about is not None else "",
        about_id=about.pk if about is not None else None,
    )
    _wake()
    return mail


def written(kind: str, language: str, exchange: Exchange | None, values: dict[str, Any]) -> tuple[str, str]:
    """Subject and body of a message in a language."""
    with translation.override(language):
        shown = {name: _isolated(value, language) for name, value in values.items()}
        shown["link"] = link_to(values.get("page", ""), values.get("arguments", ()))
        shown["exchange"] = exchange.name(language) if exchange else "Tashbik"
        template = get_template(f"mail/{kind}.txt").template  # type: ignore[attr-defined]
        text = template.render(Context(shown, autoescape=False))
    subject, _, body = text.strip().partition("\n")
    plain = subject.replace(_ISOLATE, "").replace(_POP, "")
    return " ".join(plain.split())[:300], _spaced(body)


def _isolated(value: Any, language: str) -> Any:
    """Texts that may run the other way, set apart within Arabic."""
    if language != "ar":
        return value
    if isinstance(value, str) and value:
        return "\n".join(f"{_ISOLATE}{line}{_POP}" if line else "" for line in value.splitlines())
    if isinstance(value, (list, tuple)):
        return [_isolated(one, language) for one in value]
    return value


def _spaced(body: str) -> str:
    """A body without the empty lines that the template's conditions leave."""
    lines: list[str] = []
    for line in (one.rstrip() for one in body.strip().splitlines()):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines) + "\n"


def link_to(page: str, arguments: tuple[Any, ...] = ()) -> str:
    """The absolute address of a page; empty where the site's own address is not set or it has no such page."""
    site = str(getattr(settings, "TASHBIK_SITE", "")).rstrip("/")
    if not page or not site:
        return ""
    try:
        return site + reverse(page, args=arguments)
    except NoReverseMatch:
        return ""


# to whom


def people_of_enterprise(enterprise: Enterprise) -> list[Recipient]:
    """Who is written to for an enterprise: its members; else a contact address of its record; else its exchange's officers with a note."""
    users = User.objects.filter(
        is_active=True, memberships__enterprise=enterprise, memberships__role=Role.MEMBER
    ).distinct()
    found = [Recipient(user.email, user.language) for user in users]
    if found:
        return found
    record = record_of(enterprise)
    address = next((one.email for one in record.contacts if "@" in one.email), "")
    if address:
        spoken = next((one for one in record.languages if one in ("ar", "fr", "en")), enterprise.exchange.language)
        return [Recipient(address, spoken)]
    return [
        Recipient(one.to, one.language, instead_of=enterprise.name(one.language))
        for one in officers_of(enterprise.exchange)
    ]


def people_of_buyer(need: Need) -> list[Recipient]:
    """Who is written to for a need: the buyer's users; else the buyer's address; else who wrote it; else the exchange's officers."""
    buyer = need.buyer
    if buyer is not None:
        users = User.objects.filter(is_active=True, memberships__organisation=buyer, memberships__role=Role.BUYER)
        found = [Recipient(user.email, user.language) for user in users.distinct()]
        if found or buyer.email:
            return found or [Recipient(buyer.email, buyer.language)]
    if need.by is not None and need.by.is_active:
        return [Recipient(need.by.email, need.by.language)]
    return officers_of(need.exchange)


def officers_of(exchange: Exchange) -> list[Recipient]:
    """An exchange's officers; without any, its own address."""
    users = User.objects.filter(is_active=True, memberships__exchange=exchange, memberships__role=Role.OFFICER)
    found = [Recipient(user.email, user.language) for user in users.distinct()]
    return found or ([Recipient(exchange.email, exchange.language)] if exchange.email else [])


def tell(
    recipients: list[Recipient], *, kind: str, exchange: Exchange, about: Model | None = None, **values: Any
) -> list[Mail]:
    """Write one message to each. A value that is callable is called with the language of who receives it."""
    return [
        post(
            kind=kind,
            to=one.to,
            language=one.language,
            exchange=exchange,
            about=about,
            instead_of=one.instead_of,
            **_in_language(values, one.language),
        )
        for one in recipients
    ]


def _in_language(values: dict[str, Any], language: str) -> dict[str, Any]:
    with translation.override(language):
        return {name: value(language) if callable(value) else value for name, value in values.items()}


# sending


def _wake() -> None:
    """Put a sending of what waits on the queue, unless one is due there already."""
    now = timezone.now()
    if not Job.objects.filter(kind="mail.send", status=Job.Status.WAITING, run_at__lte=now).exists():
        enqueue("mail.send", run_at=now)


@handles("mail.send")
def send_waiting(work: Work) -> None:
    """Send every message that is due; those that fail are tried again later, each time after four times as long."""
    for count, mail in enumerate(_due(), start=1):
        _send(mail)
        work.report(count)
    later = Mail.objects.filter(status=Mail.Status.WAITING).aggregate(first=Min("due"))["first"]
    if later is not None:
        queued = Job.objects.filter(kind="mail.send", status=Job.Status.WAITING, run_at__lte=later)
        if not queued.exists():
            enqueue("mail.send", run_at=later)


def _due() -> Iterator[Mail]:
    """Messages that are due, each claimed before it is given out."""
    while True:
        now = timezone.now()
        mail = Mail.objects.filter(status=Mail.Status.WAITING, due__lte=now).order_by("due", "pk").first()
        if mail is None:
            return
        next_try = now + timedelta(minutes=4**mail.attempts)
        claim = Mail.objects.filter(pk=mail.pk, status=Mail.Status.WAITING, attempts=mail.attempts, due=mail.due)
        if claim.update(attempts=F("attempts") + 1, due=next_try):
            mail.refresh_from_db()
            yield mail


def _send(mail: Mail) -> None:
    reply = [mail.exchange.email] if mail.exchange and mail.exchange.email else None
    headers = {"Content-Language": mail.language, "Auto-Submitted": "auto-generated"}
    message = EmailMessage(mail.subject, mail.body, to=[mail.to], reply_to=reply, headers=headers)
    try:
        message.send()
    except (SMTPRecipientsRefused, BadHeaderError, UnicodeError) as error:
        _failed(mail, error, final=True)
    except (OSError, SMTPException) as error:
        _failed(mail, error, final=mail.attempts >= MAX_ATTEMPTS)
    else:
        mail.status, mail.sent, mail.error = Mail.Status.SENT, timezone.now(), ""
        mail.save(update_fields=["status", "sent", "error"])


def _failed(mail: Mail, error: Exception, *, final: bool) -> None:
    mail.error = f"{type(error).__name__}: {error}"[:300]
    if final:
        mail.status = Mail.Status.FAILED
    mail.save(update_fields=["error", "status"])
    _log.warning("mail not sent", extra={"mail": mail.pk, "kind": mail.kind, "final": final})
