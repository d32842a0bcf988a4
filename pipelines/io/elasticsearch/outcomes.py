"""Classifies the responses of Elasticsearch, for single items and for whole requests. Pure functions.

The order matters: configuration errors come with the same statuses (400, 403, 429) as others, so the type of an error
is checked before its status.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal


class NextStep(Enum):
    """What to do next about one item or request."""

    DONE = "done"
    RETRY = "retry"
    """Send it again after a pause: the server is busy or unreachable."""
    WAIT = "wait"
    """Send it again after a long pause: it works once an operator has acted."""
    REJECTED = "rejected"
    """The document is at fault: it becomes a dead letter."""
    SPLIT = "split"
    """The request is refused because of one of its documents: find out which."""
    STOP = "stop"
    """The configuration is wrong, and waiting does not repair it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to do next, the name that it is counted by, and the reason that the server gave."""

    verdict: NextStep
    name: str
    reason: str = ""


STOPPING = {
    "strict_dynamic_mapping_exception": "mapping",
    "index_not_found_exception": "index_missing",
    "alias_not_found_exception": "index_missing",
    "invalid_index_name_exception": "index_name",
    "security_exception": "forbidden",
}
"""Error types of a configuration that does not fit this release, and the name that each is counted by."""

WAITING = {
    "cluster_block_exception": "blocked",
    "index_closed_exception": "closed",
    "process_cluster_event_timeout_exception": "cluster_busy",
}
"""Error types that an operator removes while we wait: read-only and flood-stage blocks, closed indices."""

WAITING_WORDS = ("maximum normal shards open", "maximum shards open", "maximum frozen shards open")
"""The shard limit is a `validation_exception` (400) like others; only its text differs."""

STOPPING_WORDS = ("Limit of total fields", "no write index is defined", "pipeline with id")
"""Configuration errors that are `illegal_argument_exception` (400), like the errors of a document."""

WORDED = {"validation_exception", "illegal_argument_exception"}
"""Error types whose text is searched; other texts may quote the document."""

NOT_BLOCKED_FOR_LONG = ("no master", "state not recovered")
"""Cluster blocks (503) of a server that is just starting: no operator is needed."""

STATUSES = {
    401: (NextStep.STOP, "unauthorized"),
    403: (NextStep.STOP, "forbidden"),
    408: (NextStep.RETRY, "unavailable"),
    429: (NextStep.RETRY, "busy"),
}
"""What a status means if the type of the error does not decide."""


def classify_item(kind: Literal["index", "delete"], item: Mapping[str, Any]) -> Outcome:
    """Returns the outcome of one item of a bulk response; `item` is the object under the name of its action."""
    status = int(item.get("status", 200))
    error = item.get("error")
    if 200 <= status < 300:
        return Outcome(NextStep.DONE, "deleted" if kind == "delete" else "written")
    if kind == "delete" and status == 404 and not error:
        return Outcome(NextStep.DONE, "gone_already")
    if status == 409:
        return Outcome(NextStep.DONE, "newer_there")
    found = classify_error(status, error)
    if found is not None:
        return found
    if status == 413:
        return Outcome(NextStep.REJECTED, "too_large", describe_error(error))
    return Outcome(NextStep.REJECTED, "rejected", describe_error(error))


def classify_request(status: int, body: Any) -> Outcome:
    """Returns the outcome of a whole request whose response has an error status.

    A 400 without an error of Elasticsearch comes from something in front of it, and says nothing about the documents.
    """
    error = body.get("error") if isinstance(body, Mapping) else None
    said = describe_error(error) or f"HTTP {status}"
    found = classify_error(status, error)
    if found is not None:
        return found
    if status == 413:
        return Outcome(NextStep.SPLIT, "too_large", said)
    if status == 400 and isinstance(error, Mapping):
        return Outcome(NextStep.SPLIT, "rejected", said)
    return Outcome(NextStep.STOP, f"http_{status}", said)


def classify_answer(body: Any, part: str, count: int) -> Outcome:
    """Returns the outcome of a successful request: unreadable if `part` of its body is not a list of `count` items.

    Something in front of Elasticsearch may answer for it, with a page for people, or may cut an answer.
    """
    items = body.get(part) if isinstance(body, Mapping) else None
    if isinstance(items, list) and len(items) == count:
        return Outcome(NextStep.DONE, "ok")
    shown = body if isinstance(body, str) else f"{part}: {type(items).__name__}"
    return Outcome(
        NextStep.RETRY, "unreadable", f"the answer is not one of Elasticsearch's: {' '.join(shown.split())[:80]!r}"
    )


def classify_error(status: int, error: Any) -> Outcome | None:
    """Returns the outcome of an error of the server or its configuration; None if the document may be at fault."""
    kind = str(error.get("type", "")) if isinstance(error, Mapping) else ""
    said = describe_error(error) or f"HTTP {status}"
    asked = str(error.get("reason", "")) if kind in WORDED else ""
    if status == 503 and any(phrase in said for phrase in NOT_BLOCKED_FOR_LONG):
        return Outcome(NextStep.RETRY, "unavailable", said)
    if kind in WAITING or any(phrase in asked for phrase in WAITING_WORDS):
        return Outcome(NextStep.WAIT, WAITING.get(kind, "shard_limit"), said)
    # Wrong credentials and missing privileges have the same type.
    if status != 401 and (kind in STOPPING or any(phrase in asked for phrase in STOPPING_WORDS)):
        return Outcome(NextStep.STOP, STOPPING.get(kind, "set_up"), said)
    if status in STATUSES:
        return Outcome(*STATUSES[status], said)
    return Outcome(NextStep.RETRY, "unavailable", said) if status >= 500 else None


def describe_error(error: Any) -> str:
    """Returns the server's reason in one line, with its cause, which often says more."""
    if not isinstance(error, Mapping):
        return str(error or "")
    said = f"{error.get('type', 'error')}: {error.get('reason', '')}"
    cause = error.get("caused_by")
    return f"{said} ({describe_error(cause)})" if isinstance(cause, Mapping) else said
