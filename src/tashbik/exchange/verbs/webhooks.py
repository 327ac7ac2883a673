"""Telling other systems what happened: events are noted in the transaction of the act and delivered by the worker, signed. Not the API (web.api).

A delivery says which record an event concerns and nothing of its content: the receiver reads that by the API, under the rights of its token.
The header `Tashbik-Signature: t=<unix time>,v1=<hex>` is the HMAC-SHA256 of `<unix time>.<body>` under the webhook's secret.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ipaddress
import json
import secrets
import socket
import ssl
import time
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from tashbik.errors import InvalidError, TashbikError
from tashbik.exchange import audit
from tashbik.exchange.actor import Actor
from tashbik.exchange.audit import changed, kind_of, verb
from tashbik.exchange.jobs import Work, enqueue, handles
from tashbik.exchange.models import Exchange, Webhook, WebhookDelivery

EVENTS = (
    "enterprise.edit",
    "enterprise.withdraw",
    "submission.accept",
    "need.release",
    "need.revise",
    "need.close",
    "need.withdraw",
    "need.refer",
    "rfq.open",
    "rfq.close",
    "rfq.cancel",
    "invitation.decline",
    "quote.submit",
    "award.make",
    "outcome.record",
    "import.run",
)
"""Verbs that a webhook may be told of."""
TIMEOUT = 10


@verb("webhook.create", on="exchange")
def create(*, actor: Actor, exchange: Exchange, url: str, events: list[str]) -> Webhook:
    """A webhook with a secret of its own. Raises InvalidError for an address that is not https or points into a private network."""
    problems: dict[str, list[str]] = {}
    try:
        _target(url)
    except TashbikError as error:
        problems["url"] = [str(error.message)]
    unknown = sorted(set(events) - set(EVENTS))
    if unknown or not events:
        problems["events"] = [_("Choose at least one of the events offered.")]
    if problems:
        raise InvalidError(problems)
    made = Webhook.objects.create(exchange=exchange, url=url, events=sorted(set(events)), secret=secrets.token_hex(32))
    changed(made)
    return made


@verb("webhook.delete", on="webhook")
def delete(*, actor: Actor, webhook: Webhook) -> Webhook:
    """End a webhook; what was not delivered yet is dropped."""
    webhook.active = False
    webhook.save(update_fields=["active"])
    return webhook


def announce(actor: Actor, verb_name: str, subject: Any) -> None:
    """Note an event for each webhook of the record's exchange that wants it. Runs within the act's transaction."""
    if verb_name not in EVENTS or subject is None:
        return
    home = getattr(subject, "exchange_id", None) or actor.exchange_id or 0
    for hook in Webhook.objects.filter(exchange_id=home, active=True):
        if verb_name in hook.events:
            body = {
                "event": verb_name,
                "kind": kind_of(subject),
                "id": getattr(subject, "code", None) or str(subject.pk),
                "at": timezone.now().isoformat(timespec="seconds"),
            }
            delivery = WebhookDelivery.objects.create(webhook=hook, event=verb_name, body=body)
            enqueue("webhook.deliver", delivery.pk)


audit.AFTER.append(announce)


class _NotDelivered(Exception):
    """So that the job is tried again."""


@handles("webhook.deliver")
def deliver(work: Work) -> None:
    """Send one delivery; anything but a 2xx answer is tried again, later and later."""
    delivery = WebhookDelivery.objects.select_related("webhook").get(pk=work.job.subject_id)
    if delivery.delivered or not delivery.webhook.active:
        return
    delivery.attempts += 1
    error = ""
    try:
        delivery.status = post(delivery.webhook.url, delivery.body, delivery.webhook.secret)
    except (OSError, UnicodeError, http.client.HTTPException, TashbikError) as problem:
        error = f"{type(problem).__name__}: {problem}"
    if not error and delivery.status and 200 <= delivery.status < 300:
        delivery.delivered = timezone.now()
    delivery.error = error[:300]
    delivery.save()
    if not delivery.delivered:
        raise _NotDelivered(error or f"status {delivery.status}")


def post(url: str, body: dict[str, Any], secret: str) -> int:
    """POST a signed body; returns the status. Redirects are not followed. Raises OSError, HTTPException, TashbikError."""
    content = json.dumps(body, ensure_ascii=False, sort_keys=True).encode()
    host, port, path, secure = _target(url)
    address = _resolved(host, port)
    moment = int(time.time())
    headers = {
        "Content-Type": "application/json",
        "Host": host if port in (80, 443) else f"{host}:{port}",
        "User-Agent": "Tashbik",
        "Tashbik-Signature": f"t={moment},v1={signature(secret, moment, content)}",
    }
    link = _Secured(host, port, address) if secure else http.client.HTTPConnection(address, port, timeout=TIMEOUT)
    try:
        link.request("POST", path, content, headers)
        return link.getresponse().status
    finally:
        link.close()


def signature(secret: str, moment: int, content: bytes) -> str:
    """What the receiver computes to know that a delivery is genuine."""
    return hmac.new(secret.encode(), f"{moment}.".encode() + content, hashlib.sha256).hexdigest()


class _Secured(http.client.HTTPSConnection):
    """TLS to the address that was checked, under the name that was asked: what a name resolves to cannot change in between."""

    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=TIMEOUT, context=ssl.create_default_context())
        self._address = address

    def connect(self) -> None:
        """Connect to the checked address, verify the certificate of the name."""
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)


def _target(url: str) -> tuple[str, int, str, bool]:
    """Host, port, path, whether TLS. Raises TashbikError for an address that is not https or names a private address."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise TashbikError(_("The address needs a host name, and no user name.")) from error
    if parts.scheme != "https" and not (_local() and parts.scheme == "http"):
        raise TashbikError(_("The address must begin with https://."))
    if not parts.hostname or parts.username:
        raise TashbikError(_("The address needs a host name, and no user name."))
    with suppress(ValueError):
        _expect_public(str(ipaddress.ip_address(parts.hostname)))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.hostname, port, path, parts.scheme == "https"


def _local() -> bool:
    """Whether a webhook may point at this machine: in development and in the demonstration."""
    return bool(settings.DEBUG or settings.TASHBIK_DEMONSTRATION)


def _expect_public(address: str) -> None:
    """Private addresses are refused, so that nobody reaches into the installation's own network."""
    if not _local() and not ipaddress.ip_address(address).is_global:
        raise TashbikError(_("The address points into a private network."))


def _resolved(host: str, port: int) -> str:
    """The address that a delivery goes to, checked."""
    address = str(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4][0])
    _expect_public(address)
    return address
