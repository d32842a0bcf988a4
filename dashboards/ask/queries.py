"""Every query of the boards, once. A board's panel names one of these; nobody else writes Lucene.

Claims and figures are asked by the time of publication: when something was said. Ops ask by the time of indexing: when
we had it. Counters in `health` are what they grew by, so sums are right over any time.
"""

from typing import Final

from dashboards.ask.query import CLAIMS, Interval, Labelled, Metric, Query, Terms

COUNT: Final = Metric()
ASSERTIONS: Final = Metric("cardinality", "assertion_id", "assertions")
"""Distinct assertions: the same figure or fact about the same parties counts once, whoever repeats it. Elasticsearch
counts exactly up to 3,000, above that within some percent."""
OVER_TIME: Final = Interval()
CLAIMANT: Final = Terms("claimant.name.keyword", "claimant")
STATUS: Final = Terms("status", "status", size=8)
PUBLISHER: Final = Terms("publisher", "publisher")
LANGUAGE: Final = Terms("language", "language")
WATCH: Final = Terms("watches", "watch")
THE_WHOLE: Final = Terms("schema_version", "all", size=1)
"""One bucket with everything: distinct values cannot be summed over buckets of time."""


def _claims(*by: Terms | Interval | Labelled, metrics: tuple[Metric, ...] = (COUNT,), where: str = "*") -> Query:
    series = next((f"{{{{term {bucket.field}}}}}" for bucket in by if isinstance(bucket, Terms)), "")
    return Query(index="claims", clock="published_at", where=where, narrowed=CLAIMS, by=by, metrics=metrics,
                 alias=series)  # fmt: skip


CLAIMS_TOTAL = _claims(OVER_TIME)
ASSERTIONS_TOTAL = _claims(THE_WHOLE, metrics=(ASSERTIONS,))
CLAIMS_CONFIRMED = _claims(OVER_TIME, where="status:confirmed")
CLAIMS_DENIED = _claims(OVER_TIME, where="status:denied")
CLAIMANTS_TOTAL = _claims(
    THE_WHOLE,
    metrics=(Metric("cardinality", "claimant.name.keyword", "claimants"),),
)
CLAIMS_BY_STATUS = _claims(STATUS, OVER_TIME)
CLAIMS_AND_ASSERTIONS = _claims(OVER_TIME, metrics=(COUNT, ASSERTIONS))
CLAIMS_BY_CLAIMANT = _claims(CLAIMANT, OVER_TIME)
CLAIMS_BY_PUBLISHER = _claims(PUBLISHER, OVER_TIME)
CLAIMS_BY_LANGUAGE = _claims(LANGUAGE, OVER_TIME)
CLAIMS_BY_WATCH = _claims(WATCH, OVER_TIME)
STATUSES = _claims(STATUS)
TOP_CLAIMANTS = _claims(
    Terms("claimant.name.keyword", "claimant", size=25),
    metrics=(COUNT, ASSERTIONS, Metric("cardinality", "publisher", "publishers")),
)
MOVERS_NOW, MOVERS_BEFORE = "this time", "the time before"
MOVERS = _claims(
    Labelled("when", (
        (MOVERS_NOW, "published_at:[${__to}||-${window} TO ${__to}]"),
        (MOVERS_BEFORE, "published_at:[${__to}||-${window}-${window} TO ${__to}||-${window}]"),
    )),
    Terms("claimant.name.keyword", "claimant", size=50),
)  # fmt: skip
"""The most heard claimants of two neighbouring spans, whose length the board's variable `window` says."""
CLAIM_FIELDS: Final = (
    "published_at", "claimant.name", "status", "text", "publisher", "title", "url", "article_id", "claim_id",
    "assertion_id",
)  # fmt: skip
LATEST_CLAIMS = Query(
    index="claims", clock="published_at", narrowed=CLAIMS, fields=CLAIM_FIELDS, size=100,
)  # fmt: skip
CLAIMS_INDEXED = Query(
    index="claims", clock="indexed_at", narrowed=CLAIMS, by=(Terms("ingest_mode", "mode"), OVER_TIME),
    alias="{{term ingest_mode}}",
)  # fmt: skip

INDEXED_BY_WATCH = Query(
    index="claims", clock="indexed_at", narrowed=("watch",), by=(WATCH, OVER_TIME), alias="{{term watches}}",
)  # fmt: skip

VALUE: Final = (
    Metric("max", "value", "value"), Metric("min", "low", "low"), Metric("max", "high", "high"),
)  # fmt: skip


def _figures(*by: Terms | Interval | Labelled, metrics: tuple[Metric, ...] = (COUNT,), where: str = "*") -> Query:
    series = next((f"{{{{term {bucket.field}}}}}" for bucket in by if isinstance(bucket, Terms)), "")
    return Query(index="figures", clock="published_at", where=where, narrowed=CLAIMS, by=by, metrics=metrics,
                 alias=series)  # fmt: skip


CLAIMED = "_exists_:claimant AND value:>0"
"""Figures that somebody claims. A logarithmic scale has no place for 0."""
FIGURES_TOTAL = _figures(OVER_TIME, metrics=(Metric(label="figures"),))
FIGURES_OVER_TIME = Query(
    index="figures", clock="published_at", where=CLAIMED, narrowed=CLAIMS,
    by=(Terms("claimant", "claimant", size=12), Interval(trim=False)), metrics=VALUE,
    alias="{{term claimant}}|{{metric}} {{field}}",
)  # fmt: skip
FIGURE_SPREAD = _figures(
    Terms("claimant", "claimant", size=15), metrics=(*VALUE, Metric(label="figures")), where=CLAIMED
)
HIGHEST_FIGURE = _figures(THE_WHOLE, metrics=(Metric("max", "value", "highest"),), where=CLAIMED)
LOWEST_FIGURE = _figures(THE_WHOLE, metrics=(Metric("min", "value", "lowest"),), where=CLAIMED)
FIGURES_CONFIRMED_OR_DENIED = Query(
    index="figures", clock="published_at", narrowed=CLAIMS,
    by=(Labelled("status", (("confirmed", "status:confirmed"), ("denied", "status:denied"),
                            ("unconfirmed", "status:unconfirmed"))), OVER_TIME),
    metrics=(Metric(label="figures"),), alias="{{filter}}",
)  # fmt: skip
_BUT_UNIT_CLASS: Final = tuple(name for name in CLAIMS if name != "unit_class")
FIGURES_BY_UNIT_CLASS = Query(
    index="figures", clock="published_at", narrowed=_BUT_UNIT_CLASS, by=(Terms("unit_class", "unit class"), OVER_TIME),
    metrics=(Metric(label="figures"),), alias="{{term unit_class}}",
)  # fmt: skip
UNIT_CLASSES = Query(
    index="figures", clock="published_at", narrowed=_BUT_UNIT_CLASS, by=(Terms("unit_class", "unit class", size=25),),
    metrics=(Metric(label="figures"), Metric("cardinality", "claimant", "claimants")),
)  # fmt: skip
MODIFIERS = _figures(Terms("modifier", "modifier"), metrics=(Metric(label="figures"),))
FIGURE_FIELDS: Final = (
    "published_at", "claimant", "text", "unit", "value", "low", "high", "modifier", "status", "sentence", "publisher",
    "url", "article_id", "unit_class",
)  # fmt: skip
LATEST_FIGURES = Query(
    index="figures", clock="published_at", narrowed=CLAIMS, where=CLAIMED, fields=FIGURE_FIELDS, size=200,
)  # fmt: skip

CLAIMANT_OUTLETS = _claims(Terms("publisher", "publisher", size=15), metrics=(COUNT, ASSERTIONS))
CLAIMANT_VIA = _claims(Terms("via.keyword", "through", size=10))
CLAIMANT_EVENTS = _claims(Terms("event", "event", size=10))

THE_ARTICLE: Final = "article_id:${article:raw}"
ARTICLE = Query(
    index="articles", clock="published_at", where=THE_ARTICLE, narrowed=("watch",), size=1,
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
ARTICLE_STATUSES = Query(index="claims", clock="published_at", where=THE_ARTICLE, narrowed=("watch",), by=(STATUS,))
APPEARANCES = Query(
    index="claims",
    clock="published_at",
    where="assertion_id:${assertion:raw}",
    fields=CLAIM_FIELDS,
    size=200,
)
APPEARANCES_OVER_TIME = Query(
    index="claims", clock="published_at", where="assertion_id:${assertion:raw}", narrowed=("watch",),
    by=(STATUS, Interval(trim=False)), alias="{{term status}}",
)  # fmt: skip

FEEDS = Query(
    index="feeds", clock="polled_at", size=500,
    fields=("feed", "polled_at", "entry_at", "entries_day", "expected_day", "failures", "silent", "error", "warning",
            "next_poll_at", "connector", "url"),
)  # fmt: skip
_FEED_COUNT: Final = (Metric(label="feeds"),)
FEEDS_FAILING = Query(
    index="feeds", clock="polled_at", where="failures:>0", by=(Interval(trim=False),), metrics=_FEED_COUNT
)
FEEDS_SILENT = Query(
    index="feeds", clock="polled_at", where="silent:true", by=(Interval(trim=False),), metrics=_FEED_COUNT
)
FEEDS_ALL = Query(index="feeds", clock="polled_at", by=(Interval(trim=False),), metrics=_FEED_COUNT)
FEED_VOLUME = Query(
    index="feeds", clock="polled_at", by=(Terms("feed", "feed", size=30),),
    metrics=(Metric("max", "entries_day", "new in 24 h"), Metric("max", "expected_day", "expected")),
)  # fmt: skip
ARTICLES_BY_FEED = Query(
    index="articles", clock="indexed_at", narrowed=("watch", "publisher", "language"),
    by=(Terms("feed", "feed", size=15), OVER_TIME), metrics=(Metric(label="articles"),), alias="{{term feed}}",
)  # fmt: skip
ARTICLES_PUBLISHED = Query(
    index="articles", clock="published_at", narrowed=("watch", "publisher", "language"),
    by=(Terms("kind", "kind"), OVER_TIME), metrics=(Metric(label="articles"),), alias="{{term kind}}",
)  # fmt: skip
ARTICLE_QUALITY = Query(
    index="articles", clock="indexed_at", narrowed=("watch", "publisher", "language"),
    by=(Terms("quality", "flag", size=12),), metrics=(Metric(label="articles"),),
)  # fmt: skip
FEED_STATES = Query(
    index="health", clock="at", where="metric:newsclaims_feeds", by=(Terms("state", "state"), Interval(trim=False)),
    metrics=(Metric("max", "value", "feeds"),), alias="{{term state}}",
)  # fmt: skip


def _health(metric: str, by: tuple[Terms | Interval, ...], reduce: Metric, where: str = "") -> Query:
    series = next((f"{{{{term {bucket.field}}}}}" for bucket in by if isinstance(bucket, Terms)), "")
    text = f"metric:{metric}" + (f" AND {where}" if where else "")
    return Query(index="health", clock="at", where=text, by=by, metrics=(reduce,), alias=series)


STEADY: Final = Interval(trim=False)
"""Of gauges: an interval that is not over holds what was measured so far."""
LARGEST: Final = Metric("max", "value", "value")
TOTAL: Final = Metric("sum", "value", "value")
LAG = _health("newsclaims_consumer_lag_records", (Terms("partition", "partition", order="name"), STEADY), LARGEST)
OLDEST = _health(
    "newsclaims_oldest_unprocessed_seconds", (Terms("partition", "partition", order="name"), STEADY), LARGEST
)
LAG_WORST = _health("newsclaims_consumer_lag_records", (STEADY,), LARGEST)
OLDEST_WORST = _health("newsclaims_oldest_unprocessed_seconds", (STEADY,), LARGEST)
"""Of the partition that is furthest behind: a number at a glance, where one for each partition hides it."""
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
    metrics=(Metric(label="dead letters"),), alias="{{term reason}}",
)  # fmt: skip
DEAD_LETTERS_TOTAL = Query(
    index="dead-letters", clock="failed_at", by=(Interval(trim=False),), metrics=(Metric(label="dead letters"),)
)
LATEST_DEAD_LETTERS = Query(
    index="dead-letters", clock="failed_at", size=50,
    fields=("failed_at", "step", "reason", "error", "topic", "partition", "offset", "attempts"),
)  # fmt: skip
SERVERS = _health(
    "newsclaims_server_up", (Terms("server", "server", order="name"), STEADY), Metric("min", "value", "up")
)
ELASTICSEARCH_HEALTH = _health("newsclaims_elasticsearch_health", (STEADY,), Metric("max", "value", "level"))
HEAP = _health("newsclaims_elasticsearch_heap_share", (STEADY,), LARGEST)
FREE_DISK = _health("newsclaims_elasticsearch_free_bytes", (STEADY,), Metric("min", "value", "value"))
DOCUMENT_OUTCOMES = _health("newsclaims_documents_total", (Terms("outcome", "outcome"), OVER_TIME), TOTAL)
INDEX_BYTES = _health("newsclaims_index_bytes", (Terms("index", "index"), STEADY), LARGEST)
FRESHNESS = _health(
    "newsclaims_index_freshness_seconds", (Terms("index", "index"), STEADY), Metric("min", "value", "value")
)
END_OFFSETS = _health("newsclaims_topic_end_offset", (Terms("topic", "topic"), STEADY), LARGEST)
WORKER_MEMORY = _health("newsclaims_worker_memory_bytes", (Terms("worker", "worker", order="name"), STEADY), LARGEST)
WORKER_DEATHS = _health("newsclaims_worker_deaths_total", (OVER_TIME,), TOTAL)
CONDITIONS = _health("newsclaims_condition", (Terms("alert", "alert", size=20), STEADY), LARGEST)
ALERTS = Query(
    index="health", clock="at", where="metric:newsclaims_alert", size=50,
    fields=("at", "alert", "subject", "detail", "value", "url"),
)  # fmt: skip

ALERT_MARKS: Final = "metric:newsclaims_alert"
RULE_MARKS: Final = "metric:newsclaims_rules_changed"
"""What the boards mark on their charts."""
