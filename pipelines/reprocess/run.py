"""`newsclaims reprocess`: builds the next generation of the indices next to the live one, and switches to it.

1. The state says `building`: from then on, the job writes live articles to both generations.
2. Raw articles of the sources are read again, with the rules and watches of today, and written to the new generation.
3. What the sources do not have is copied from the live generation, until a comparison of the ledgers finds nothing.
4. The aliases are switched in one request. Differences are published to the topic `claims`.

Both generations are written until `finish` deletes the one that is not live. Each step can be repeated: a run that died
goes on after its last batch.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch

from deploy.settings import Settings
from pipelines import lifecycle
from pipelines.archive.store import ArchiveStore
from pipelines.connections import make_sink_topics, open_publisher
from pipelines.groups import split_groups
from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.io.elasticsearch.documents import DocumentSet
from pipelines.io.elasticsearch.generations import FixedGeneration
from pipelines.io.elasticsearch.writer import BatchWriter, Element
from pipelines.io.kafka.offsets import make_consumer
from pipelines.io.kafka.publishing import Publisher
from pipelines.reprocess.announcing import announce_changes
from pipelines.reprocess.comparing import (
    GenerationPair,
    copy_missing,
    read_live_sources,
    remove_orphans,
)
from pipelines.reprocess.marks import LostMark, carry_marks
from pipelines.reprocess.progress import ProgressFile
from pipelines.reprocess.provenance import keep_provenance
from pipelines.reprocess.rules import RulesSettings, open_rules
from pipelines.reprocess.servers import ACTION, find_progress_file, open_client, wait_for_job
from pipelines.reprocess.sources import TOPIC, ArchiveSource, ArticleSource, RawMessage, RawSource, TopicSource
from pipelines.reprocess.switching import change_state, prepare_generation, put_behind_aliases, read_state
from pipelines.run.options import find_kept_watches, make_buckets
from pipelines.text.rules_version import RULES_VERSION
from schemas.codec import decode_raw_article
from schemas.errors import BadRecord, Permanent, Retryable
from schemas.records import DeadLetter, GenerationState, RawArticle

_log = logging.getLogger(__name__)

BATCH = 25
"""Raw articles that are read and written together."""
PASSES = 3
"""Comparisons at most. One is enough: what the job writes since it began is in both generations."""
PAUSE_SECONDS = 0.5


@dataclass(frozen=True)
class ReprocessOrder:
    """What to read again: raw articles of the topic, or of other sources, in a time range and of one feed."""

    since: datetime | None = None
    until: datetime | None = None
    feed: str | None = None
    sources: tuple[str, ...] = ("topic",)
    workers: int = 1


@dataclass
class ReprocessResult:
    """What a re-processing did. `lost_marks` are marks whose claim is not in the new generation."""

    generation: int
    read: int = 0
    written: int = 0
    failed: int = 0
    refused: int = 0
    copied: int = 0
    gone: int = 0
    published: int = 0
    carried_marks: int = 0
    lost_marks: list[LostMark] = field(default_factory=list)

    def describe(self) -> str:
        """Returns the counts in words."""
        parts = [
            f"generation {self.generation} is live: {self.read:,} raw articles gave {self.written:,} articles, "
            f"{self.copied:,} were copied, {self.gone:,} are gone under today's rules; "
            f"{self.published:,} messages to the topic claims"
        ]
        if self.failed:
            parts.append(f"  {self.failed:,} became dead letters; their articles were copied as they were")
        if self.carried_marks:
            parts.append(f"  {self.carried_marks:,} marks were carried over to the same claim under another id")
        parts += [f"  lost mark: {each.mark}, claim {each.claim_id}: {each.text}" for each in self.lost_marks]
        parts.append("go back with `newsclaims reprocess rollback`, or end it with `newsclaims reprocess finish`")
        return "\n".join(parts)


class Reprocessing:
    """One run. `open_articles` gives the articles of a path; it gets the feed of those that do not name their own."""

    def __init__(
        self,
        settings: Settings,
        order: ReprocessOrder,
        open_articles: Callable[[str, str], Iterable[RawArticle]],
        progress: Callable[[str, int], None] = lambda *_: None,
    ) -> None:
        self.settings = settings
        self.order = order
        self.open_articles = open_articles
        self.show = progress

    def run(self) -> ReprocessResult:
        """Builds the next generation and switches to it, or goes on with one that is not complete.

        Raises `Permanent` if another one is not finished or the sources differ from those of the one that died, and
        `Retryable` if a server does not answer or the process has to stop.
        """
        with open_client(self.settings) as client, open_publisher(self.settings, ACTION) as publisher:
            state = self.begin(client)
            pair = GenerationPair(client, BulkSender(client), state.previous or 1, state.next or 2)
            with ProgressFile(find_progress_file(self.settings, state)) as progress:
                result = ReprocessResult(pair.target)
                if state.state == "building":
                    self.read_sources(pair, progress, publisher)
                    self.complete(pair, progress, result)
                    put_behind_aliases(client, pair.target, pair.source)
                    state = change_state(
                        client, state, state="switching", live=pair.target, written=(pair.target, pair.source)
                    )
                    _log.info("Generation %d is live", pair.target)
                result.published = announce_changes(pair, publisher)
                change_state(client, state, state="switched")
                counts = progress.read_counts()
                result.read, result.written = counts.get("read", 0), counts.get("written", 0)
                result.failed, result.refused = counts.get("failed", 0), counts.get("refused", 0)
                result.copied = counts.get("copied", 0)
            return result

    def begin(self, client: Elasticsearch) -> GenerationState:
        """Returns the state to go on with; starts a new generation if there is none."""
        state = read_state(client)
        if state.state in ("building", "switching"):
            self.check_same(state)
            return state
        if state.state != "single":
            raise Permanent(
                f"the last re-processing is {state.state.replace('_', ' ')} but not finished: run "
                "`newsclaims reprocess finish` first"
            )
        following = max(state.live, state.next or 0, state.previous or 0) + 1
        prepare_generation(client, self.settings, following)
        return change_state(
            client, state, state="building", written=(state.live, following), next=following, previous=state.live,
            started_at=datetime.now(UTC), since=self.order.since, until=self.order.until, feed=self.order.feed,
            sources=self.order.sources, rules_version=RULES_VERSION,
        )  # fmt: skip

    def check_same(self, state: GenerationState) -> None:
        """Raises `Permanent` if a re-processing goes on that reads something else, or with other rules."""
        if (state.feed, tuple(state.sources)) != (self.order.feed, self.order.sources):
            raise Permanent(
                f"a re-processing of {', '.join(state.sources)} (feed {state.feed or 'any'}) is not complete: run it "
                "again with the same sources, or `newsclaims reprocess rollback`"
            )
        if state.rules_version != RULES_VERSION:
            raise Permanent(
                f"the re-processing was started with the rules {state.rules_version}, and this release has "
                f"{RULES_VERSION}: run `newsclaims reprocess rollback` and `finish`, and start again"
            )
        self.order = replace(self.order, since=state.since, until=state.until)

    def read_sources(self, pair: GenerationPair, progress: ProgressFile, publisher: Publisher) -> None:
        """Reads everything that was not read yet, and writes it to the new generation."""
        topics = replace(make_sink_topics(self.settings.kafka.client_options()), families={})
        writer = BatchWriter(pair.sender, publisher, topics, FixedGeneration(pair.target))
        with closing(make_consumer(self.settings.kafka.client_options())) as consumer:
            sources = [self.open_source(name, consumer) for name in self.order.sources]
            for source in sources:
                progress.begin(source.find_bounds())
            bounds = progress.read_positions()
            messages = (message for source in sources for message in source.read(bounds))
            with open_rules(self.make_rules_settings(), self.order.workers) as apply:
                for batch, found in self.apply_rules(messages, apply):
                    self.write_batch(pair, writer, progress, batch, found)
                    if lifecycle.stop_requested.is_set():
                        raise Retryable("Asked to stop: run the command again to go on after the last batch")

    def open_source(self, name: str, consumer: Any) -> RawSource:
        """Returns a source by its name: `topic`, an archive of `newsclaims archive`, or other files."""
        if name == "topic":
            return TopicSource(consumer, self.order.since, self.order.until)
        if name.startswith("s3://") or Path(name).is_dir():
            store = ArchiveStore.open(name)
            if store.list_files():
                return ArchiveSource(store)
        return ArticleSource(name, lambda: self.open_articles(name, self.order.feed or "files"))

    def make_rules_settings(self) -> RulesSettings:
        """Returns what the steps need."""
        return RulesSettings(
            memory=str(self.settings.embedded.data_dir / "recurring-lines.bin"),
            watches=str(self.settings.watches.absolute()),
            watches_kept=str(find_kept_watches(self.settings)),
            buckets=make_buckets(self.settings)["articles"],
            elasticsearch=self.settings.elasticsearch.client_options(),
        )

    def apply_rules(
        self, messages: Iterator[RawMessage], apply: Callable[[Iterable[Any]], Iterator[list[list[Element]]]]
    ) -> Iterator[tuple[list["_Selected"], list[list[Element]]]]:
        """Yields batches of messages with what the rules made of those that are selected."""
        waiting: list[list[_Selected]] = []

        def choose() -> Iterator[list[Any]]:
            for group in split_groups(messages, BATCH):
                batch = [_Selected(message, self.select(message)) for message in group]
                waiting.append(batch)
                yield [each.message.record for each in batch if each.raw]

        for found in apply(choose()):
            yield waiting.pop(0), found

    def select(self, message: RawMessage) -> RawArticle | None:
        """Returns the raw article of a message if it is to be read: of the feed, and for files in the time range.

        What is not a raw article was made a dead letter when it came.
        """
        try:
            raw = decode_raw_article(message.record.value or b"")
        except BadRecord:
            return None
        if self.order.feed and raw.feed != self.order.feed:
            return None
        if not message.source.startswith(f"{TOPIC}/"):
            since, until = self.order.since, self.order.until
            if (since and raw.fetched_at < since) or (until and raw.fetched_at >= until):
                return None
        return raw

    def write_batch(
        self,
        pair: GenerationPair,
        writer: BatchWriter,
        progress: ProgressFile,
        batch: list["_Selected"],
        found: list[list[Element]],
    ) -> None:
        """Writes what the rules made of a batch, and notes it."""
        elements = [element for each in found for element in each]
        sets = [element for element in elements if isinstance(element, DocumentSet)]
        live = read_live_sources(pair.sender, list({each.owner_id for each in sets}), pair.source)
        letters = [element for element in elements if isinstance(element, DeadLetter)]
        writer.write([*(keep_provenance(each, live[each.owner_id]) for each in sets), *letters])
        chosen = [each.raw for each in batch if each.raw]
        read = [
            (raw.article_id, raw.revision)
            for raw, made in zip(chosen, found, strict=True)
            if not any(isinstance(element, DeadLetter) for element in made)
        ]
        counts = Counter(read=len(chosen), written=len(sets), failed=len(letters), refused=len(batch) - len(chosen))
        positions = {each.message.source: each.message.next for each in batch}
        progress.advance(positions, read, [(each.owner_id, each.revision) for each in sets], counts)
        self.show("raw articles", progress.read_counts().get("read", 0))

    def complete(self, pair: GenerationPair, progress: ProgressFile, result: ReprocessResult) -> None:
        """Copies what the sources do not have, until the new generation has every article of the live one."""
        writer = BatchWriter(pair.sender, generations=FixedGeneration(pair.target))
        for _ in range(PASSES):
            done = copy_missing(pair, writer, progress)
            progress.advance({}, (), (), {"copied": done.copied})
            self.show("articles copied", progress.read_counts().get("copied", 0))
            if not done.copied and not done.busy:
                break
            time.sleep(PAUSE_SECONDS)
        wait_for_job(self.settings)
        self.finish_comparison(pair, writer, progress, result)
        result.carried_marks, result.lost_marks = carry_marks(pair)

    def finish_comparison(
        self, pair: GenerationPair, writer: BatchWriter, progress: ProgressFile, result: ReprocessResult
    ) -> None:
        """Compares once more after the job has committed what it was writing, and removes what nobody names."""
        last = copy_missing(pair, writer, progress)
        progress.advance({}, (), (), {"copied": last.copied})
        result.gone = last.gone
        removed = remove_orphans(pair, list(progress.iterate_written()))
        if removed:
            _log.info("%d claims and figures of replaced revisions were removed", removed)
        pair.client.indices.refresh(index=f"*-g{pair.target}*", ignore_unavailable=True)


@dataclass(frozen=True)
class _Selected:
    """A message, and its raw article if it is read again."""

    message: RawMessage
    raw: RawArticle | None


def list_sources(names: Sequence[str]) -> tuple[str, ...]:
    """Returns the sources of a command line: absolute paths, and `topic` if there are none."""
    return tuple(
        name if name == "topic" or "://" in name else str(Path(name).expanduser().absolute()) for name in names
    ) or ("topic",)
