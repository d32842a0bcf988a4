"""Writes health samples to Elasticsearch, behind the alias `health`, in a thread of its own.

Measuring does not depend on it. While Elasticsearch is unreachable, samples are buffered; when the buffer is full, the
oldest are dropped. The id of a sample follows from its content, so a sample that is sent twice is stored once.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any

from elasticsearch import ApiError, Elasticsearch, TransportError

from deploy.bootstrap import check_family
from deploy.server_errors import describe_elasticsearch_error
from deploy.settings import Settings
from schemas.codec import make_document
from schemas.elasticsearch.indices import HEALTH
from schemas.errors import NewsclaimsError, Retryable
from schemas.identity import digest
from schemas.metrics import METRICS
from schemas.operations.records import HealthSample

_log = logging.getLogger(__name__)

WRITE_SECONDS = 2.0
"""Seconds between two writes."""
MAX_BUFFERED = 50_000
"""Samples that are buffered at most: about two hours of a run with two workers, in about 40 MB."""
MAX_SAMPLES_PER_REQUEST = 1_000
TIMEOUT_SECONDS = 5.0
"""Timeout of a request. At the end, the process waits twice as long for the last samples."""

SampleQuery = Callable[[Elasticsearch], Iterable[HealthSample]]
"""Runs a query once Elasticsearch answers, and returns samples to write."""


class HealthWriter:
    """Writes samples in a thread of its own. Use it as a context manager. At the end it writes what it can, once."""

    def __init__(self, settings: Settings, max_buffered: int = MAX_BUFFERED) -> None:
        options = settings.elasticsearch.client_options()
        self.buckets = settings.load_index_settings()[HEALTH.name].buckets
        self.client = Elasticsearch(**options, request_timeout=TIMEOUT_SECONDS, max_retries=0)
        self.buffer: deque[HealthSample] = deque()
        self.max_buffered = max_buffered
        self.dropped = 0
        self.queries: deque[SampleQuery] = deque()
        self.is_checked = False
        self.problem = ""
        self.lock = threading.Lock()
        self.write_lock = threading.Lock()
        self.stopped = threading.Event()
        # A daemon: a server that neither accepts nor refuses a connection must not delay the end of the process.
        self.thread = threading.Thread(target=self.run, name="health", daemon=True)

    def __enter__(self) -> "HealthWriter":
        self.thread.start()
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.stopped.set()
        self.thread.join(timeout=2 * TIMEOUT_SECONDS)
        if self.buffer or self.dropped:
            _log.warning("%d health samples were not written", len(self.buffer) + self.dropped)
        self.client.close()

    def add(self, samples: Iterable[HealthSample]) -> None:
        """Adds samples, which are written soon."""
        with self.lock:
            self.buffer.extend(samples)
            while len(self.buffer) > self.max_buffered:
                self.buffer.popleft()
                if not self.dropped:
                    _log.warning("%d health samples are buffered: the oldest are dropped", self.max_buffered)
                self.dropped += 1

    def add_query(self, query: SampleQuery) -> None:
        """Adds a query that runs once, before the next samples are written."""
        with self.lock:
            self.queries.append(query)

    def run(self) -> None:
        """Writes every few seconds, and at the end."""
        while not self.stopped.wait(WRITE_SECONDS):
            self.write()
        self.write()

    def write(self) -> None:
        """Writes the buffered samples. What cannot be written stays buffered, and the first failure is logged."""
        with self.write_lock:
            try:
                self.flush()
            except (NewsclaimsError, ApiError, TransportError) as error:
                problem = str(error) if isinstance(error, NewsclaimsError) else describe_elasticsearch_error(error)
                if not self.problem:
                    _log.warning("health samples are buffered: %s", problem)
                self.problem, self.is_checked = problem, False
            else:
                if self.problem:
                    _log.warning("health samples are written again; %d were dropped", self.dropped)
                self.problem, self.dropped = "", 0

    def flush(self) -> None:
        """Runs all queries and writes all samples. Raises the client's errors, and `Permanent` before `init`."""
        while self.queries or self.buffer:
            if not self.is_checked:
                # Without the template, the first sample would create an index with a guessed mapping.
                check_family(self.client, HEALTH)
                self.is_checked = True
            if self.queries:
                self.add(self.queries[0](self.client))
                self.queries.popleft()
            with self.lock:
                batch, dropped = list(islice(self.buffer, MAX_SAMPLES_PER_REQUEST)), self.dropped
            if not batch:
                continue
            self.send(batch)
            with self.lock:
                # `add` may have dropped some of them in the meantime.
                for _ in range(len(batch) - (self.dropped - dropped)):
                    self.buffer.popleft()

    def send(self, batch: Sequence[HealthSample]) -> None:
        """Sends samples. A refused sample is lost, and logged. Raises `Retryable` if some must be sent again."""
        actions: list[dict[str, Any]] = []
        for sample in batch:
            actions += [
                {"index": {"_index": HEALTH.index(self.buckets.find_bucket(sample.at)), "_id": make_sample_id(sample)}}
            ]
            actions += [make_document(sample)]
        answer = self.client.bulk(operations=actions, filter_path="errors,items.*.status,items.*.error")
        outcomes = [item["index"] for item in answer["items"]]
        if any(outcome["status"] == 429 or outcome["status"] >= 500 for outcome in outcomes):
            raise Retryable("Elasticsearch is overloaded")
        if refused := [outcome["error"] for outcome in outcomes if "error" in outcome]:
            _log.warning("Elasticsearch refused %d health samples: %s", len(refused), refused[0])


def make_sample_id(sample: HealthSample) -> str:
    """Returns the id of a sample. A process reports one value of a metric and its labels at a time."""
    labels = [getattr(sample, label) or "" for label in METRICS[sample.metric].labels]
    return digest(sample.instance, sample.at.isoformat(), sample.metric, sample.quantile or "", *labels)
