"""Writes and deletes documents of assertions: only what was read later replaces a document."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal

import msgspec
from elasticsearch import Elasticsearch

from schemas.elasticsearch.indices import ASSERTIONS
from schemas.errors import Retryable

REQUEST_BYTES: Final = 5 * 1024 * 1024
"""Bytes of a request with more than one document, at most."""
PAUSES_SECONDS: Final = (2.0, 4.0, 8.0)
"""Pauses before what a busy server refused is sent again."""
_BUSY: Final = 429
_WRITTEN: Final = (200, 201)
_NOTHING_TO_DO: Final = (404, 409)
"""Statuses of a write that has nothing to do: the document is gone, or there is a later count."""

_encode = msgspec.json.Encoder().encode


def to_version(at: datetime) -> int:
    """Returns a time as the version of a document: milliseconds since 1970."""
    return int(at.timestamp() * 1000)


def make_action(
    kind: Literal["index", "delete"], id: str, at: datetime, source: Mapping[str, Any] | None = None
) -> bytes:
    """Returns the lines of a write or a deletion, which only holds if nothing later was written."""
    header = _encode({kind: {"_id": id, "version": to_version(at), "version_type": "external_gte"}}) + b"\n"
    return header if source is None else header + _encode(source) + b"\n"


def send(client: Elasticsearch, actions: Sequence[bytes], sleep: Callable[[float], None] = time.sleep) -> int:
    """Sends actions. Returns how many changed something.

    Raises `Retryable` if Elasticsearch refuses one, or is too busy for it several times, and the client's errors.
    """
    return sum(send_request(client, part, sleep) for part in split_requests(actions))


def split_requests(actions: Sequence[bytes]) -> Iterator[list[bytes]]:
    """Yields the actions of each request."""
    part: list[bytes] = []
    size = 0
    for action in actions:
        if part and size + len(action) > REQUEST_BYTES:
            yield part
            part, size = [], 0
        part.append(action)
        size += len(action)
    if part:
        yield part


def send_request(client: Elasticsearch, actions: Sequence[Any], sleep: Callable[[float], None]) -> int:
    """Sends one request of ready lines, and what a busy server refuses of it again. Raises as `send`."""
    changed = 0
    for pause in (*PAUSES_SECONDS, None):
        items = client.bulk(
            index=ASSERTIONS.index(""), operations=actions, filter_path="items.*.status,items.*.error"
        )["items"]  # fmt: skip
        outcomes = [next(iter(item.values())) for item in items]
        changed += sum(outcome["status"] in _WRITTEN for outcome in outcomes)
        done = (*_WRITTEN, *_NOTHING_TO_DO, *([] if pause is None else [_BUSY]))
        refused = next((outcome for outcome in outcomes if outcome["status"] not in done), None)
        if refused:
            raise Retryable(f"Elasticsearch did not write an assertion ({refused.get('error')}): try again")
        actions = [
            action for action, outcome in zip(actions, outcomes, strict=True) if outcome["status"] == _BUSY
        ]  # fmt: skip
        if not actions or pause is None:
            break
        sleep(pause)
    return changed
