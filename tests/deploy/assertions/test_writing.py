"""Requests that write assertions: their size, and what a busy server refuses."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from deploy.assertions import writing
from deploy.assertions.writing import PAUSES_SECONDS, make_action, send, split_requests
from schemas.errors import Retryable

AT = datetime(2024, 11, 5, tzinfo=UTC)


class Server:
    """Answers bulk requests with the given statuses, and keeps what it was sent."""

    def __init__(self, *answers: list[int]) -> None:
        self.answers = iter(answers)
        self.sent: list[list[bytes]] = []

    def bulk(self, *, operations: list[bytes], **options: Any) -> dict[str, Any]:
        self.sent.append(list(operations))
        items = [{"index": {"status": status, "error": {"type": "odd"}}} for status in next(self.answers)]
        return {"items": items}


def write(server: Server, ids: str) -> tuple[int, list[float]]:
    """Sends a write for each id. Returns how many changed something, and the pauses."""
    pauses: list[float] = []
    done = send(server, [make_action("index", id, AT, {"x": id}) for id in ids], pauses.append)  # type: ignore[arg-type]
    return done, pauses


def test_action_is_a_header_and_a_source() -> None:
    header, source = make_action("index", "a", AT, {"x": 1}).splitlines()
    assert msgspec.json.decode(header) == {
        "index": {"_id": "a", "version": 1_730_764_800_000, "version_type": "external_gte"}
    }
    assert source == b'{"x":1}'
    assert make_action("delete", "a", AT).count(b"\n") == 1


def test_what_a_busy_server_refuses_is_sent_again() -> None:
    server = Server([201, 429, 429, 409], [200, 429], [404])
    assert write(server, "abcd") == (2, [2.0, 4.0])
    assert [[line.split(b'"')[5] for line in each] for each in server.sent] == [
        [b"a", b"b", b"c", b"d"], [b"b", b"c"], [b"c"],
    ]  # fmt: skip


@pytest.mark.parametrize("answers", [[[400]], [[429]] * (len(PAUSES_SECONDS) + 1)], ids=["refused", "busy for long"])
def test_refusal_is_an_error(answers: list[list[int]]) -> None:
    with pytest.raises(Retryable, match=r"did not write an assertion .*odd.*: try again"):
        write(Server(*answers), "a")


def test_requests_are_split_by_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "REQUEST_BYTES", 10)
    assert list(split_requests([b"1234567", b"123", b"1", b"1" * 50, b"1"])) == [
        [b"1234567", b"123"], [b"1"], [b"1" * 50], [b"1"],
    ]  # fmt: skip
    assert list(split_requests([])) == []
