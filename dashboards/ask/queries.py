"""Every query of the boards, defined once. Panels refer to them; no other module contains Lucene text.

Queries of claims and figures use the time of publication, when something was said; those for operations use the time of
indexing, when it arrived. Counters in `health` are stored as increments, so that sums are correct over any time range.
"""

from collections.abc import Sequence
from functools import partial
from typing import Final

from dashboards.ask.filters import Index
from dashboards.ask.query import CLAIM_DIMENSIONS, Bucket, LabelledQueries, Measure, Query, Terms, TimeBuckets

COUNT: Final = Measure()
ASSERTIONS: Final = Measure("cardinality", "assertion_id", "assertions")
"""Distinct assertions: the same figure or fact about the same parties counts once, however often it is repeated.

Elasticsearch counts up to 3,000 exactly, and above that to within a few percent.
"""
OVER_TIME: Final = TimeBuckets()
CLAIMANT: Final = Terms("claimant.name.keyword", "claimant")
STATUS: Final = Terms("status", "status", size=8)
PUBLISHER: Final = Terms("publisher", "publisher")
LANGUAGE: Final = Terms("language", "language")
WATCH: Final = Terms("watches", "watch")
ALL_DOCUMENTS: Final = Terms("schema_version", "all", size=1)
"""One bucket with all documents: counts of distinct values cannot be summed over time buckets."""


def _name_series(by: Sequence[Bucket]) -> str:
    """Returns Grafana's pattern for series names: the value of the first terms."""
    return next((f"{{{{term {bucket.field}}}}}" for bucket in by if isinstance(bucket, Terms)), "")


def _build_query(index: Index, *by: Bucket, measures: tuple[Measure, ...] = (COUNT,), where: str = "*") -> Query:
    """Returns a query by time of publication that every dimension filters."""
    return Query(
        index=index,
        clock="published_at",
        where=where,
        dimensions=CLAIM_DIMENSIONS,
        by=by,
        measures=measures,
        alias=_name_series(by),
    )


_claims: Final = partial(_build_query, "claims")
_figures: Final = partial(_build_query, "figures")

CLAIMS_TOTAL = _claims(OVER_TIME)
ASSERTIONS_TOTAL = _claims(ALL_DOCUMENTS, measures=(ASSERTIONS,))
CLAIMS_CONFIRMED = _claims(OVER_TIME, where="status:confirmed")
CLAIMS_DENIED = _claims(OVER_TIME, where="status:denied")
CLAIMANTS_TOTAL = _claims(
    ALL_DOCUMENTS,
    measures=(Measure("cardinality", "claimant.name.keyword", "claimants"),),
)
CLAIMS_BY_STATUS = _claims(STATUS, OVER_TIME)
CLAIMS_AND_ASSERTIONS = _claims(OVER_TIME, measures=(COUNT, ASSERTIONS))
CLAIMS_BY_CLAIMANT = _claims(CLAIMANT, OVER_TIME)
CLAIMS_BY_PUBLISHER = _claims(PUBLISHER, OVER_TIME)
CLAIMS_BY_LANGUAGE = _claims(LANGUAGE, OVER_TIME)
CLAIMS_BY_WATCH = _claims(WATCH, OVER_TIME)
STATUSES = _claims(STATUS)
TOP_CLAIMANTS = _claims(
    Terms("claimant.name.keyword", "claimant", size=25),
    measures=(COUNT, ASSERTIONS, Measure("cardinality", "publisher", "publishers")),
)
MOVERS_NOW, MOVERS_BEFORE = "this time", "the time before"
MOVERS = _claims(
    LabelledQueries("when", (
        (MOVERS_NOW, "published_at:[${__to}||-${window} TO ${__to}]"),
        (MOVERS_BEFORE, "published_at:[${__to}||-${window}-${window} TO ${__to}||-${window}]"),
    )),
    Terms("claimant.name.keyword", "claimant", size=50),
)  # fmt: skip
"""The claimants with the most claims in two consecutive periods; the board's variable `window` is their length."""
CLAIM_FIELDS: Final = (
    "published_at", "claimant.name", "status", "text", "publisher", "title", "url", "article_id", "claim_id",
    "assertion_id", "mark",
)  # fmt: skip
LATEST_CLAIMS = Query(
    index="claims", clock="published_at", dimensions=CLAIM_DIMENSIONS, fields=CLAIM_FIELDS, size=100,
)  # fmt: skip
CLAIMS_INDEXED = Query(
    index="claims", clock="indexed_at", dimensions=CLAIM_DIMENSIONS, by=(Terms("ingest_mode", "mode"), OVER_TIME),
    alias="{{term ingest_mode}}",
)  # fmt: skip

INDEXED_BY_WATCH = Query(
    index="claims", clock="indexed_at", dimensions=("watch",), by=(WATCH, OVER_TIME), alias="{{term watches}}",
)  # fmt: skip

VALUE: Final = (
    Measure("max", "value", "value"), Measure("min", "low", "low"), Measure("max", "high", "high"),
)  # fmt: skip


CLAIMED = "_exists_:claimant AND value:>0"
"""Figures that have a claimant. A logarithmic scale cannot show 0."""
FIGURES_TOTAL = _figures(OVER_TIME, measures=(Measure(label="figures"),))
FIGURES_OVER_TIME = Query(
    index="figures", clock="published_at", where=CLAIMED, dimensions=CLAIM_DIMENSIONS,
    by=(Terms("claimant", "claimant", size=12), TimeBuckets(trim=False)), measures=VALUE,
    alias="{{term claimant}}|{{metric}} {{field}}",
)  # fmt: skip
FIGURE_SPREAD = _figures(
    Terms("claimant", "claimant", size=15), measures=(*VALUE, Measure(label="figures")), where=CLAIMED
)
HIGHEST_FIGURE = _figures(ALL_DOCUMENTS, measures=(Measure("max", "value", "highest"),), where=CLAIMED)
LOWEST_FIGURE = _figures(ALL_DOCUMENTS, measures=(Measure("min", "value", "lowest"),), where=CLAIMED)
FIGURES_CONFIRMED_OR_DENIED = Query(
    index="figures", clock="published_at", dimensions=CLAIM_DIMENSIONS,
    by=(LabelledQueries("status", (("confirmed", "status:confirmed"), ("denied", "status:denied"),
                            ("unconfirmed", "status:unconfirmed"))), OVER_TIME),
    measures=(Measure(label="figures"),), alias="{{filter}}",
)  # fmt: skip
_BUT_DISPUTE: Final = tuple(name for name in CLAIM_DIMENSIONS if name != "dispute")
"""For the list from which a reader chooses one dispute: it keeps the others."""
_BUT_UNIT_CLASS: Final = tuple(name for name in _BUT_DISPUTE if name != "unit_class")
FIGURES_BY_UNIT_CLASS = Query(
    index="figures", clock="published_at", dimensions=_BUT_UNIT_CLASS,
    by=(Terms("unit_class", "unit class"), OVER_TIME),
    measures=(Measure(label="figures"),), alias="{{term unit_class}}",
)  # fmt: skip
UNIT_CLASSES = Query(
    index="figures", clock="published_at", dimensions=_BUT_UNIT_CLASS, by=(Terms("unit_class", "unit class", size=25),),
    measures=(Measure(label="figures"), Measure("cardinality", "claimant", "claimants")),
)  # fmt: skip
DISPUTES = Query(
    index="figures", clock="published_at", where=CLAIMED, dimensions=_BUT_DISPUTE,
    by=(Terms("dispute", "dispute", size=25),),
    measures=(Measure(label="figures"), Measure("cardinality", "claimant", "claimants"),
              Measure("min", "low", "lowest"), Measure("max", "high", "highest")),
)  # fmt: skip
"""Questions that figures answer, with how far the answers are apart."""
MODIFIERS = _figures(Terms("modifier", "modifier"), measures=(Measure(label="figures"),))
FIGURE_FIELDS: Final = (
    "published_at", "claimant", "text", "unit", "value", "low", "high", "modifier", "status", "sentence", "publisher",
    "url", "article_id", "unit_class", "mark",
)  # fmt: skip
LATEST_FIGURES = Query(
    index="figures", clock="published_at", dimensions=CLAIM_DIMENSIONS, where=CLAIMED, fields=FIGURE_FIELDS, size=200,
)  # fmt: skip

CLAIMANT_OUTLETS = _claims(Terms("publisher", "publisher", size=15), measures=(COUNT, ASSERTIONS))
CLAIMANT_VIA = _claims(Terms("via.keyword", "through", size=10))
CLAIMANT_EVENTS = _claims(Terms("event", "event", size=10))

THE_ARTICLE: Final = "article_id:${article:raw}"
ARTICLE = Query(
    index="articles", clock="published_at", where=THE_ARTICLE, dimensions=("watch",), size=1,
    fields=("published_at", "title", "publisher", "author", "kind", "language", "word_count", "claim_count",
            "figure_count", "watches", "quality", "url"),
)  # fmt: skip
ARTICLE_CLAIMS = Query(
    index="claims",
    clock="published_at",
    where=THE_ARTICLE,
    fields=CLAIM_FIELDS,
    size=200,
)
ARTICLE_FIGURES = Query(
    index="figures",
    clock="published_at",
    where=THE_ARTICLE,
    fields=FIGURE_FIELDS,
    size=200,
)
ARTICLE_STATUSES = Query(index="claims", clock="published_at", where=THE_ARTICLE, dimensions=("watch",), by=(STATUS,))
APPEARANCES = Query(
    index="claims",
    clock="published_at",
    where="assertion_id:${assertion:raw}",
    fields=CLAIM_FIELDS,
    size=200,
)
APPEARANCES_OVER_TIME = Query(
    index="claims", clock="published_at", where="assertion_id:${assertion:raw}", dimensions=("watch",),
    by=(STATUS, TimeBuckets(trim=False)), alias="{{term status}}",
)  # fmt: skip

_STORY_DIMENSIONS: Final = ("watch", "publisher", "language")
STORIES: Final = Measure("cardinality", "story_id", "stories")
"""Distinct stories: copies of one text count once."""
ARTICLES_TOTAL = Query(
    index="articles", clock="published_at", dimensions=_STORY_DIMENSIONS, by=(OVER_TIME,),
    measures=(Measure(label="articles"),),
)  # fmt: skip
STORIES_TOTAL = Query(
    index="articles", clock="published_at", dimensions=_STORY_DIMENSIONS, by=(ALL_DOCUMENTS,), measures=(STORIES,)
)
COPIES_TOTAL = Query(
    index="articles", clock="published_at", where="_exists_:duplicate_of", dimensions=_STORY_DIMENSIONS,
    by=(OVER_TIME,), measures=(Measure(label="copies"),),
)  # fmt: skip
ARTICLES_AND_STORIES = Query(
    index="articles", clock="published_at", dimensions=_STORY_DIMENSIONS, by=(OVER_TIME,),
    measures=(Measure(label="articles"), STORIES),
)  # fmt: skip
_NEW_OR_ECHO: Final = LabelledQueries(
    "source", (("new", "NOT _exists_:duplicate_of"), ("echoes", "_exists_:duplicate_of"))
)
NEW_CLAIMS_AND_ECHOES = Query(
    index="claims", clock="published_at", dimensions=_STORY_DIMENSIONS, by=(_NEW_OR_ECHO, OVER_TIME),
    alias="{{filter}}",
)  # fmt: skip
CLAIMS_NEW_OR_ECHO = Query(
    index="claims", clock="published_at", dimensions=CLAIM_DIMENSIONS, by=(_NEW_OR_ECHO, OVER_TIME),
    alias="{{filter}}",
)  # fmt: skip
_FIRST_SAID: Final = partial(Query, index="assertions", clock="first_seen_at", dimensions=CLAIM_DIMENSIONS)
"""Queries of assertions by the time of their first appearance."""
_NEW: Final = Measure(label="new claims")
_REPEATS: Final = Measure("sum", "repeats", "repeats of them")
NEW_CLAIMS_TOTAL = _FIRST_SAID(by=(OVER_TIME,), measures=(_NEW,))
REPEATS_TOTAL = _FIRST_SAID(by=(OVER_TIME,), measures=(_REPEATS,))
NEW_CLAIMS_AND_REPEATS = _FIRST_SAID(by=(OVER_TIME,), measures=(_NEW, _REPEATS))
REPEATED_CLAIMS = _FIRST_SAID(
    where="repeats:>0", size=200,
    fields=("first_seen_at", "claimant.name", "status", "text", "repeats", "publishers", "stories", "last_seen_at",
            "publisher", "title", "url", "first_article_id", "assertion_id"),
)  # fmt: skip
LARGEST_STORIES = Query(
    index="articles", clock="published_at", dimensions=_STORY_DIMENSIONS, by=(Terms("story_id", "story", size=25),),
    measures=(Measure(label="articles"), Measure("cardinality", "publisher", "publishers")),
)  # fmt: skip
STORY_ARTICLES = Query(
    index="articles", clock="published_at", where="story_id:${story:raw}", dimensions=_STORY_DIMENSIONS, size=200,
    fields=("published_at", "publisher", "title", "claim_count", "duplicate_of", "url", "article_id"),
)  # fmt: skip

FEEDS = Query(
    index="feeds", clock="polled_at", size=500,
    fields=("feed", "polled_at", "entry_at", "entries_day", "expected_day", "failures", "silent", "error", "warning",
            "next_poll_at", "connector", "url"),
)  # fmt: skip
_FEED_COUNT: Final = (Measure(label="feeds"),)
FEEDS_FAILING = Query(
    index="feeds", clock="polled_at", where="failures:>0", by=(TimeBuckets(trim=False),), measures=_FEED_COUNT
)
FEEDS_SILENT = Query(
    index="feeds", clock="polled_at", where="silent:true", by=(TimeBuckets(trim=False),), measures=_FEED_COUNT
)
FEEDS_ALL = Query(index="feeds", clock="polled_at", by=(TimeBuckets(trim=False),), measures=_FEED_COUNT)
FEED_VOLUME = Query(
    index="feeds", clock="polled_at", by=(Terms("feed", "feed", size=30),),
    measures=(Measure("max", "entries_day", "new in 24 h"), Measure("max", "expected_day", "expected")),
)  # fmt: skip
ARTICLES_BY_FEED = Query(
    index="articles", clock="indexed_at", dimensions=("watch", "publisher", "language"),
    by=(Terms("feed", "feed", size=15), OVER_TIME), measures=(Measure(label="articles"),), alias="{{term feed}}",
)  # fmt: skip
ARTICLES_PUBLISHED = Query(
    index="articles", clock="published_at", dimensions=("watch", "publisher", "language"),
    by=(Terms("kind", "kind"), OVER_TIME), measures=(Measure(label="articles"),), alias="{{term kind}}",
)  # fmt: skip
ARTICLE_QUALITY = Query(
    index="articles", clock="indexed_at", dimensions=("watch", "publisher", "language"),
    by=(Terms("quality", "flag", size=12),), measures=(Measure(label="articles"),),
)  # fmt: skip
FEED_STATES = Query(
    index="health", clock="at", where="metric:newsclaims_feeds", by=(Terms("state", "state"), TimeBuckets(trim=False)),
    measures=(Measure("max", "value", "feeds"),), alias="{{term state}}",
)  # fmt: skip


def _health(metric: str, by: tuple[Terms | TimeBuckets, ...], reduce: Measure, where: str = "") -> Query:
    text = f"metric:{metric}" + (f" AND {where}" if where else "")
    return Query(index="health", clock="at", where=text, by=by, measures=(reduce,), alias=_name_series(by))


STEADY: Final = TimeBuckets(trim=False)
"""Time buckets for gauges: an incomplete interval holds the measurements so far."""
LARGEST: Final = Measure("max", "value", "value")
TOTAL: Final = Measure("sum", "value", "value")
LAG = _health("newsclaims_consumer_lag_records", (Terms("partition", "partition", order="name"), STEADY), LARGEST)
OLDEST = _health(
    "newsclaims_oldest_unprocessed_seconds", (Terms("partition", "partition", order="name"), STEADY), LARGEST
)
LAG_WORST = _health("newsclaims_consumer_lag_records", (STEADY,), LARGEST)
OLDEST_WORST = _health("newsclaims_oldest_unprocessed_seconds", (STEADY,), LARGEST)
"""The partition that is furthest behind, as one number."""
READ = _health("newsclaims_source_records_total", (OVER_TIME,), TOTAL)
THROUGHPUT = _health("newsclaims_records_total", (Terms("step", "step"), OVER_TIME), TOTAL)
OUTCOMES = _health("newsclaims_records_total", (Terms("outcome", "outcome"), OVER_TIME), TOTAL, "step:write")
STEP_LATENCY = _health("newsclaims_step_seconds", (Terms("step", "step"), STEADY), LARGEST, "quantile:0.95")
AGE_AT_WRITE = _health(
    "newsclaims_age_at_write_seconds",
    (Terms("quantile", "quantile", order="name"), STEADY),
    LARGEST,
    "NOT quantile:count",
)
BUNDLES = _health(
    "newsclaims_bundle_seconds", (Terms("quantile", "quantile", order="name"), STEADY), LARGEST, "NOT quantile:count"
)
SIZES = _health(
    "newsclaims_message_bytes", (Terms("quantile", "quantile", order="name"), STEADY), LARGEST, "NOT quantile:count"
)
DEAD_LETTERS = Query(
    index="dead-letters", clock="failed_at", by=(Terms("reason", "reason"), OVER_TIME),
    measures=(Measure(label="dead letters"),), alias="{{term reason}}",
)  # fmt: skip
DEAD_LETTERS_TOTAL = Query(
    index="dead-letters", clock="failed_at", by=(TimeBuckets(trim=False),), measures=(Measure(label="dead letters"),)
)
LATEST_DEAD_LETTERS = Query(
    index="dead-letters", clock="failed_at", size=50,
    fields=("failed_at", "step", "reason", "error", "topic", "partition", "offset", "attempts"),
)  # fmt: skip
SERVERS = _health(
    "newsclaims_server_up", (Terms("server", "server", order="name"), STEADY), Measure("min", "value", "up")
)
ELASTICSEARCH_HEALTH = _health("newsclaims_elasticsearch_health", (STEADY,), Measure("max", "value", "level"))
HEAP = _health("newsclaims_elasticsearch_heap_share", (STEADY,), LARGEST)
FREE_DISK = _health("newsclaims_elasticsearch_free_bytes", (STEADY,), Measure("min", "value", "value"))
DOCUMENT_OUTCOMES = _health("newsclaims_documents_total", (Terms("outcome", "outcome"), OVER_TIME), TOTAL)
INDEX_BYTES = _health("newsclaims_index_bytes", (Terms("index", "index"), STEADY), LARGEST)
FRESHNESS = _health(
    "newsclaims_index_freshness_seconds", (Terms("index", "index"), STEADY), Measure("min", "value", "value")
)
END_OFFSETS = _health("newsclaims_topic_end_offset", (Terms("topic", "topic"), STEADY), LARGEST)
WORKER_MEMORY = _health("newsclaims_worker_memory_bytes", (Terms("worker", "worker", order="name"), STEADY), LARGEST)
_BY_WORKER: Final = (Terms("worker", "worker", size=30, order="name", missing="none"), OVER_TIME)
"""Samples of earlier releases have no worker; stacked with them, the workers are the sum."""
WORKER_DEATHS = _health("newsclaims_worker_deaths_total", _BY_WORKER, TOTAL)
WORKER_RECORDS = _health("newsclaims_source_records_total", _BY_WORKER, TOTAL)
WORKER_CLAIMS = _health("newsclaims_claims_total", _BY_WORKER, TOTAL)
WORKER_DEAD_LETTERS = _health("newsclaims_dead_letters_total", _BY_WORKER, TOTAL)
RUN_RECORDS = _health("newsclaims_source_records_total", (Terms("instance", "run"), OVER_TIME), TOTAL)
ASSERTIONS_AGE = _health("newsclaims_assertions_age_seconds", (STEADY,), LARGEST)
ASSERTION_PASSES = _health("newsclaims_assertion_passes_total", (Terms("outcome", "outcome"), OVER_TIME), TOTAL)
CONDITIONS = _health("newsclaims_condition", (Terms("alert", "alert", size=20), STEADY), LARGEST)
ALERTS = Query(
    index="health", clock="at", where="metric:newsclaims_alert", size=50,
    fields=("at", "alert", "subject", "detail", "value", "url"),
)  # fmt: skip

ALERT_MARKS: Final = "metric:newsclaims_alert"
RULE_MARKS: Final = "metric:newsclaims_rules_changed"
"""Events that boards mark on their charts."""
