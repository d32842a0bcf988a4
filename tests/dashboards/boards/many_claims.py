"""A million generated claims and related documents, in the proportions of a busy installation, for benchmarks.

Two years of articles, ten claims each, a figure in three of ten claims; 30 publishers, 8 languages, 20,000 claimants of
whom few say most, assertions that are repeated while they are news; six hours of health samples at ten seconds. The
same seed makes the same documents. They go straight into Elasticsearch, into the indices that the sink would choose.
"""

import random
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final, get_args

import msgspec
from elasticsearch import Elasticsearch

from schemas.alerts import ALERTS
from schemas.elasticsearch.buckets import ARTICLES, month
from schemas.elasticsearch.indices import FAMILIES, template
from schemas.fields import ArticleKind, ClaimantKind, Status
from schemas.metrics import METRICS
from schemas.operations.records import FeedHealth, HealthSample
from schemas.records import Article, Claim, DeadLetter, Figure, NumberRange
from schemas.text import Cue, FigureText, NamedClaimant, NamedParty

SPAN: Final = timedelta(days=730)
HEALTH: Final = timedelta(hours=6)
CLAIMS_EACH: Final = 10
"""Claims of an article, on average."""
BULK: Final = 4_000
"""Documents of a bulk request: some four megabytes."""
PATIENCE: Final = 300
"""Seconds that one request may take, on a busy machine."""

LANGUAGES: Final = ("en", "de", "fr", "es", "uk", "ru", "ko", "ja")
WATCHES: Final = ("floods", "grain", "troops", "elections", "energy")
UNIT_CLASSES: Final = ("military_personnel", "money", "people", "casualties", "share", "distance", "mass", "vehicles")
EVENTS: Final = ("offer", "deployment", "loss", "supply", "agreement", None, None, None)
LABELS: Final[dict[str, tuple[str, ...]]] = {
    "step": ("decode", "normalize", "language", "mentions", "claims", "documents", "write"),
    "outcome": ("ok", "no_text", "duplicate"),
    "reason": ("not_json", "empty_body"),
    "worker": ("1", "2"),
    "server": ("kafka", "elasticsearch"),
    "topic": ("raw-articles",),
    "partition": ("0", "1", "2", "3"),
    "index": ("articles", "claims", "figures", "health"),
    "state": ("ok", "failing", "silent"),
    "alert": tuple(ALERTS),
    "subject": ("", "floods"),
}
"""Values of the labels of health samples."""

Action = tuple[str, msgspec.Struct]
"""An index, and the document for it."""


@dataclass(frozen=True)
class Publisher:
    """An outlet: its name, feed and language."""

    name: str
    feed: str
    language: str


class Draws:
    """Endless random choices, drawn many at a time: one at a time would cost more than the rest."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def of(self, values: Sequence[Any], weights: Sequence[float] | None = None) -> Iterator[Any]:
        """Values by their weights."""
        while True:
            yield from self.random.choices(values, weights, k=10_000)

    def falling(self, values: Sequence[Any], power: float = 1.0) -> Iterator[Any]:
        """Values by Zipf's law: the first is drawn most."""
        return self.of(values, [1 / (rank + 1) ** power for rank in range(len(values))])


def everything(claims: int, now: datetime, seed: int = 7) -> Iterator[Action]:
    """Yields all documents for a number of claims up to `now`: articles, claims and figures by time, then the rest."""
    yield from texts(claims, now, seed)
    yield from health(now, Draws(seed))
    yield from feeds(now)
    yield from dead_letters(now)


def texts(claims: int, now: datetime, seed: int = 7) -> Iterator[Action]:
    """Yields articles with their claims and figures by time."""
    made = 0
    for article, said, figures in articles(claims, now, Draws(seed)):
        said = said[: claims - made]
        kept = {claim.claim_id for claim in said}
        made += len(said)
        place = ARTICLES.find_bucket(article.published_at, article.fetched_at)
        yield FAMILIES["articles"].index(place), article
        for claim in said:
            yield FAMILIES["claims"].index(place), claim
        for figure in figures:
            if figure.claim_id in kept:
                yield FAMILIES["figures"].index(place), figure


def publishers() -> list[Publisher]:
    """Thirty outlets."""
    weights = (0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7)
    return [Publisher(f"Outlet {n}", f"outlet-{n}", LANGUAGES[weights[n % len(weights)]]) for n in range(30)]


def claimants() -> list[NamedClaimant | None]:
    """Twenty thousand people and bodies; the third most frequent is nobody."""
    kinds = get_args(ClaimantKind)
    found: list[NamedClaimant | None] = [
        NamedClaimant(name=f"{kinds[n % len(kinds)].title()} Name{n}", kind=kinds[n % len(kinds)], country="KR",
                 start=40, end=52)
        for n in range(20_000)
    ]  # fmt: skip
    found.insert(2, None)
    return found


def articles(claims: int, now: datetime, draws: Draws) -> Iterator[tuple[Article, list[Claim], list[Figure]]]:
    """Articles in order of time, more of them the later, each with its claims and figures."""
    words = [f"word{n}" for n in range(8_000)]
    word = draws.falling(words)
    sentences = [" ".join(islice(word, 14)).capitalize() + "." for _ in range(20_000)]
    sentence, publisher = draws.of(sentences), draws.falling(publishers(), 0.7)
    kind = draws.of(get_args(ArticleKind), (80, 10, 5, 5))
    many, watched = (
        draws.of(range(2, 19)),
        draws.of([(), (WATCHES[0],), *((w,) for w in WATCHES), WATCHES[:2]], (60, 9, 8, 7, 6, 5, 3, 2)),
    )
    quality = draws.of(((), ("short",), ("truncated",)), (90, 7, 3))
    generator = ClaimGenerator(draws)
    seconds = SPAN.total_seconds()
    number = made = 0
    while made < claims:
        # By the claims, not the articles: however many an article holds, the last ones reach up to `now`.
        share = min(1.0, (made + CLAIMS_EACH * draws.random.random()) / claims) ** 0.8
        published = now - SPAN + timedelta(seconds=int(share * (seconds - 3600)))
        outlet, watches, size = next(publisher), next(watched), next(many)
        common: dict[str, Any] = {
            "article_id": f"{number:024x}", "revision": int(published.timestamp() * 1000) + 600_000,
            "rules_version": "2026.11.1", "watches": watches, "feed": outlet.feed, "publisher": outlet.name,
            "url": f"https://{outlet.feed}.example/{number}", "title": next(sentence)[:90], "language": outlet.language,
            "published_at": published, "fetched_at": published + timedelta(minutes=10),
            "processed_at": published + timedelta(minutes=10, seconds=2),
            "indexed_at": published + timedelta(minutes=10, seconds=3),
        }  # fmt: skip
        said, figures = generator.claims_and_figures(common, [next(sentence) for _ in range(size)], made)
        yield Article(
            **common, kind=next(kind), connector="syndication", body="\n\n".join(claim.text for claim in said),
            language_confidence=0.99, published_source="feed", word_count=14 * size, claim_count=size,
            figure_count=len(figures), quality=next(quality), canonical_url=common["url"],
        ), said, figures  # fmt: skip
        number += 1
        made += size


class ClaimGenerator:
    """Makes claims and figures; remembers what is news, so that it is repeated."""

    def __init__(self, draws: Draws) -> None:
        self.claimant = draws.falling(claimants(), 1.05)
        self.status = draws.of(get_args(Status), (55, 6, 5, 6, 9, 10, 5, 4))
        self.event, self.unit_class = draws.of(EVENTS), draws.falling(UNIT_CLASSES, 0.8)
        self.with_figure, self.is_new = draws.of((0, 1, 2), (70, 22, 8)), draws.of((True, False), (45, 55))
        self.value = draws.of([round(10 ** (n / 500), 1) for n in range(0, 3_000)])
        self.modifier = draws.of(("exact", "approx", "at_least", "at_most"), (70, 10, 12, 8))
        self.via, self.rank = draws.of((None, None, None, "Outlet 3", "Telegram")), draws.falling(range(3_000))
        self.news: deque[str] = deque(maxlen=3_000)

    def assertion(self, number: int) -> str:
        """A new assertion, or one of those in the news, the newest most."""
        if next(self.is_new) or not self.news:
            self.news.appendleft(f"a{number:023x}")
            return self.news[0]
        return self.news[next(self.rank) % len(self.news)]

    def figure(self) -> FigureText:
        """A figure with its bounds."""
        value, modifier, unit = next(self.value), next(self.modifier), next(self.unit_class)
        return FigureText(
            text=f"{value:,.0f}", start=10, end=18, kind="money" if unit == "money" else "count", value=value,
            low=None if modifier == "at_most" else value, high=None if modifier == "at_least" else value,
            modifier=modifier, unit=f"{unit} unit", unit_class=unit,
        )  # fmt: skip

    def claims_and_figures(
        self, common: dict[str, Any], sentences: list[str], first: int
    ) -> tuple[list[Claim], list[Figure]]:
        """A claim for each sentence, and the claims' figures. Ids count from `first`."""
        said, all_figures = [], []
        for number, text in enumerate(sentences, first):
            claimant, status, event = next(self.claimant), next(self.status), next(self.event)
            figures = tuple(self.figure() for _ in range(next(self.with_figure)))
            entities = (claimant.name,) if claimant else ()
            claim = Claim(
                **common, claim_id=f"c{number:023x}", text=text, start=0, end=len(text), content=((0, 40),),
                claimant=claimant, cue=Cue(text="said", start=53, end=57), via=next(self.via), status=status,
                event=event, parties=(NamedParty(name="Harlow", kind="location", role="place"),), figures=figures,
                figure_count=len(figures), unit_classes=tuple({each.unit_class for each in figures}),
                entities=entities, assertion_id=self.assertion(number),
            )  # fmt: skip
            said.append(claim)
            for place, each in enumerate(figures):
                all_figures.append(
                    Figure(
                        **common, **{name: getattr(each, name) for name in each.__struct_fields__},
                        figure_id=f"f{number:022x}{place}", claim_id=claim.claim_id, status=status, event=event,
                        range=NumberRange(gte=each.low, lte=each.high), sentence=text, entities=entities,
                        claimant=claimant.name if claimant else None,
                    )
                )  # fmt: skip
        return said, all_figures


def health(now: datetime, draws: Draws) -> Iterator[Action]:
    """A sample of every metric and labels each ten seconds; events now and then."""
    kinds = [
        (metric.name, metric.kind, labels) for metric in METRICS.values() for labels in combinations(metric.labels)
    ]
    value = draws.of([n / 7 for n in range(1_000)])
    ticks = int(HEALTH.total_seconds() / 10)
    for tick in range(ticks):
        at = now - HEALTH + timedelta(seconds=10 * tick)
        index = FAMILIES["health"].index(month(at))
        for name, kind, labels in kinds:
            if kind == "event" and tick % 300:
                continue
            for quantile in ("0.5", "0.95", "0.99", "count") if kind == "histogram" else (None,):
                yield index, HealthSample(
                    at=at, seconds=10, source="run", instance="host:1", metric=name, value=next(value),
                    quantile=quantile, detail="in words" if kind == "event" else None, **labels,
                )  # fmt: skip


def combinations(names: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Every combination of the values of these labels."""
    if not names:
        yield {}
        return
    for value in LABELS[names[0]]:
        for rest in combinations(names[1:]):
            yield {names[0]: value, **rest}


def feeds(now: datetime) -> Iterator[Action]:
    """The state of each feed: most do well, some fail, some are silent."""
    for number, outlet in enumerate(publishers()):
        yield FAMILIES["feeds"].index(""), FeedHealth(
            feed=outlet.feed, connector="syndication", since=now - SPAN, polled_at=now - timedelta(minutes=number % 10),
            next_poll_at=now, entry_at=now, entries_day=150 - number, expected_day=120.0,
            failures=3 if number % 10 == 7 else 0, silent=number % 10 == 8,
        )  # fmt: skip


def dead_letters(now: datetime) -> Iterator[Action]:
    """Some of the last hours."""
    for number in range(500):
        at = now - number * HEALTH / 500
        yield FAMILIES["dead-letters"].index(month(at)), DeadLetter(
            dead_letter_id=f"{number:024x}", topic="raw-articles", partition=number % 4, offset=number, step="decode",
            reason="not_json" if number % 3 else "empty_body", error="not JSON: at byte 7", failed_at=at, size=100,
        )  # fmt: skip


def load(client: Elasticsearch, made: Iterator[Action], threads: int = 2) -> dict[str, int]:
    """Fills an empty Elasticsearch, and returns the number of documents behind each alias that has any.

    Raises `RuntimeError` with the document that the server refused.
    """
    for family in FAMILIES.values():
        # No refresh while it fills; searches afterwards see what one refresh makes.
        client.indices.put_index_template(name=family.template, **template(family, refresh_interval="-1"))
    sent = deque[Future[None]]()
    encode = msgspec.json.Encoder().encode
    with ThreadPoolExecutor(threads) as pool:
        while chunk := list(islice(made, BULK)):
            lines = [line for index, record in chunk for line in (header(index), encode(record))]
            sent.append(pool.submit(send, client, lines))
            if len(sent) > threads:
                sent.popleft().result()
        for each in sent:
            each.result()
    client = client.options(request_timeout=PATIENCE)
    client.indices.put_settings(index="*-g1*", settings={"index.refresh_interval": "1s"})
    client.indices.refresh(index="*-g1*")
    counts = {alias: client.count(index=alias, ignore_unavailable=True)["count"] for alias in FAMILIES}
    return {alias: count for alias, count in counts.items() if count}


def header(index: str) -> bytes:
    """The line before a document."""
    return b'{"index":{"_index":"%b"}}' % index.encode()


def send(client: Elasticsearch, lines: list[bytes]) -> None:
    """One bulk request, all of which must be taken."""
    answer = client.options(request_timeout=PATIENCE).bulk(operations=lines)
    if answer["errors"]:
        refused = next(item["index"]["error"] for item in answer["items"] if "error" in item["index"])
        raise RuntimeError(f"Elasticsearch refuses a generated document: {refused}")
