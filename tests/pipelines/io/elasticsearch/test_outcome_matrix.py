"""Every way in which a write can end, with a real node behind a proxy that injects faults.

Each case makes one row of the table in docs/guides/faults.md: where the documents are afterwards, what was counted, and
what was reported. The page must hold exactly these rows.
"""

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from deploy import bootstrap
from pipelines import counters
from pipelines.io.elasticsearch import bulk
from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.io.elasticsearch.documents import Document, DocumentSet
from pipelines.io.elasticsearch.patience import Patience
from pipelines.io.elasticsearch.writer import BatchWriter
from schemas.elasticsearch.indices import FAMILIES
from schemas.errors import NewsclaimsError
from tests.checkout import ROOT
from tests.conftest import Stack
from tests.pipelines.io.elasticsearch.article_sets import article_set
from tests.pipelines.io.elasticsearch.faulty_proxy import FaultyProxy, Injection, Reply, in_front_of

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]

PAGE = ROOT / "docs" / "guides" / "faults.md"
BUCKETS = [str(year) for year in range(1991, 1996)]
"""No other test writes articles of these years."""
LARGEST = 20_000
"""The largest request that the proxy takes in the cases of 413."""
HTML = {"content-type": "text/html"}
PRODUCT = {"content-type": "application/json", "x-elastic-product": "Elasticsearch"}
SORRY = b"<html><head><title>Sorry</title></head><body>Please try again later.</body></html>"


@dataclass
class Attempt:
    """One batch of three articles with two claims each, the way to the server, and what was waited for."""

    proxy: FaultyProxy
    node: Elasticsearch
    bucket: str = BUCKETS[0]
    owners: list[str] = field(default_factory=lambda: [uuid.uuid4().hex for _ in range(3)])
    waits: list[float] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    on_wait: Callable[[], None] = lambda: None
    sets: list[DocumentSet] = field(default_factory=list)

    def __post_init__(self) -> None:
        offsets = [uuid.uuid4().int % 2**40 for _ in self.owners]
        self.sets = [self.make(owner, 5, offset) for owner, offset in zip(self.owners, offsets, strict=True)]

    def make(self, owner: str, revision: int, offset: int = 7) -> DocumentSet:
        return article_set(owner, revision, [f"{owner}-1", f"{owner}-2"], bucket=self.bucket, offset=offset)

    def add(self, source: dict[str, Any]) -> None:
        """Adds a claim with this content to the first article."""
        owner = self.owners[0]
        extra = Document("claims", f"{owner}-3", json.dumps({"article_id": owner, **source}).encode())
        self.sets[0] = replace(self.sets[0], documents=(*self.sets[0].documents, extra))

    def inject(self, path: str, injection: Injection, times: int = 2) -> None:
        """Makes the first requests of a path go wrong."""
        left = [injection] * times
        self.proxy.decide = lambda seen, _body: left.pop() if seen.endswith(path) and left else None

    def wait(self, seconds: float) -> bool:
        self.waits.append(seconds)
        seen = counters.snapshot().items()
        self.reasons += [labels[0] for (name, labels), on in seen if name.endswith("sink_waiting_reason") and on]
        if len(self.waits) >= 3:
            self.on_wait()
        return len(self.waits) > 30

    def write(self) -> str:
        """Writes the batch; returns the error, if it raises one."""
        with Elasticsearch(self.proxy.url) as client:
            client.info()
            counters.reset()
            writer = BatchWriter(BulkSender(client, Patience(wait=self.wait, chance=lambda: 1.0)))
            try:
                writer.write(self.sets)
            except NewsclaimsError as error:
                return str(error)
        return ""


Prepare = Callable[[Attempt], None]


def request(status: int, kind: str | None = None, path: str = "_bulk", **injection: Any) -> Prepare:
    """Makes two requests end with a status: with an error of Elasticsearch, or with the page of a load balancer."""
    body = json.dumps({"error": {"type": kind, "reason": "injected"}, "status": status}).encode() if kind else SORRY
    headers = {**(PRODUCT if kind else HTML), **injection.pop("headers", {})}
    return lambda attempt: attempt.inject(path, Injection(reply=Reply(status, body, headers), **injection))


def fault(path: str = "_bulk", **injection: Any) -> Prepare:
    """Makes two requests go wrong."""
    return lambda attempt: attempt.inject(path, Injection(**injection))


def refuse(attempt: Attempt) -> None:
    """Refuses connections from the first bulk request on, until the third wait."""
    first = [True]

    def decide(path: str, _body: bytes) -> Injection | None:
        if path.endswith("_bulk") and first:
            first.clear()
            attempt.proxy.server.server_close()  # before the answer, so that the next attempt is refused
            attempt.proxy.close()
            return Injection(hangs_up=True)
        return None

    def open_again() -> None:
        with suppress(OSError):
            attempt.proxy.open()
        attempt.on_wait = lambda: None

    attempt.proxy.decide, attempt.on_wait = decide, open_again


def limit_size(attempt: Attempt) -> None:
    """Refuses large requests, as a proxy does."""
    attempt.proxy.decide = lambda _path, body: Injection(reply=Reply(413, SORRY, HTML)) if len(body) > LARGEST else None


def need_splitting(attempt: Attempt) -> None:
    limit_size(attempt)
    attempt.sets = [
        replace(each, documents=(*each.documents[:2], pad(each.documents[2], LARGEST // 2))) for each in attempt.sets
    ]


def lone_oversize(attempt: Attempt) -> None:
    limit_size(attempt)
    first = attempt.sets[0]
    attempt.sets[0] = replace(first, documents=(*first.documents[:2], pad(first.documents[2], LARGEST)))


def pad(document: Document, size: int) -> Document:
    source = {**json.loads(document.source), "text": "x" * size}
    return replace(document, source=json.dumps(source).encode())


def newer_there(attempt: Attempt) -> None:
    """Another writer has written a newer article, and this one does not know it from the ledger."""
    for document in attempt.make(attempt.owners[0], 9).documents:
        attempt.node.index(
            index=FAMILIES[document.family].index(attempt.bucket), id=document.id, version=9,
            version_type="external_gte", document=json.loads(document.source),
        )  # fmt: skip


def gone_already(attempt: Attempt) -> None:
    """The ledger names a claim that is not there."""
    entry = {
        "article_id": attempt.owners[0], "revision": 4, "rules_version": "r0",
        "content_scope": "full", "content_hash": "old", "bucket": attempt.bucket, "figure_ids": [],
        "claim_ids": [f"{attempt.owners[0]}-gone"], "written_at": "2024-11-05T08:00:00Z",
    }  # fmt: skip
    attempt.node.index(index="ledger-g1", id=attempt.owners[0], version=4, version_type="external_gte", document=entry)


def change_index(settings: dict[str, Any], undone: dict[str, Any]) -> Prepare:
    """Changes the settings of the index of claims, and undoes it at the third wait, as an operator would."""

    def prepare(attempt: Attempt) -> None:
        index = FAMILIES["claims"].index(attempt.bucket)
        attempt.node.indices.create(index=index)
        attempt.node.indices.put_settings(index=index, settings=settings)

        def undo() -> None:
            attempt.node.indices.put_settings(index=index, settings=undone)

        attempt.on_wait = undo

    return prepare


def close_index(attempt: Attempt) -> None:
    index = FAMILIES["claims"].index(attempt.bucket)
    attempt.node.indices.create(index=index, wait_for_active_shards=1)
    attempt.node.indices.close(index=index)
    attempt.on_wait = lambda: opened(attempt.node, index)


def opened(node: Elasticsearch, index: str) -> None:
    node.indices.open(index=index)


def change_cluster(name: str, value: Any) -> Prepare:
    """Changes a setting of the cluster, and undoes it at the third wait."""

    def prepare(attempt: Attempt) -> None:
        attempt.node.cluster.put_settings(persistent={name: value})

        def undo() -> None:
            attempt.node.cluster.put_settings(persistent={name: None})

        attempt.on_wait = undo

    return prepare


@dataclass(frozen=True)
class Case:
    """What happens.

    `bucket` is an index for the case alone, if it changes that. `stops` is what the error must say, `least_wait` the
    shortest first pause and `timeout` the longest wait for an answer, in seconds.
    """

    name: str
    prepare: Prepare
    bucket: int = 0
    stops: str = ""
    least_wait: float = 0.0
    timeout: float = bulk.TIMEOUT


CASES = [
    Case("item 429 (busy)", fault(item=(429, "es_rejected_execution_exception"))),
    Case("item 503 (shard not available)", fault(item=(503, "unavailable_shards_exception"))),
    Case("item 409 (a newer version is there)", newer_there),
    Case("item 404 (delete what is gone)", gone_already),
    Case("item 400 (does not parse)", lambda it: it.add({"start": "not a number"})),
    Case("item 400 (number out of range)", lambda it: it.add({"start": 10**12})),
    Case("item 400 (field that no mapping declares)", lambda it: it.add({"colour": "red"}), stops="newsclaims init"),
    Case("item 404 (index may not be created)", change_cluster("action.auto_create_index", "-claims-g1-1992,+*"), 1,
         stops="newsclaims init"),
    Case("item 403 (read-only index)", change_index({"index.blocks.write": True}, {"index.blocks.write": None}), 2),
    Case("item 429 (disk full: flood stage)", change_index({"index.blocks.read_only_allow_delete": True},
         {"index.blocks.read_only_allow_delete": None}), 2),
    Case("item 400 (closed index)", close_index, 3),
    Case("item 400 (limit of shards)", change_cluster("cluster.max_shards_per_node", 1), 4),
    Case("429 with Retry-After: 7", request(429, "circuit_breaking_exception", headers={"retry-after": "7"}),
         least_wait=7.0),
    Case("500", request(500, "exception")),
    Case("503", request(503, "master_not_discovered_exception")),
    Case("502 from a load balancer", request(502)),
    Case("504 from a load balancer, after the work was done", request(504, passes_on=True)),
    Case("413, the request", need_splitting),
    Case("413, a lone document", lone_oversize),
    Case("400 from a load balancer", request(400), stops="check the configuration"),
    Case("401", request(401, "security_exception"), stops="ELASTICSEARCH_API_KEY"),
    Case("403", request(403, "security_exception"), stops="privileges"),
    Case("404 from a load balancer", request(404), stops="http_404|HTTP 404"),
    Case("200 with a page of a load balancer", request(200)),
    Case("200 with an answer of other length", fault(reply=Reply(200, b'{"errors": false, "items": []}', PRODUCT))),
    Case("connection refused", refuse),
    Case("connection closed before the work", fault(hangs_up=True)),
    Case("connection closed after the work", fault(passes_on=True, hangs_up=True)),
    Case("connection cut in the middle of an answer", fault(passes_on=True, cuts=True)),
    Case("no answer in time, after the work was done", fault(passes_on=True, hold=60.0), timeout=1.0),
    Case("slow answer", fault(passes_on=True, hold=0.4)),
    Case("ledger read: 429", request(429, "circuit_breaking_exception", "_mget")),
    Case("ledger read: 503", request(503, "master_not_discovered_exception", "_mget")),
    Case("ledger read: 502 from a load balancer", request(502, path="_mget")),
    Case("ledger read: 200 with a page of a load balancer", request(200, path="_mget")),
    Case("ledger read: 401", request(401, "security_exception", "_mget"), stops="ELASTICSEARCH_API_KEY"),
    Case("ledger read: no answer in time", fault("_mget", passes_on=True, hold=60.0), timeout=1.0),
    Case("ledger read: connection cut in the middle of an answer", fault("_mget", passes_on=True, cuts=True)),
]  # fmt: skip


@pytest.fixture(scope="module")
def node(stack: Stack) -> Iterator[Elasticsearch]:
    bootstrap.init(stack.settings)
    with Elasticsearch(stack.elasticsearch_url) as made:
        yield made
        drop(made)


def drop(node: Elasticsearch) -> None:
    node.cluster.put_settings(persistent={"action.auto_create_index": None, "cluster.max_shards_per_node": None})
    names = [FAMILIES[name].index(bucket) for name in ("articles", "claims", "figures") for bucket in BUCKETS[1:]]
    node.indices.delete(index=names, ignore_unavailable=True)


@pytest.fixture
def attempt(node: Elasticsearch, stack: Stack) -> Iterator[Attempt]:
    with in_front_of(stack.elasticsearch_url) as proxy:
        yield Attempt(proxy, node)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_outcome(case: Case, attempt: Attempt, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "TIMEOUT", case.timeout)
    if case.bucket:
        drop(attempt.node)
        attempt.bucket = BUCKETS[case.bucket]
        attempt.__post_init__()
    case.prepare(attempt)
    error = attempt.write()
    attempt.proxy.decide = lambda _path, _body: None
    row = f"| {case.name} | {find_documents(attempt)} | {count_outcomes()} | {make_report(attempt, error)} |"
    if case.bucket:
        drop(attempt.node)
    if case.stops:
        assert any(word in error for word in case.stops.split("|")), error
        assert is_in_ledger(attempt) == 0
    else:
        assert error == ""
        assert is_in_ledger(attempt) == 3
    assert not case.least_wait or attempt.waits[0] >= case.least_wait
    assert row in PAGE.read_text("utf-8"), f"this row is not in {PAGE.name}:\n{row}"


def test_page_has_no_other_rows() -> None:
    lines = PAGE.read_text("utf-8").split("## Outcomes of a write")[1].split("\n## ")[0].splitlines()
    rows = [line.split("|")[1].strip() for line in lines if line.startswith("|")][2:]
    assert sorted(rows) == sorted(case.name for case in CASES)


def find_documents(attempt: Attempt) -> str:
    """Returns how many of the documents are in their index, each at its revision or a newer one."""
    wanted = [
        (FAMILIES[each.family].index(found.bucket), each.id) for found in attempt.sets for each in found.documents
    ]
    answer = attempt.node.mget(docs=[{"_index": index, "_id": id} for index, id in wanted])
    there = sum(bool(each.get("found")) and each["_version"] >= 5 for each in answer["docs"])
    return f"all {there}" if there == len(wanted) else f"{there or 'none'} of {len(wanted)}"


def is_in_ledger(attempt: Attempt) -> int:
    """Returns how many of the articles are in the ledger at their revision."""
    answer = attempt.node.mget(index="ledger-g1", ids=attempt.owners)
    return sum(bool(each.get("found")) and each["_source"]["revision"] == 5 for each in answer["docs"])


def count_outcomes() -> str:
    """Returns what was counted of the documents and of the requests that failed."""
    parts = []
    for title, metric in (("documents", "newsclaims_documents_total"), ("requests", "newsclaims_bulk_requests_total")):
        found = sorted(labels[0] for (name, labels) in counters.snapshot() if name == metric)
        if outcomes := [outcome for outcome in found if outcome != "ok"]:
            parts.append(f"{title}: {', '.join(outcomes)}")
    return "; ".join(parts) or "–"


def make_report(attempt: Attempt, error: str) -> str:
    """Returns what was reported: the end of the job, what it waits for, and dead letters."""
    if error:
        return f"stops: {error.split(': ')[-1]}"
    letters = [
        labels[1] for (name, labels), _ in counters.snapshot().items() if name == "newsclaims_dead_letters_total"
    ]
    found = [f"dead letter: {', '.join(sorted(letters))}"] if letters else []
    reasons = sorted(set(attempt.reasons))
    return "; ".join(([f"waits: {', '.join(reasons)}"] if reasons else []) + found) or "–"
