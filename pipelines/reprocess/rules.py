"""Applies the steps of the job to raw messages, without Beam's runner, in this process or in several."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import msgspec

from pipelines.io.elasticsearch.writer import Element
from pipelines.io.kafka.record import KafkaRecord
from schemas.elasticsearch.buckets import Buckets
from schemas.errors import Retryable

AHEAD = 3
"""Batches for each process that wait for their turn: with more, memory is all that grows."""


@dataclass(frozen=True)
class RulesSettings:
    """What the steps need: the paths of recurring lines and watches, and the buckets of articles.

    `elasticsearch` are the options of a client that finds the stories of articles; without them, each is one.
    """

    memory: str
    watches: str
    watches_kept: str
    buckets: dict[str, Any]
    elasticsearch: dict[str, Any] | None = None


Rules = Callable[[list[KafkaRecord]], list[list[Element]]]
"""From messages to what becomes of each: document sets or a dead letter."""

_rules: Rules | None = None


def load_rules(settings: RulesSettings) -> Rules:
    """Loads the steps. Raises `Permanent` if the watches are invalid."""
    from pipelines.connections import connect_elasticsearch
    from pipelines.stream import ChainOptions, list_steps
    from pipelines.transforms.parcel import Parcel
    from pipelines.transforms.stories import GroupStories
    from pipelines.transforms.watches import WatchesFile

    client = partial(connect_elasticsearch, settings.elasticsearch) if settings.elasticsearch else None
    stories = GroupStories(client)
    stories.setup()
    options = ChainOptions(
        Path(settings.memory),
        WatchesFile(Path(settings.watches), Path(settings.watches_kept)),
        msgspec.convert(settings.buckets, Buckets),
        stories,
    )
    *steps, documents = list_steps(options).values()

    def apply(records: list[KafkaRecord]) -> list[list[Element]]:
        flow: list[Any] = [Parcel(record) for record in records]
        for step in steps:
            if isinstance(step, GroupStories):
                step.start_bundle()
                flow = [*(one for each in flow for one in step.process(each)), *step.group()]
            else:
                flow = [one for each in flow for one in step.process(each)]
        return [list(documents.process(each)) for each in flow]

    return apply


def _begin_process(settings: RulesSettings) -> None:
    global _rules
    _rules = load_rules(settings)


def _apply(records: list[KafkaRecord]) -> list[list[Element]]:
    assert _rules is not None
    return _rules(records)


@contextmanager
def open_rules(
    settings: RulesSettings, workers: int
) -> Iterator[Callable[[Iterable[list[KafkaRecord]]], Iterator[list[list[Element]]]]]:
    """Gives a function that applies the rules to batches, in order. With several workers, each is a process.

    Raises `Retryable` if a process dies.
    """
    if workers == 1:
        rules = load_rules(settings)
        yield lambda batches: map(rules, batches)
        return
    with ProcessPoolExecutor(workers, get_context("spawn"), _begin_process, (settings,)) as pool:

        def apply(batches: Iterable[list[KafkaRecord]]) -> Iterator[list[list[Element]]]:
            waiting = iter(batches)
            running = [pool.submit(_apply, batch) for batch in islice(waiting, AHEAD * workers)]
            while running:
                try:
                    yield running.pop(0).result()
                except BrokenProcessPool as error:
                    raise Retryable(f"A process that reads articles died ({error}): run the command again") from error
                running += [pool.submit(_apply, batch) for batch in islice(waiting, 1)]

        yield apply
