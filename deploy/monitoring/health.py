"""Health samples on their way to Elasticsearch, behind the alias `health`: in a thread of its own, never in the way.

What is measured does not depend on it. While Elasticsearch is away samples wait here, up to a number; then the oldest
go. Each has an id that follows from what it says, so one that is sent again is there once.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any

from elasticsearch import Elasticsearch, TransportError
from elasticsearch.exceptions import ApiError

from deploy.bootstrap import check_family
from deploy.settings import Settings
from schemas.codec import document
from schemas.elasticsearch.indices import HEALTH, month
from schemas.errors import NewsclaimsError, Retryable
from schemas.identity import digest
from schemas.metrics import METRICS
from schemas.records import HealthSample

_log = logging.getLogger(__name__)

EVERY = 2.0
"""Seconds between two writes."""
MOST = 50_000
"""Samples that wait at most: some two hours of a run with two workers, in some 40 MB."""
REQUEST = 1_000
"""Samples of one request."""
TIMEOUT = 5.0
"""Seconds for an answer; also the longest that the end of the process waits for the last samples."""

Question = Callable[[Elasticsearch], Iterable[HealthSample]]
"""What is to be asked of Elasticsearch once it answers, and gives samples to write."""


class HealthWriter:
    """Writes samples in a thread of its own. Use it as a context manager; its end writes what it can, once."""

    def __init__(self, settings: Settings, most: int = MOST) -> None:
        options = settings.elasticsearch.client_options()
        self.client = Elasticsearch(**options, request_timeout=TIMEOUT, max_retries=0)
        self.waiting: deque[HealthSample] = deque()
        self.most = most
        self.dropped = 0
        self.questions: deque[Question] = deque()
        self.is_checked = False
        self.trouble = ""
        self.lock = threading.Lock()
        self.writing = threading.Lock()
        self.stopped = threading.Event()
        # A daemon, as a server that takes no connection and refuses none must not hold up the end.
        self.thread = threading.Thread(target=self.run, name="health", daemon=True)

    def __enter__(self) -> "HealthWriter":
        self.thread.start()
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.stopped.set()
        self.thread.join(timeout=2 * TIMEOUT)
        if self.waiting or self.dropped:
            _log.warning("%d health samples are not written", len(self.waiting) + self.dropped)
        self.client.close()

    def note(self, samples: Iterable[HealthSample]) -> None:
        """Takes samples to be written soon."""
        with self.lock:
            self.waiting.extend(samples)
            while len(self.waiting) > self.most:
                self.waiting.popleft()
                if not self.dropped:
                    _log.warning("%d health samples wait for Elasticsearch: the oldest are dropped", self.most)
                self.dropped += 1

    def ask(self, question: Question) -> None:
        """Takes something that is to be asked of Elasticsearch, once, before the next samples are written."""
        with self.lock:
            self.questions.append(question)

    def run(self) -> None:
        """Writes every few seconds, and at the end."""
        while not self.stopped.wait(EVERY):
            self.write()
        self.write()

    def write(self) -> None:
        """Writes what waits. What cannot be written waits on, and the log says so once."""
        with self.writing:
            try:
                self.deliver()
            except (NewsclaimsError, ApiError, TransportError) as error:
                trouble = str(error) if isinstance(error, NewsclaimsError) else type(error).__name__
                if not self.trouble:
                    _log.warning("health samples wait for Elasticsearch: %s", trouble)
                self.trouble, self.is_checked = trouble, False
            else:
                if self.trouble:
                    _log.warning("health samples are written again; %d were dropped", self.dropped)
                self.trouble, self.dropped = "", 0

    def deliver(self) -> None:
        """Asks and writes all there is. Raises what Elasticsearch's client raises, and `Permanent` before `init`."""
        while self.questions or self.waiting:
            if not self.is_checked:
                # Without the template the first sample would make an index that guesses its mapping.
                check_family(self.client, HEALTH)
                self.is_checked = True
            if self.questions:
                self.note(self.questions[0](self.client))
                self.questions.popleft()
            with self.lock:
                batch, dropped = list(islice(self.waiting, REQUEST)), self.dropped
            if not batch:
                continue
            self.send(batch)
            with self.lock:
                # Less those that were dropped meanwhile.
                for _ in range(len(batch) - (self.dropped - dropped)):
                    self.waiting.popleft()

    def send(self, batch: Sequence[HealthSample]) -> None:
        """Sends samples; one that is refused is lost, and told. Raises `Retryable` where some are to be sent again."""
        actions: list[dict[str, Any]] = []
        for sample in batch:
            actions += [{"index": {"_index": HEALTH.index(month(sample.at)), "_id": sample_id(sample)}}]
            actions += [document(sample)]
        answer = self.client.bulk(operations=actions, filter_path="errors,items.*.status,items.*.error")
        outcomes = [item["index"] for item in answer["items"]]
        if any(outcome["status"] == 429 or outcome["status"] >= 500 for outcome in outcomes):
            raise Retryable("it is busy")
        if refused := [outcome["error"] for outcome in outcomes if "error" in outcome]:
            _log.warning("Elasticsearch refuses %d health samples: %s", len(refused), refused[0])


def sample_id(sample: HealthSample) -> str:
    """Id of a sample: a process tells one value of a metric and its labels at a time."""
    labels = [getattr(sample, label) or "" for label in METRICS[sample.metric].labels]
    return digest(sample.instance, sample.at.isoformat(), sample.metric, sample.quantile or "", *labels)
