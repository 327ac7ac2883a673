"""The API: its whole description tried by schemathesis, each role's rights, idempotency, open contracting data, webhooks."""

from __future__ import annotations

import hmac
import json
import threading
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tashbik.errors import TashbikError
from tashbik.exchange import audit, jobs
from tashbik.exchange.index import register_index
from tashbik.exchange.models import ApiToken, Membership, Need, Submission, Webhook, WebhookDelivery
from tashbik.exchange.verbs import accounts, webhooks
from tests.web.ocds_rules import violations
from tests.world import World

ROOT = "/api/v1"


@pytest.fixture
def call(world: World):
    """`call("officer", "GET", "/needs")`: the answer to a role of the first exchange ("" or "visitor": without a token)."""
    tokens: dict[str, str] = {}

    def made(role: str, method: str, path: str, body: object = None, **headers: str):
        if role not in tokens and role not in ("", "visitor"):
            mine = Membership.objects.get(exchange=world.dz, role=role)
            _token, tokens[role] = accounts.create_token(actor=world[role], membership=mine, label="test")
        if role not in ("", "visitor"):
            headers["Authorization"] = f"Bearer {tokens[role]}"
        content = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return Client().generic(method, ROOT + path, headers=headers, **_generic(content))

    return made


def _generic(content: dict[str, str]) -> dict[str, str]:
    return {"data": content["data"], "content_type": content["content_type"]} if content else {}


def test_the_register_is_read_by_anyone_without_what_is_hidden(call, world: World) -> None:
    register_index().follow()
    found = call("", "GET", "/enterprises?q=moulage%20sous%20pression").json()
    codes = [one["code"] for one in found["results"]]
    assert {"dz:F-1", "dz:F-2"} <= set(codes) and found["total"] == len(codes)
    assert "contacts" in found["results"][0]["hidden"]
    one = call("officer", "GET", "/enterprises/dz:F-1").json()
    assert one["hidden"] == [] and one["record"]["capabilities"][0]["spare"]["value"] == 8000
    assert "spare" not in call("", "GET", "/enterprises/dz:F-1").json()["record"]["capabilities"][0]


def test_concepts_are_found_in_any_language(call) -> None:
    found = call(
        "", "GET", "/classify?text=%D8%B5%D8%A8%20%D8%A7%D9%84%D8%A3%D9%84%D9%85%D9%86%D9%8A%D9%88%D9%85&language=fr"
    )
    assert any(one["kind"] == "process" for one in found.json())


def test_a_member_registers_and_waits_an_officer_publishes(call, world: World) -> None:
    given = {"names": {"fr": "Atelier Neuf"}, "country": "DZ", "capabilities": [{"fr": "Tournage CNC"}]}
    answer = call("member", "POST", "/enterprises", given)
    assert answer.status_code == 201 and answer.json()["status"] == "pending" and Submission.objects.count() == 1
    answer = call("officer", "POST", "/enterprises", given)
    assert answer.json()["status"] == "published"
    assert call("buyer", "POST", "/enterprises", given).status_code == 403


def test_a_need_is_stated_completed_and_matched(call, world: World) -> None:
    register_index().follow()
    made = call("buyer", "POST", "/needs", {"text": "500 carters en aluminium moulé sous pression par mois"})
    assert made.status_code == 201 and made.json()["status"] == "draft"
    code = made.json()["code"]
    refused = call("buyer", "POST", f"/needs/{code}/release?edition={made.json()['edition']}")
    assert refused.status_code == 422 and refused.json()["fields"]
    found = call("buyer", "GET", "/needs/dz-N-1/matches?language=fr").json()
    links = found["lines"][0]["links"]
    assert {"dz:F-1", "dz:F-2"} <= {one["enterprise"] for one in links}
    assert any(one["question"] for one in links[0]["verdicts"]) or links[0]["verdicts"]
    assert call("member", "GET", "/needs/dz-N-1/matches").status_code in (403, 404)


def test_a_request_is_opened_quoted_and_listed(call, world: World) -> None:
    given = {"version": 1, "enterprises": ["dz:F-1"], "deadline": "2027-02-01", "currency": "DZD"}
    made = call("buyer", "POST", "/needs/dz-N-1/rfqs", given)
    assert made.status_code == 201, made.content
    (asked,) = call("member", "GET", "/invitations").json()["results"]
    quote = {
        "currency": "DZD",
        "valid_until": "2027-06-01",
        "lines": {"1": {"prices": [{"unit_price": "120.50", "lead_time": 30}]}},
    }
    sent = call("member", "POST", f"/invitations/{asked['id']}/quote", quote)
    assert sent.status_code == 201 and sent.json()["version"] == 1, sent.content
    assert call("member", "GET", "/rfqs").json()["total"] == 0
    assert call("buyer", "GET", "/rfqs").json()["results"][0]["code"] == made.json()["code"]
    wrong = call("buyer", "POST", "/needs/dz-N-1/rfqs", {**given, "enterprises": ["tn:F-9"]})
    assert wrong.status_code == 422 and "enterprises" in wrong.json()["fields"]


def test_the_same_key_does_it_once(call, world: World) -> None:
    body = {"text": "200 pièces tournées en acier"}
    first = call("buyer", "POST", "/needs", body, **{"Idempotency-Key": "k1"})
    again = call("buyer", "POST", "/needs", body, **{"Idempotency-Key": "k1"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["code"] == again.json()["code"] and again.headers["Idempotent-Replay"] == "true"
    assert Need.objects.filter(text__contains="200 pièces").count() == 1
    other = call("buyer", "POST", "/needs", {"text": "autre chose"}, **{"Idempotency-Key": "k1"})
    assert other.status_code == 422
    assert call("officer", "POST", "/needs", body, **{"Idempotency-Key": "k1"}).status_code == 201


def test_open_contracting_data_follow_the_standard(call, world: World) -> None:
    Need.objects.update(confidentiality="open")
    package = call("", "GET", "/ocds/dz").json()
    assert violations(package) == []
    (release,) = package["releases"]
    assert release["tag"] == ["tender"] and release["buyer"]["name"] == world.buyer.name
    Need.objects.update(anonymous=True)
    text = call("", "GET", "/ocds/dz").content.decode()
    assert world.buyer.name not in text and violations(json.loads(text)) == []
    assert call("", "GET", "/ocds/nowhere").status_code == 404


def test_tokens_that_are_none_are_refused(call, world: World) -> None:
    for token in ("nonsense", "tsb_" + "x" * 43):
        answer = Client().get(f"{ROOT}/enterprises", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401 and answer.json()["error"] == "unauthorised"
    assert call("officer", "GET", "/me").json()["role"] == "officer"
    token = ApiToken.objects.get()
    accounts.revoke_token(actor=world["officer"], token=token)
    assert call("officer", "GET", "/me").status_code == 401


def test_errors_have_one_shape(call) -> None:
    for answer in (
        call("", "GET", "/enterprises/none"),
        call("", "GET", "/enterprises?page=0"),
        call("", "GET", "/me"),
        call("buyer", "POST", "/needs", {"txt": "x"}),
    ):
        assert set(answer.json()) >= {"error", "message", "file", "row", "field", "mend"}, answer.content


def test_queries_do_not_grow_with_enterprises(call, world: World) -> None:
    def count(size: int) -> int:
        with CaptureQueriesContext(connection) as found:
            call("", "GET", f"/enterprises?page_size={size}")
        return len(found)

    assert count(1) == count(3)


# webhooks


class Receiver(BaseHTTPRequestHandler):
    """Keeps what it is sent; refuses as often as it is told."""

    received: ClassVar[list[tuple[dict[str, str], bytes]]] = []
    refuse = 0

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        cls = type(self)
        cls.received.append((dict(self.headers), body))
        status = 500 if cls.refuse > 0 else 204
        cls.refuse -= 1
        self.send_response(status)
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def receiver(settings):
    settings.TASHBIK_DEMONSTRATION = True  # lets a webhook point at this machine
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    Receiver.received, Receiver.refuse = [], 0
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook"
    server.shutdown()
    server.server_close()


def test_a_webhook_is_told_signed_and_again_when_refused(call, world: World, receiver: str) -> None:
    made = call("administrator", "POST", "/webhooks", {"url": receiver, "events": ["need.withdraw"]}).json()
    Receiver.refuse = 1
    from tashbik.exchange.verbs import needs

    needs.withdraw(actor=world["officer"], need=world.need, reason="no longer needed")
    jobs.work_off()
    delivery = WebhookDelivery.objects.get()
    assert delivery.delivered is None and delivery.status == 500
    from datetime import timedelta

    from django.utils import timezone

    jobs.work_off(now=timezone.now() + timedelta(minutes=1))
    delivery.refresh_from_db()
    assert delivery.delivered and delivery.attempts == 2
    headers, body = Receiver.received[-1]
    told = json.loads(body)
    assert (told["event"], told["kind"], told["id"]) == ("need.withdraw", "need", "dz-N-1")
    moment, _, given = headers["Tashbik-Signature"].partition(",v1=")
    expected = hmac.new(made["secret"].encode(), f"{moment[2:]}.".encode() + body, sha256).hexdigest()
    assert given == expected
    assert world.buyer.name not in body.decode()


def test_a_webhook_that_ended_is_told_nothing(call, world: World, receiver: str) -> None:
    made = call("administrator", "POST", "/webhooks", {"url": receiver, "events": ["need.withdraw"]}).json()
    assert call("administrator", "GET", "/webhooks").json()[0]["secret"] is None
    assert call("administrator", "DELETE", f"/webhooks/{made['id']}").status_code == 204
    assert not Webhook.objects.filter(active=True).exists()
    assert call("officer", "POST", "/webhooks", {"url": receiver, "events": ["need.withdraw"]}).status_code == 403


@pytest.mark.parametrize(
    "url", ["http://example.org/", "https://127.0.0.1/", "https://10.0.0.1/", "ftp://x/", "https://[::1]/"]
)
def test_addresses_within_are_refused(world: World, url: str) -> None:
    with pytest.raises(TashbikError):
        webhooks.create(actor=world["administrator"], exchange=world.dz, url=url, events=["need.release"])


def test_the_chain_verifies_after_all_of_it(call, world: World) -> None:
    call("buyer", "POST", "/needs", {"text": "200 pièces"})
    assert list(audit.broken_links()) == []
