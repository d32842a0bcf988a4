"""A server that does not answer: the job stops reading, its memory stays bounded, and everything arrives afterwards."""

import time

import psutil
import pytest

from tests.conftest import Stack
from tests.pipelines.io.elasticsearch.faulty_proxy import FaultyProxy, Injection, in_front_of
from tests.pipelines.messages import message
from tests.pipelines.run.running import count, emptied, eventually, running, send

ARTICLES = 150
BODY = "Портовое управление посчитало лодки в понедельник. " * 1_000
"""A text that costs little, because no claims are looked for in it. As JSON it has 300 kB."""
MEGABYTE = 1024 * 1024
MOST_MEGABYTES = 25
"""What a worker may hold while it waits: what it has fetched and collected, and what is made of that."""


@pytest.mark.integration
@pytest.mark.slow
def test_stalled_elasticsearch_stops_the_reading_and_not_the_process(stack: Stack) -> None:
    emptied(stack)
    with in_front_of(stack.elasticsearch_url) as proxy, running(stack, ELASTICSEARCH_URL=proxy.url) as job:
        send(stack, message(0, body=BODY))  # what is needed for the language is loaded now
        eventually(lambda: count(stack, "articles") == 1)
        [worker] = psutil.Process(job.pid).children()
        stall(proxy)
        before = worker.memory_info().rss
        published = [message(number, body=f"{number} {BODY}") for number in range(1, ARTICLES + 1)]
        send(stack, *published)
        held = (measure_memory(worker, 12.0) - before) / MEGABYTE
        assert (job.poll(), worker.is_running(), count(stack, "articles")) == (None, True, 1)
        assert held < MOST_MEGABYTES < sum(map(len, published)) / MEGABYTE
        go_on(proxy)
        eventually(lambda: count(stack, "articles") == ARTICLES + 1)


def stall(proxy: FaultyProxy) -> None:
    """Leaves every request for documents without an answer."""
    proxy.decide = lambda path, _body: Injection(hold=600.0) if path.endswith(("_bulk", "_msearch", "_mget")) else None


def go_on(proxy: FaultyProxy) -> None:
    """Answers again; the requests that were waiting are hung up on."""
    proxy.decide = lambda _path, _body: None
    proxy.ended.set()


def measure_memory(process: psutil.Process, seconds: float) -> int:
    """Returns the highest memory of a process in the next seconds, in bytes."""
    highest, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        highest = max(highest, process.memory_info().rss)
        time.sleep(0.2)
    return highest
