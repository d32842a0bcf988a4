"""Two runs of one group write the same article at the same time: the newest revision is there alone in the end."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import pytest

from pipelines import lifecycle
from pipelines.io.elasticsearch import overtaking
from schemas.errors import Retryable
from tests.pipelines.io.elasticsearch.article_sets import article_set
from tests.pipelines.io.elasticsearch.fake_elasticsearch import Died, MemoryElasticsearch
from tests.pipelines.io.elasticsearch.test_sink import Sink
from tests.pipelines.io.kafka.fake_kafka import MemoryProducer

OLD = article_set("a", 5, ["shared", "old"], ["f-old"], bucket="2024.10")
NEW = article_set("a", 6, ["shared", "new"], ["f-new"], bucket="2024.10")
MOVED = article_set("a", 6, ["shared", "new"], ["f-new"], bucket="2024.11")
LONGEST = 14
"""More requests than a batch needs."""
NEVER = 10**9


@dataclass
class InterruptedElasticsearch(MemoryElasticsearch):
    """Lets something happen before one of its requests; `dies_at` kills the first writer at a later one."""

    at: int = NEVER
    interlude: Callable[[], None] = lambda: None
    dies_at: int = NEVER
    seen: int = 0
    is_nested: bool = False
    interrupted: list[str] = field(default_factory=list)

    def answer(self, path: str, body: bytes) -> tuple[int, Any, Mapping[str, str]]:
        if not self.is_nested:
            if self.seen == self.at:
                self.interrupted.append("ledger" if path == "/_bulk" and b"ledger-g1" in body else path)
                self.is_nested = True
                self.interlude()
                self.is_nested = False
            if self.seen == self.dies_at:
                raise Died
            self.seen += 1
        return super().answer(path, body)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(overtaking, "LEDGER_SECONDS", 0.05)
    monkeypatch.setattr(overtaking, "PAUSE_SECONDS", 0.0)
    yield
    lifecycle.stop_requested.clear()


def check(sink: Sink, case: object, newest: Any = NEW) -> None:
    """Checks that the newest revision is there, alone and in one bucket, and that the topic ends with it."""
    for family, ids in {"articles": {"a"}, "claims": {"shared", "new"}, "figures": {"f-new"}}.items():
        places = [
            key for key, there in sink.server.documents.items() if key[0].startswith(f"{family}-") and there.source
        ]
        assert sorted(id for _, id in places) == sorted(ids), (case, family, places)
        assert all(sink.server.documents[key].source["revision"] == newest.revision for key in places), (case, family)
    latest = {key: value for key, value in sink.producer.latest("claims").items() if value is not None}
    assert latest.keys() == {b"shared", b"new"}, (case, latest)
    assert b'"revision": 6' in latest[b"shared"] or b'"revision":6' in latest[b"shared"], (case, latest)


def start(at: int, second: tuple[Any, ...], dies_at: int = NEVER) -> Sink:
    """Returns a sink on a server at which another run writes `second` before the request `at`."""
    server = InterruptedElasticsearch(at=at, dies_at=dies_at)
    sink = Sink(server=server)
    other = Sink(server=server, producer=sink.producer)
    server.interlude = lambda: other.write(*second)
    return sink


@pytest.mark.parametrize("newest", [NEW, MOVED], ids=["same bucket", "other bucket"])
def test_other_run_writes_between_any_two_requests(newest: Any) -> None:
    for first, second, at in product([(OLD,), (OLD, newest)], [(newest,), (OLD, newest)], range(LONGEST)):
        sink = start(at, second)
        sink.write(*first)
        if newest is MOVED and sink.server.interrupted == ["ledger"]:  # type: ignore[attr-defined]
            # One revision in two buckets, seen by neither run: it heals when the messages come again.
            sink.write(*first)
        if sink.server.interrupted:  # type: ignore[attr-defined]
            check(sink, (len(first), len(second), at), newest)


def test_slower_run_has_the_older_revision(caplog: pytest.LogCaptureFixture) -> None:
    """The older revision is written while the newer one is being written by the other run."""
    for at in range(LONGEST):
        sink = start(at, (OLD,))
        sink.write(NEW)
        if sink.server.interrupted == ["ledger"]:  # type: ignore[attr-defined]
            # Here the slower run waits for the ledger of the other one: see the test below.
            sink.write(OLD)
        if sink.server.interrupted:  # type: ignore[attr-defined]
            check(sink, at)


def test_slower_run_waits_for_the_ledger_of_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overtaking, "LEDGER_SECONDS", 5.0)
    server = InterruptedElasticsearch()
    sink, other = Sink(server=server), Sink(server=server)
    other.producer = sink.producer
    server.dies_before = 5  # the newer revision is written and published, and its ledger is not
    with suppress(Died):
        other.write(NEW)
    server.dies_before = None
    assert server.ids("ledger") == set()
    ledger_reads = [0]

    def answer(path: str, body: bytes) -> tuple[int, Any, Mapping[str, str]]:
        if path == "/ledger-g1/_mget":
            ledger_reads[0] += 1
            if ledger_reads[0] == 4:  # after the plan was checked and the ledger written
                ledger_reads[0] = -100
                other.write(NEW)
        return MemoryElasticsearch.answer(server, path, body)

    server.answer = answer  # type: ignore[method-assign]
    sink.write(OLD)
    check(sink, "waits")


def test_death_at_any_request_after_the_other_run_wrote_heals_when_it_comes_again() -> None:
    for at, dies_at in product(range(LONGEST), range(LONGEST)):
        if dies_at < at:
            continue
        sink = start(at, (OLD, NEW), dies_at)
        with suppress(Died):
            sink.write(OLD)
        sink.server.dies_at = NEVER  # type: ignore[attr-defined]
        if sink.server.interrupted:  # type: ignore[attr-defined]
            Sink(server=sink.server, producer=sink.producer).write(OLD)
            check(sink, (at, dies_at))


@dataclass
class PausedWorker:
    """A worker that is stopped after the check of its permission, for longer than Elasticsearch remembers deletions.

    Another worker gets its partitions meanwhile, and writes the article twice. Then the request of the first goes on,
    and its next check finds out.
    """

    sink: Sink
    is_lost: bool = False
    is_other: bool = False

    def pause(self) -> None:
        if self.is_lost or self.is_other:
            return
        self.is_other = True
        other = MemoryProducer(sent=self.sink.producer.sent)
        Sink(server=self.sink.server, producer=other).write(OLD)
        Sink(server=self.sink.server, producer=other).write(NEW)
        for key in [key for key, there in self.sink.server.documents.items() if there.source is None]:
            del self.sink.server.documents[key]
        self.is_other, self.is_lost = False, True

    def require_permission(self) -> None:
        if self.is_lost and not self.is_other:
            raise lifecycle.WriteForbidden("lost: nothing of this bundle is written")


@pytest.fixture
def paused(monkeypatch: pytest.MonkeyPatch) -> Iterator[PausedWorker]:
    monkeypatch.setattr(overtaking, "LEDGER_SECONDS", 0.01)
    server = InterruptedElasticsearch()
    worker = PausedWorker(Sink(server=server))
    server.interlude = worker.pause
    lifecycle.add_write_check(worker.require_permission)
    yield worker
    lifecycle.remove_write_check(worker.require_permission)


@pytest.mark.parametrize("at", range(LONGEST))
def test_request_of_a_worker_that_was_paused_before_it_leaves_nothing(paused: PausedWorker, at: int) -> None:
    paused.sink.server.at = at  # type: ignore[attr-defined]
    if at >= len(requests_of_a_batch()):
        return
    with suppress(lifecycle.WriteForbidden):
        paused.sink.write(OLD)
    assert paused.is_lost
    check(paused.sink, at)


def requests_of_a_batch() -> list[Any]:
    sink = Sink()
    sink.write(OLD)
    return sink.server.requests


def test_messages_of_a_worker_that_was_paused_before_they_left_do_not_stay_the_last(paused: PausedWorker) -> None:
    paused.sink.producer.on_flush = paused.pause
    with pytest.raises(lifecycle.WriteForbidden):
        paused.sink.write(OLD)
    check(paused.sink, "producer")


def test_repair_that_fails_leaves_the_first_error(
    paused: PausedWorker, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    paused.sink.server.at = 2  # type: ignore[attr-defined]

    def refuse(*_: Any) -> Any:
        raise Retryable("Elasticsearch does not answer")

    monkeypatch.setattr(overtaking, "find_late", refuse)
    with pytest.raises(lifecycle.WriteForbidden, match="lost"):
        paused.sink.write(OLD)
    assert "written too late: Elasticsearch does not answer" in caplog.text
    with pytest.raises(lifecycle.WriteForbidden):
        lifecycle.require_write_permission()
