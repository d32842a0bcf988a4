"""What an answer of Elasticsearch means for what was sent: pure, one table for items and one for whole requests.

The order of questions matters: the set-up's errors come with the same statuses (400, 403, 429) as others, so the
error's type is asked before the status.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal


class NextStep(Enum):
    """What to do about one item or request."""

    DONE = "done"
    RETRY = "retry"
    """Send it again after a pause: the server is busy or away."""
    WAIT = "wait"
    """Send it again after a long pause: somebody must act, and then it will work."""
    REJECTED = "rejected"
    """The document is at fault: dead letter."""
    SPLIT = "split"
    """The request is at fault, so one of its documents is: find out which."""
    STOP = "stop"
    """The set-up is at fault, and waiting will not mend it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict with the name it is counted under and the server's own words."""

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
"""Error types of a set-up that does not fit this release, and the outcome they are counted under."""

WAITING = {
    "cluster_block_exception": "blocked",
    "index_closed_exception": "closed",
    "process_cluster_event_timeout_exception": "cluster_busy",
}
"""Error types of a set-up that an operator mends while we wait: read-only and flood-stage blocks, closed indices."""

WAITING_WORDS = ("maximum normal shards open", "maximum shards open", "maximum frozen shards open")
"""The shard limit is a `validation_exception` (400) like others; only its text tells it apart."""

STOPPING_WORDS = ("Limit of total fields", "no write index is defined", "pipeline with id")
"""Set-up errors that Elasticsearch reports as `illegal_argument_exception` (400), as it does a document's."""

WORDED = {"validation_exception", "illegal_argument_exception"}
"""Error types whose text is asked; others may quote the document in theirs."""

NOT_BLOCKED_FOR_LONG = ("no master", "state not recovered")
"""Cluster blocks (503) of a server that is just starting: no operator is needed."""


def classify_item(kind: Literal["index", "delete"], item: Mapping[str, Any]) -> Outcome:
    """The outcome of one item of a bulk answer, `item` being what stands under its action's name."""
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
    """The outcome of a whole request that was answered with an error status."""
    error = body.get("error") if isinstance(body, Mapping) else None
    said = describe_error(error) or f"HTTP {status}"
    found = classify_error(status, error)
    if found is not None:
        return found
    if status == 413:
        return Outcome(NextStep.SPLIT, "too_large", said)
    if status == 400:
        return Outcome(NextStep.SPLIT, "rejected", said)
    return Outcome(NextStep.STOP, f"http_{status}", said)


def classify_error(status: int, error: Any) -> Outcome | None:
    """The outcome as far as it is the same for items, requests and reads; None where the document may be at fault."""
    kind = str(error.get("type", "")) if isinstance(error, Mapping) else ""
    said = describe_error(error) or f"HTTP {status}"
    asked = str(error.get("reason", "")) if kind in WORDED else ""
    if status == 503 and any(sign in said for sign in NOT_BLOCKED_FOR_LONG):
        return Outcome(NextStep.RETRY, "unavailable", said)
    if kind in WAITING or any(sign in asked for sign in WAITING_WORDS):
        return Outcome(NextStep.WAIT, WAITING.get(kind, "shard_limit"), said)
    if kind in STOPPING or any(sign in asked for sign in STOPPING_WORDS):
        return Outcome(NextStep.STOP, STOPPING.get(kind, "set_up"), said)
    if status in (401, 403):
        return Outcome(NextStep.STOP, "unauthorized" if status == 401 else "forbidden", said)
    if status == 429:
        return Outcome(NextStep.RETRY, "busy", said)
    if status >= 500 or status == 408:
        return Outcome(NextStep.RETRY, "unavailable", said)
    return None


def describe_error(error: Any) -> str:
    """The server's reason in one line, with its cause, which often says more."""
    if not isinstance(error, Mapping):
        return str(error or "")
    said = f"{error.get('type', 'error')}: {error.get('reason', '')}"
    cause = error.get("caused_by")
    return f"{said} ({describe_error(cause)})" if isinstance(cause, Mapping) else said
