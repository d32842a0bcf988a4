"""The push endpoint: tokens, and responses only after Kafka has the articles."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from http.client import HTTPConnection
from typing import Any

import pytest

from connectors.kit import Batch
from connectors.kit.conformance import make_context
from connectors.sources.push import Push, PushSettings
from schemas.errors import Permanent, Retryable

ARTICLE = {"url": "https://pier.example/1", "text": "Twelve berths, the port said.", "title": "Berths"}


@pytest.fixture
def push(monkeypatch: pytest.MonkeyPatch) -> Iterator[Push]:
    monkeypatch.setenv("NEWSCLAIMS_PUSH_TOKEN", "let-me-in")
    ours = replace(make_context(feed="newsroom"), publisher="Pier Gazette", cancelled=threading.Event())
    connector = Push(ours, PushSettings(port=0, waiting=1, largest=10_000))
    connector.open()
    yield connector
    ours.cancelled.set()
    connector.close()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as found:
        yield found


def post(push: Push, body: bytes, token: str = "let-me-in", **headers: str) -> tuple[int, dict[str, Any], Any]:
    assert push.server
    connection = HTTPConnection("127.0.0.1", push.server.server_port, timeout=20)
    connection.request("POST", "/", body, {"Authorization": f"Bearer {token}", **headers})
    answer = connection.getresponse()
    found = (answer.status, json.loads(answer.read()), answer.headers.get("Retry-After"))
    connection.close()
    return found


def one(push: Push) -> Batch:
    """Returns the next request as the poller gets it, without acknowledging it."""
    return next(push.read({}))


def test_the_sender_is_answered_after_delivery_and_not_before(push: Push, pool: ThreadPoolExecutor) -> None:
    sent: Future[Any] = pool.submit(post, push, json.dumps(ARTICLE).encode())
    batch = one(push)
    article = batch.articles[0].article
    assert (article.connector, article.feed, article.publisher) == ("push", "newsroom", "Pier Gazette")
    assert not sent.done()
    push.acknowledge(batch)
    assert sent.result(20)[:2] == (200, {"published": 1, "refused": []})


@pytest.mark.parametrize("join", ["array", "lines", "one, indented"])
def test_shapes_of_a_request(push: Push, pool: ThreadPoolExecutor, join: str) -> None:
    second = {**ARTICLE, "url": "https://pier.example/2"}
    body = {"array": json.dumps([ARTICLE, second, {"title": "no text"}]),
            "lines": "\n".join(map(json.dumps, [ARTICLE, second, {"title": "no text"}])) + "\n",
            "one, indented": json.dumps(ARTICLE, indent=2)}[join]  # fmt: skip
    sent = pool.submit(post, push, body.encode())
    batch = one(push)
    push.acknowledge(batch)
    status, answer, _ = sent.result(20)
    assert status == 200
    assert answer["published"] == (1 if "one" in join else 2)
    assert [refused["item"] for refused in answer["refused"]] == ([] if "one" in join else [3])


def test_wrong_tokens_and_invalid_requests_are_refused(push: Push) -> None:
    assert post(push, b"{}", token="wrong")[0] == 401
    assert post(push, b"no json")[0] == 400
    assert post(push, b"[1, ")[0] == 400
    assert post(push, b"x" * 10_001)[0] == 413
    assert push.posts.empty()


def test_senders_are_asked_to_wait_if_too_many_requests_are_pending(push: Push, pool: ThreadPoolExecutor) -> None:
    sent = [
        pool.submit(post, push, json.dumps({**ARTICLE, "url": f"https://p.example/{n}"}).encode()) for n in range(6)
    ]
    while sum(each.done() for each in sent) < 5:
        threading.Event().wait(0.01)
    refused = [each.result() for each in sent if each.done()]
    assert [(status, pause) for status, _, pause in refused] == [(429, "5")] * 5
    push.acknowledge(one(push))
    assert sorted(each.result(20)[0] for each in sent) == [200, *[429] * 5]


def test_undelivered_requests_get_503_at_the_end(push: Push, pool: ThreadPoolExecutor) -> None:
    sent = pool.submit(post, push, json.dumps(ARTICLE).encode())
    one(push)
    push.close()
    assert sent.result(20)[0] == 503


def test_reading_ends_when_cancelled(push: Push) -> None:
    push.context.cancelled.set()
    assert list(push.read({})) == []


def test_open_and_close_twice_port_in_use_and_missing_token(push: Push, monkeypatch: pytest.MonkeyPatch) -> None:
    assert push.server
    other = Push(make_context(), PushSettings(port=push.server.server_port))
    with pytest.raises(Retryable, match="cannot listen"):
        other.open()
    push.close()
    push.close()
    push.open()
    monkeypatch.delenv("NEWSCLAIMS_PUSH_TOKEN")
    with pytest.raises(Permanent, match="NEWSCLAIMS_PUSH_TOKEN"):
        other.open()
