"""`newsclaims stories regroup`: puts indexed articles into stories again, in the order in which they were published.

The stream groups articles in the order in which they come, and two workers do not see what the other has just written.
Here the order is that of publication, so that the result depends on the articles alone. Documents whose story changes
are written again at their own revision: a newer one that a job writes in the meantime wins.
"""

import base64
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from elasticsearch import Elasticsearch

from deploy.settings import Settings
from pipelines.connections import make_sink_topics, open_elasticsearch, open_publisher
from pipelines.groups import split_groups
from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.io.elasticsearch.generations import read_only_generation
from pipelines.io.elasticsearch.stored import StoredSet, read_stored
from pipelines.rewriting import SetWriter
from pipelines.stories.fingerprints import unpack
from pipelines.stories.grouping import WINDOW, Original, Story, StoryIndex, choose_story
from pipelines.stories.lookup import INDEX

ACTION = "regroup the stories"

BATCH = 100
"""Articles that are read and written together."""
PAGE = 1_000
"""Articles of one search."""
FIELDS = ("article_id", "published_at", "fingerprint", "story_keys", "story_id", "duplicate_of")


@dataclass
class RegroupResult:
    """What a run did, or would do: articles read, stories found, articles that are copies, and articles that changed.

    `without` are articles that an earlier release indexed without a fingerprint; `passed_over` are those that a job was
    writing at the same time.
    """

    articles: int = 0
    stories: int = 0
    copies: int = 0
    changed: int = 0
    without: int = 0
    passed_over: int = 0

    def describe(self, dry_run: bool) -> str:
        """Returns the counts in words."""
        would = "would change" if dry_run else "changed"
        lines = [
            f"{self.articles:,} articles read: {self.stories:,} stories and {self.copies:,} copies",
            f"  {self.changed:,} {would}",
        ]
        if self.without:
            lines.append(f"  {self.without:,} have no fingerprint, because an earlier release indexed them")
        if self.passed_over:
            lines.append(f"  {self.passed_over:,} were skipped, because a job was writing them: run this again")
        return "\n".join(lines)


def regroup(
    settings: Settings, since: datetime | None, dry_run: bool, progress: Callable[[int], None]
) -> RegroupResult:
    """Groups all articles published `since` then. `progress` gets the number of articles read.

    Safe to repeat, and to run during a job. Raises `Retryable` if a server does not answer, and `Permanent` if the
    configuration is wrong.
    """
    done = RegroupResult()
    with ExitStack() as stack:
        client = stack.enter_context(open_elasticsearch(settings, ACTION, "What is done stays done: run it again"))
        changes = find_changes(read_articles(client, since), done, progress)
        if dry_run:
            done.changed = sum(1 for _ in changes)
            return done
        publisher = stack.enter_context(open_publisher(settings, ACTION))
        sender = BulkSender(client)
        generation = read_only_generation(
            sender, "a re-processing is not finished: group the stories after it (`newsclaims reprocess status`)"
        )
        topics = make_sink_topics(settings.kafka.client_options())
        writer = SetWriter(sender, publisher, topics.families["claims"], generation)
        for batch in split_groups(changes, BATCH):
            stories = dict(batch)
            found = read_stored(sender, list(stories), generation)
            written = writer.write([replace_story(each, stories[each.entry.article_id]) for each in found])
            done.changed += written
            done.passed_over += len(batch) - written
        writer.finish()
    return done


def find_changes(
    articles: Iterable[dict[str, Any]], done: RegroupResult, progress: Callable[[int], None]
) -> Iterator[tuple[str, Story]]:
    """Yields the id and the story of each article whose story changes. `articles` come in the order of publication."""
    index = StoryIndex()
    for source in articles:
        done.articles += 1
        if done.articles % PAGE == 0:
            progress(done.articles)
        if not source.get("fingerprint"):
            done.without += 1
            continue
        published_at = datetime.fromisoformat(source["published_at"])
        index.forget(published_at - WINDOW)
        story = group(source, published_at, index)
        if story.duplicate_of is None:
            done.stories += 1
        else:
            done.copies += 1
        if (source.get("story_id"), source.get("duplicate_of")) != (story.story_id, story.duplicate_of):
            yield source["article_id"], story


def group(source: dict[str, Any], published_at: datetime, index: StoryIndex) -> Story:
    """Returns the story of an article among those published before it, and adds it to the index if it is the first."""
    keys, fingerprint = tuple(source["story_keys"]), unpack(base64.b64decode(source["fingerprint"]))
    original = choose_story(published_at, fingerprint, index.find(keys))
    if original is not None:
        return Story(original.article_id, original.article_id)
    index.add(Original(source["article_id"], published_at, fingerprint), keys)
    return Story(source["article_id"])


def read_articles(client: Elasticsearch, since: datetime | None) -> Iterator[dict[str, Any]]:
    """Yields the fields `FIELDS` of all articles, the earliest first; of the same time, by id."""
    query: dict[str, Any] = {"range": {"published_at": {"gte": since.isoformat()}}} if since else {"match_all": {}}
    client.indices.refresh(index=INDEX)
    point = client.open_point_in_time(index=INDEX, keep_alive="10m")["id"]
    after: dict[str, Any] = {}
    while True:
        found = client.search(
            pit={"id": point, "keep_alive": "10m"}, size=PAGE, query=query, source_includes=list(FIELDS),
            sort=[{"published_at": "asc"}, {"article_id": "asc"}], track_total_hits=False,
            **after,
        )["hits"]["hits"]  # fmt: skip
        yield from (hit["_source"] for hit in found)
        if len(found) < PAGE:
            break
        after = {"search_after": found[-1]["sort"]}
    client.close_point_in_time(id=point)


def replace_story(stored: StoredSet, story: Story) -> StoredSet:
    """Returns the set with this story on each document."""
    given = {"story_id": story.story_id, "duplicate_of": story.duplicate_of}
    documents = {
        family: {id: {**source, **given} for id, source in found.items()} for family, found in stored.documents.items()
    }
    return replace(stored, documents=documents)
