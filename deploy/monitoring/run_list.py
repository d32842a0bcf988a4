"""The runs of `newsclaims status`: what each worker reads, its lag, and what it and its run have counted.

Partitions and lag come from Kafka. Counters come from the index `health`, to which every run writes.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from elasticsearch import Elasticsearch

from deploy.kafka_connection import check_kafka
from deploy.monitoring.consumer_group import GroupMeter, GroupState, WorkerShare
from deploy.monitoring.kafka_health import TOPIC, measure_kafka
from deploy.server_errors import handle_elasticsearch_errors
from deploy.settings import Settings
from schemas.elasticsearch.indices import HEALTH
from schemas.errors import NewsclaimsError, Retryable
from schemas.metrics import WORKER

TIMEOUT_SECONDS = 10.0
"""Timeout of a request to Elasticsearch."""
COUNTED = timedelta(hours=24)
"""The time over which counters are added up."""
FRESH = timedelta(seconds=60)
"""A run writes a sample every 10 s: one without a sample for so long has ended, or cannot write."""
MOST_RUNS = 1000
"""How many runs of the counted time are looked at, the latest first."""
MOST_WORKERS = 200
"""How many workers of a run are looked at, those with the most samples first."""

COUNTERS = {
    "records": "newsclaims_source_records_total",
    "claims": "newsclaims_claims_total",
    "dead_letters": "newsclaims_dead_letters_total",
    "deaths": "newsclaims_worker_deaths_total",
}
"""The counters that are shown, by their names in the report."""
WAITING = {"newsclaims_sink_waiting": "waiting for Elasticsearch", "newsclaims_source_waiting": "waiting for Kafka"}
ON_FLINK = "newsclaims_flink_subtask_records"

IS_COUNTER: Final = {"terms": {"metric": list(COUNTERS.values())}}
SUMS: Final = {"metric": {"terms": {"field": "metric"}, "aggs": {"sum": {"sum": {"field": "value"}}}}}
"""The aggregation that adds up each counter."""


@dataclass(frozen=True)
class RunCounts:
    """What runs have counted in the last 24 hours: records read, claims written, dead letters, workers that died."""

    records: int = 0
    claims: int = 0
    dead_letters: int = 0
    deaths: int = 0

    def __add__(self, other: "RunCounts") -> "RunCounts":
        return RunCounts(*(getattr(self, name) + getattr(other, name) for name in COUNTERS))


@dataclass(frozen=True)
class WorkerReading:
    """A worker, by its number in the run: the partitions that it reads, their lag in records, and what was counted
    under its number, by those that it replaced too.

    `state` is `reading`, `idle` if it has no partition, `not a member` if the group does not have it, or `on Flink`.
    """

    worker: str
    state: str
    partitions: tuple[int, ...]
    lag: int
    counts: RunCounts


@dataclass(frozen=True)
class RunReading:
    """A run, `host:pid`. `state` is `reading`, `waiting for …`, `on Flink`, `joining or ended`, or `no samples`.

    A run that is no member of the group, and wrote a sample within the last minute, joins it or has just ended.
    `sampled_at` is the time of its last sample; None if there is none. What an earlier release or the supervisor has
    counted is in `counts` only, not in those of a worker.
    """

    run: str
    state: str
    partitions: tuple[int, ...]
    lag: int
    counts: RunCounts
    sampled_at: datetime | None
    workers: tuple[WorkerReading, ...] = ()


@dataclass(frozen=True)
class RunList:
    """All runs of a group, and what those have counted that have ended since. `unread` are partitions without a worker.

    `total_lag` is the lag of all partitions, `total` has the counts of all runs. `problem` says why there is no more.
    """

    group: str
    runs: tuple[RunReading, ...] = ()
    unread: tuple[int, ...] = ()
    total_lag: int = 0
    ended: RunCounts = RunCounts()
    total: RunCounts = RunCounts()
    problem: str = ""


@dataclass(frozen=True)
class RunSamples:
    """What a run has written to `health`."""

    sampled_at: datetime
    counts: RunCounts = RunCounts()
    gauges: Mapping[str, float] = field(default_factory=dict)


def find_runs(settings: Settings, now: datetime) -> RunList:
    """Returns the runs of the group in the settings. If a server does not answer, `problem` of the result says so."""
    try:
        lag = {
            int(labels[1]): int(value)
            for (name, labels), value in measure_kafka(settings).items()
            if name == "newsclaims_consumer_lag_records" and labels[0] == TOPIC
        }
        state = find_group(settings)
        options = settings.elasticsearch.client_options()
        with Elasticsearch(**options, request_timeout=TIMEOUT_SECONDS, max_retries=0) as client:
            samples = find_samples(client, now)
            workers = find_worker_counts(client, list_runs(state, samples, now), now)
    except NewsclaimsError as error:
        return RunList(settings.group, problem=str(error))
    return make_list(settings.group, state, lag, samples, now, workers)


def find_group(settings: Settings) -> GroupState:
    """Returns the members of the group. Raises `Retryable` if Kafka does not name them, and as `check_kafka`."""
    check_kafka(settings.kafka)
    with closing(GroupMeter({**settings.kafka.client_options(), "group_id": settings.group})) as meter:
        state = meter.measure()
    if state is None:
        raise Retryable(f"Kafka does not name the members of the group {settings.group}.")
    return state


def find_samples(client: Elasticsearch, now: datetime) -> dict[str, RunSamples]:
    """Returns what each run has written in the last 24 hours. Raises as `handle_elasticsearch_errors`."""
    gauges = [*WAITING, ON_FLINK]
    latest = {"top_hits": {"size": 1, "sort": [{"at": "desc"}], "_source": ["value"]}}
    runs = {
        "terms": {"field": "instance", "size": MOST_RUNS, "order": {"newest": "desc"}},
        "aggs": {
            "newest": {"max": {"field": "at"}},
            "counters": {"filter": IS_COUNTER, "aggs": SUMS},
            "gauges": {
                "filter": {"bool": {"filter": [{"terms": {"metric": gauges}}, since(now - FRESH)]}},
                "aggs": {"metric": {"terms": {"field": "metric"}, "aggs": {"latest": latest}}},
            },
        },
    }
    with handle_elasticsearch_errors("report what runs have counted"):
        answer = client.search(
            index=HEALTH.name, size=0, track_total_hits=False, ignore_unavailable=True, aggs={"runs": runs},
            query={"bool": {"filter": [{"term": {"source": "run"}}, since(now - COUNTED)]}},
        )  # fmt: skip
    found = (answer.get("aggregations") or {"runs": {"buckets": []}})["runs"]["buckets"]
    return {bucket["key"]: read_samples(bucket, now) for bucket in found}


def since(moment: datetime) -> dict[str, Any]:
    """Returns the query for samples from this time on."""
    return {"range": {"at": {"gte": moment.isoformat()}}}


def read_samples(bucket: Mapping[str, Any], now: datetime) -> RunSamples:
    """Reads the bucket of a run."""
    return RunSamples(
        datetime.fromtimestamp(bucket["newest"]["value"] / 1000, now.tzinfo),
        read_counts(bucket["counters"]),
        {
            each["key"]: each["latest"]["hits"]["hits"][0]["_source"]["value"]
            for each in bucket["gauges"]["metric"]["buckets"]
        },
    )


def read_counts(bucket: Mapping[str, Any]) -> RunCounts:
    """Reads the counters of a bucket that has the aggregation `SUMS`."""
    sums = {each["key"]: int(each["sum"]["value"]) for each in bucket["metric"]["buckets"]}
    return RunCounts(**{name: sums.get(metric, 0) for name, metric in COUNTERS.items()})


def find_worker_counts(client: Elasticsearch, runs: Sequence[str], now: datetime) -> dict[str, dict[str, RunCounts]]:
    """Returns what each worker of these runs has counted in the last 24 hours. Raises as `find_samples`.

    It is a request of its own, for the runs that are shown: a bucket for each worker of all runs could be too many.
    """
    of_worker = {"terms": {"field": WORKER, "size": MOST_WORKERS}, "aggs": SUMS}
    of_run = {"terms": {"field": "instance", "size": MOST_RUNS}, "aggs": {"workers": of_worker}}
    with handle_elasticsearch_errors("report what workers have counted"):
        answer = client.search(
            index=HEALTH.name, size=0, track_total_hits=False, ignore_unavailable=True, aggs={"runs": of_run},
            query={"bool": {"filter": [
                {"term": {"source": "run"}}, {"terms": {"instance": list(runs)}}, IS_COUNTER, since(now - COUNTED),
            ]}},
        )  # fmt: skip
    found = (answer.get("aggregations") or {"runs": {"buckets": []}})["runs"]["buckets"]
    return {run["key"]: {each["key"]: read_counts(each) for each in run["workers"]["buckets"]} for run in found}


def is_alive(samples: RunSamples, now: datetime) -> bool:
    """Returns whether a run still writes samples."""
    return now - samples.sampled_at <= FRESH


def list_runs(state: GroupState, samples: Mapping[str, RunSamples], now: datetime) -> list[str]:
    """Returns the names of the runs that are members of the group, or still write samples."""
    return sorted(state.partitions.keys() | {run for run, found in samples.items() if is_alive(found, now)})


def make_list(
    group: str,
    state: GroupState,
    lag: Mapping[int, int],
    samples: Mapping[str, RunSamples],
    now: datetime,
    workers: Mapping[str, Mapping[str, RunCounts]] | None = None,
) -> RunList:
    """Combines what Kafka and the samples say. `lag` has the records of each partition, `workers` the counts by run."""
    names = list_runs(state, samples, now)
    runs = tuple(
        make_run(
            name,
            [each for each in state.shares if each.run == name],
            lag,
            samples.get(name),
            describe_state(name in state.partitions, find_gauges(samples.get(name), now)),
            (workers or {}).get(name, {}),
        )
        for name in names
    )
    ended = sum((found.counts for run, found in samples.items() if run not in names), RunCounts())
    return RunList(
        group=group,
        runs=runs,
        unread=tuple(sorted(lag.keys() - {number for run in runs for number in run.partitions})),
        total_lag=sum(lag.values()),
        ended=ended,
        total=sum((run.counts for run in runs), ended),
    )


def find_gauges(samples: RunSamples | None, now: datetime) -> Mapping[str, float] | None:
    """Returns the latest gauges of a run, or None if it has no recent sample."""
    return samples.gauges if samples and is_alive(samples, now) else None


def make_run(
    name: str,
    shares: Collection[WorkerShare],
    lag: Mapping[int, int],
    samples: RunSamples | None,
    state: str,
    counts: Mapping[str, RunCounts],
) -> RunReading:
    """Describes one run. `counts` are those of its workers."""
    members = {share.worker: share for share in shares}
    workers = tuple(
        make_worker(worker, members.get(worker), lag, state, counts.get(worker, RunCounts()))
        for worker in sorted(members.keys() | counts.keys(), key=lambda worker: (len(worker), worker))
    )
    return RunReading(
        run=name,
        state=state,
        partitions=tuple(sorted(number for worker in workers for number in worker.partitions)),
        lag=sum(worker.lag for worker in workers),
        counts=samples.counts if samples else RunCounts(),
        sampled_at=samples.sampled_at if samples else None,
        workers=workers,
    )


def make_worker(
    worker: str, share: WorkerShare | None, lag: Mapping[int, int], run_state: str, counts: RunCounts
) -> WorkerReading:
    """Describes one worker. It is no member of the group if it has no `share`."""
    partitions = tuple(sorted(share.partitions)) if share else ()
    state = (
        ("reading" if partitions else "idle") if share else "on Flink" if run_state == "on Flink" else "not a member"
    )
    return WorkerReading(worker, state, partitions, sum(lag.get(each, 0) for each in partitions), counts)


def describe_state(is_member: bool, gauges: Mapping[str, float] | None) -> str:
    """Returns the state of a run in words. `gauges` are its latest, or None if it has no recent sample."""
    if gauges is None:
        return "no samples"
    waiting = [words for gauge, words in WAITING.items() if gauges.get(gauge)]
    return (
        waiting[0] if waiting else "reading" if is_member else "on Flink" if ON_FLINK in gauges else "joining or ended"
    )
