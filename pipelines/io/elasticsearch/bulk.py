"""Sends bulk requests, realtime reads and searches, and returns only when each document has an outcome."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec
from elastic_transport import ApiError, ConnectionTimeout, TlsError, TransportError
from elasticsearch import Elasticsearch, UnsupportedProductError
from urllib3.exceptions import InvalidHeader
from urllib3.util import Retry

from pipelines import counters
from pipelines.groups import split_groups
from pipelines.io.elasticsearch import answering
from pipelines.io.elasticsearch.actions import BulkAction
from pipelines.io.elasticsearch.outcomes import (
    NextStep,
    Outcome,
    classify_answer,
    classify_error,
    classify_item,
    classify_request,
)
from pipelines.io.elasticsearch.patience import Patience
from schemas.errors import Permanent

REQUEST_BYTES = 8 * 1024 * 1024
"""Largest bulk request with more than one document. Elastic advises 5 to 15 MB; a server takes 100 MB by default."""
REQUEST_ACTIONS = 5_000
"""Most actions of one request."""
MOST_HITS = 10_000
"""Most hits of one search, as `index.max_result_window` allows them by default."""
TIMEOUT = 30.0
"""Seconds until an unanswered request counts as lost; sending it again is safe."""

_NDJSON = {"accept": "application/json", "content-type": "application/x-ndjson"}
_JSON = {"accept": "application/json", "content-type": "application/json"}
_SLIM = {"filter_path": "errors,items.*.status,items.*.result,items.*.error"}
"""The parts of a bulk response that are read; the rest would be half as large as the request."""
_HITS = {"filter_path": "responses.status,responses.error,responses.hits.hits"}
"""The parts of the response to several searches that are read."""

_ADVICE = {
    "mapping": "the indices belong to another release, run `newsclaims init`",
    "index_missing": "run `newsclaims init`",
    "unauthorized": "set ELASTICSEARCH_API_KEY, or ELASTICSEARCH_USERNAME and ELASTICSEARCH_PASSWORD",
    "forbidden": "give this user the privileges write, create_index and read on the newsclaims indices",
}


@dataclass(frozen=True, slots=True)
class RejectedAction:
    """An action that Elasticsearch refused because of its document, with the reason that it gave."""

    action: BulkAction
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class RequestResult:
    """The outcome of one request: its body if it succeeded, and the pause that the server asked for, in seconds."""

    outcome: Outcome
    body: Any = None
    retry_after: float = 0.0


@dataclass(frozen=True, slots=True)
class IndexSearch:
    """A search and the indices that it is for.

    Those that do not exist have nothing, and of those that are damaged the rest is searched, unless all is `required`.
    """

    indices: tuple[str, ...]
    body: Mapping[str, Any]
    required: bool = False

    def make_header(self) -> dict[str, Any]:
        """Returns the line before the search in the request."""
        return {
            "index": self.indices,
            "ignore_unavailable": not self.required,
            "allow_partial_search_results": not self.required,
        }


class BulkSender:
    """Sends actions until each is written, found superseded, or rejected.

    Waits as long as the server is unreachable, busy or blocked. Raises `Permanent` for a wrong configuration, which
    waiting does not repair, and `Retryable` if the process is asked to stop in the meantime.
    """

    def __init__(self, client: Elasticsearch, patience: Patience | None = None) -> None:
        # The client's own retries would repeat whole requests, and out of sight.
        self.client = client.options(max_retries=0, retry_on_status=(), retry_on_timeout=False, request_timeout=TIMEOUT)
        self.patience = patience or Patience()
        self._superseded: list[BulkAction] = []

    def send(self, actions: Iterable[BulkAction], superseded: list[BulkAction] | None = None) -> list[RejectedAction]:
        """Sends all actions in order, in as many requests as their size needs. Returns the rejected ones.

        Those that change nothing because a newer version is there are added to `superseded`.
        """
        self._superseded = [] if superseded is None else superseded
        return [rejected for request in split_requests(actions) for rejected in self._deliver(request)]

    def _deliver(self, pending: Sequence[BulkAction]) -> list[RejectedAction]:
        rejected: list[RejectedAction] = []
        while pending:
            body = b"".join(action.payload for action in pending)
            answer = self._request("/_bulk", body, _NDJSON, _SLIM, ("items", len(pending)))
            counters.add("newsclaims_bulk_requests_total", outcome=answer.outcome.name)
            if answer.outcome.verdict is NextStep.SPLIT:
                return [*rejected, *self._split(pending, answer.outcome)]
            if answer.outcome.verdict is NextStep.DONE:
                pending, waiting_for = self._sort(pending, answer.body, rejected)
                if waiting_for is None:
                    break
                answer = RequestResult(waiting_for)
            self._wait(answer)
        self.patience.reset()
        return rejected

    def _sort(
        self, sent: Sequence[BulkAction], body: Any, rejected: list[RejectedAction]
    ) -> tuple[list[BulkAction], Outcome | None]:
        """Counts the outcome of each item. Returns the actions to send again, and why."""
        again: list[BulkAction] = []
        why: Outcome | None = None
        for action, item in zip(sent, body["items"], strict=True):
            outcome = classify_item(action.kind, item[action.kind])
            counters.add("newsclaims_documents_total", outcome=outcome.name)
            if outcome.verdict is NextStep.REJECTED:
                rejected.append(RejectedAction(action, outcome))
            elif outcome.name == "newer_there":
                self._superseded.append(action)
            elif outcome.verdict is NextStep.STOP:
                raise make_refusal(outcome, f"{action.index}/{action.id}")
            elif outcome.verdict is not NextStep.DONE:
                again.append(action)
                why = outcome
        return again, why

    def _split(self, actions: Sequence[BulkAction], outcome: Outcome) -> list[RejectedAction]:
        if len(actions) == 1:
            counters.add("newsclaims_documents_total", outcome=outcome.name)
            return [RejectedAction(actions[0], outcome)]
        middle = len(actions) // 2
        return [*self._deliver(actions[:middle]), *self._deliver(actions[middle:])]

    def read(self, index: str, ids: Sequence[str]) -> dict[str, Any]:
        """Reads documents by id in the state last written, even before a refresh (realtime). Returns those found."""
        found = self._read(f"/{index}/_mget", {"ids": ids}, index) if ids else ()
        return {each["_id"]: each["_source"] for each in found}

    def _read(self, path: str, wanted: dict[str, Any], name: str) -> list[dict[str, Any]]:
        body = msgspec.json.encode(wanted)
        while True:
            answer = self._request(path, body, _JSON, {"realtime": "true"}, ("docs", len(*wanted.values())))
            if answer.outcome.verdict is NextStep.SPLIT:
                raise make_refusal(answer.outcome, f"reading {name}")
            if answer.outcome.verdict is NextStep.DONE:
                documents = answer.body["docs"]
                failed = next((each["error"] for each in documents if "error" in each), None)
                if failed is None:
                    self.patience.reset()
                    return [each for each in documents if each["found"]]
                answer = RequestResult(classify_error(503, failed) or Outcome(NextStep.RETRY, "unavailable"))
                if answer.outcome.verdict is NextStep.STOP:
                    raise make_refusal(answer.outcome, f"reading {name}")
            self._wait(answer)

    def find_all(self, wanted: Mapping[str, Collection[str]]) -> dict[str, dict[str, Any]]:
        """Finds documents of several indices by id in the state last refreshed, in one request. Returns those found.

        Where few of the ids exist, this costs a fraction of `read`. `wanted` are the ids by index.
        """
        found: dict[str, dict[str, Any]] = {index: {} for index in wanted}
        parts = [(index, part) for index, ids in wanted.items() for part in split_groups(ids, MOST_HITS)]
        searches = [
            IndexSearch((index,), {"query": {"ids": {"values": part}}, "size": len(part)}, required=True)
            for index, part in parts
        ]
        for (index, _), hits in zip(parts, self.search(searches) if searches else (), strict=True):
            found[index] |= {each["_id"]: each["_source"] for each in hits}
        return found

    def search(self, searches: Sequence[IndexSearch]) -> list[list[Any]]:
        """Makes several searches in one request. Returns the hits of each, in order."""
        lines = (part for each in searches for part in (each.make_header(), each.body))
        body = b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
        while True:
            answer = self._request("/_msearch", body, _NDJSON, _HITS, ("responses", len(searches)))
            if answer.outcome.verdict is NextStep.SPLIT:
                raise make_refusal(answer.outcome, f"searching {searches[0].indices[0]}")
            if answer.outcome.verdict is NextStep.DONE:
                responses = answer.body["responses"]
                failed = next((each for each in responses if "error" in each), None)
                if failed is None:
                    self.patience.reset()
                    return [each.get("hits", {}).get("hits", []) for each in responses]
                outcome = classify_request(int(failed["status"]), failed)
                if outcome.verdict in (NextStep.STOP, NextStep.SPLIT):
                    raise make_refusal(outcome, f"searching {searches[0].indices[0]}")
                answer = RequestResult(outcome)
            self._wait(answer)

    def _wait(self, answer: RequestResult) -> None:
        self.patience.pause(answer.outcome.reason, answer.retry_after, answer.outcome.name)

    def _request(
        self, path: str, body: bytes, headers: dict[str, str], params: dict[str, str], expected: tuple[str, int]
    ) -> RequestResult:
        """Makes one attempt. `expected` names the list that its answer must hold, and the length of that list.

        Raises `Permanent` if no further attempt can help, and `Retryable` if the process is asked to stop.
        """
        request = partial(self.client.perform_request, "POST", path, params=params, headers=headers, body=body)
        try:
            response = answering.call(request, self.patience.report_slow)
        except UnsupportedProductError as error:
            # A job has asked for its templates before: now something in front of the server answers for it.
            return RequestResult(Outcome(NextStep.RETRY, "unreadable", f"the answer is not Elasticsearch's: {error}"))
        except ApiError as error:
            outcome = classify_request(error.meta.status, error.body)
            if outcome.verdict is NextStep.STOP:
                raise make_refusal(outcome, path) from error
            return RequestResult(outcome, retry_after=parse_retry_after(error.meta.headers.get("retry-after")))
        except TlsError as error:
            raise Permanent(
                f"Elasticsearch's certificate is not trusted ({error}): set ELASTICSEARCH_CA_FILE"
            ) from error
        except ConnectionTimeout as error:
            return RequestResult(Outcome(NextStep.RETRY, "timeout", f"no answer in time: {error}"))
        except TransportError as error:
            return RequestResult(Outcome(NextStep.RETRY, "unreachable", str(error)))
        return RequestResult(classify_answer(response.body, *expected), response.body)


def split_requests(actions: Iterable[BulkAction]) -> Iterator[list[BulkAction]]:
    """Splits the actions into requests by bytes and count, in order."""
    request: list[BulkAction] = []
    size = 0
    for action in actions:
        if request and (size + action.size > REQUEST_BYTES or len(request) >= REQUEST_ACTIONS):
            yield request
            request, size = [], 0
        request.append(action)
        size += action.size
    if request:
        yield request


def make_refusal(outcome: Outcome, where: str) -> Permanent:
    """Returns the error for a wrong configuration, with advice."""
    advice = _ADVICE.get(outcome.name, "check the configuration of the server")
    return Permanent(f"Elasticsearch refuses {where} ({outcome.reason}): {advice}")


def parse_retry_after(value: str | None) -> float:
    """Returns the seconds that a `Retry-After` header asks for, as a number or as a date; 0 if it cannot be read."""
    try:
        return Retry().parse_retry_after(value) if value else 0.0
    except InvalidHeader:
        return 0.0
