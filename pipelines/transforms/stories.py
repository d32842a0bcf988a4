"""The steps that put articles into stories: fingerprints first, then the look-up, which takes many articles at once."""

from collections.abc import Callable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.timestamp import MIN_TIMESTAMP
from apache_beam.utils.windowed_value import WindowedValue
from elasticsearch import Elasticsearch
from msgspec.structs import replace

from pipelines import counters
from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.io.elasticsearch.generations import read_generations
from pipelines.stories.fingerprints import make_fingerprint
from pipelines.stories.grouping import Original, Story, StoryIndex, choose_story
from pipelines.stories.lookup import Newcomer, find_originals
from pipelines.transforms.documents import find_published_at, make_article_id
from pipelines.transforms.parcel import Parcel
from schemas.records import DeadLetter

BATCH = 50
"""Messages that are looked up together."""
BATCH_BYTES = 4 * 1024 * 1024
"""Bytes of messages at which those collected are looked up: they wait while Elasticsearch does not answer."""
REMEMBERED = 5_000
"""Originals that a worker remembers: a search finds what it wrote itself only after the next refresh."""


def add_fingerprints(parcel: Parcel) -> Iterator[Parcel]:
    """Adds the fingerprint of each article."""
    yield replace(parcel, prints=tuple(make_fingerprint(text.title or "", text.body) for text in parcel.articles))


class GroupStories(beam.DoFn):
    """Gives each article its story: that of an original it is a copy of, else one of its own.

    Collects messages within a bundle and looks them up together. Waits for Elasticsearch as the sink does. Without a
    client, an article can only be a copy of one that the same worker has read.
    """

    def __init__(
        self, client: Callable[[], Elasticsearch] | None = None, batch: int = BATCH, batch_bytes: int = BATCH_BYTES
    ) -> None:
        self.client = client
        self.batch = batch
        self.batch_bytes = batch_bytes
        self.connection: Elasticsearch | None = None

    def setup(self) -> None:
        """Connects."""
        self.connection = self.client() if self.client else None
        self.sender = BulkSender(self.connection) if self.connection else None
        self.remembered = StoryIndex(REMEMBERED)

    def start_bundle(self) -> None:
        """Begins with nothing collected."""
        self.waiting: list[Parcel | DeadLetter] = []
        self.bytes = 0

    def process(self, element: Parcel | DeadLetter) -> Iterator[Any]:
        """Yields nothing until enough is collected, then all of it, in order."""
        self.waiting.append(element)
        self.bytes += len(element.original if isinstance(element, DeadLetter) else element.origin.value or b"")
        if len(self.waiting) >= self.batch or self.bytes >= self.batch_bytes:
            yield from self.group()

    def finish_bundle(self) -> Iterator[WindowedValue]:
        """Yields the rest."""
        for element in self.group():
            yield WindowedValue(element, MIN_TIMESTAMP, [GlobalWindow()])

    def teardown(self) -> None:
        """Closes the connection."""
        if self.connection:
            self.connection.close()

    def group(self) -> list[Parcel | DeadLetter]:
        """Returns what was collected, each parcel with the stories of its articles."""
        collected, self.waiting, self.bytes = self.waiting, [], 0
        newcomers = [list_newcomers(each) for each in collected]
        found = iter(self.look_up([one for each in newcomers for one in each]))
        grouped: list[Parcel | DeadLetter] = []
        for element, own in zip(collected, newcomers, strict=True):
            if isinstance(element, DeadLetter):
                grouped.append(element)
                continue
            grouped.append(replace(element, stories=tuple(self.choose(one, next(found)) for one in own)))
            counters.add("newsclaims_records_total", step="stories", outcome="ok")
        return grouped

    def look_up(self, newcomers: list[Newcomer]) -> list[list[Original]]:
        """Returns the candidates in the index for each article."""
        if self.sender is None or not newcomers:
            return [[]] * len(newcomers)
        return find_originals(self.sender, newcomers, read_generations(self.sender).live, self.remembered.is_common)

    def choose(self, newcomer: Newcomer, indexed: list[Original]) -> Story:
        """Returns the story of one article, and remembers the article if it is the first of its story."""
        # The index has most of what is remembered: by id, each is compared once.
        candidates = {each.article_id: each for each in (*indexed, *self.remembered.find(newcomer.fingerprint.keys))}
        original = None
        # The first article of a story stays so when it is corrected, because its copies name it.
        if newcomer.article_id not in candidates:
            original = choose_story(newcomer.published_at, newcomer.fingerprint, candidates.values())
        if original is not None:
            counters.add("newsclaims_story_copies_total")
            return Story(original.article_id, original.article_id)
        self.remembered.add(
            Original(newcomer.article_id, newcomer.published_at, newcomer.fingerprint), newcomer.fingerprint.keys
        )
        return Story(newcomer.article_id)


def list_newcomers(element: Parcel | DeadLetter) -> list[Newcomer]:
    """Returns the articles of a parcel with their fingerprints; none for a dead letter."""
    if isinstance(element, DeadLetter):
        return []
    return [
        Newcomer(make_article_id(element.article, text), find_published_at(element.article, text), fingerprint)
        for text, fingerprint in zip(element.articles, element.prints, strict=True)
    ]
