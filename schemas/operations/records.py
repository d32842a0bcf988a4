"""The records of feeds and of health: what operations look at.

A field's description is part of its JSON Schema, and Kibana shows it next to the field.
"""

from typing import Annotated, Any, Literal

from msgspec import field

from schemas.fields import Count, Id, Record, Text, Timestamp, describe
from schemas.records import SCHEMA_VERSION, NonEmpty


class FeedHealth(Record, frozen=True, kw_only=True):
    """The health of a feed: one document each, by the feed's name. Behind the alias `feeds`."""

    feed: Annotated[Id, describe("Name of the feed.")]
    connector: Annotated[str, describe("Name of the connector that reads it.")]
    url: Annotated[str, describe("The address as configured, without credentials.")] = ""
    publisher: Annotated[str, describe("Publisher, as `feeds.yaml` says.")] = ""
    since: Annotated[Timestamp, describe("When the feed was first polled.")]
    polled_at: Annotated[Timestamp, describe("When it was polled last.")]
    succeeded_at: Annotated[Timestamp | None, describe("When a poll last succeeded.")] = None
    failed_at: Annotated[Timestamp | None, describe("When a poll last failed.")] = None
    failures: Annotated[Count, describe("Failed polls since the last successful one.")] = 0
    error: Annotated[Text | None, describe("Error of the last poll; null if it succeeded.")] = None
    warning: Annotated[Text | None, describe("What its operator should know although reading worked.")] = None
    next_poll_at: Annotated[Timestamp, describe("When it is polled next.")]
    moved_to: Annotated[str | None, describe("New address, after permanent redirects.")] = None
    entry_at: Annotated[Timestamp | None, describe("When the last new entry came.")] = None
    entries_total: Annotated[Count, describe("New entries since the first poll.")] = 0
    entries_day: Annotated[Count, describe("New entries of the last 24 hours.")] = 0
    expected_day: Annotated[float | None, describe("New entries a day that are expected, as `feeds.yaml` says.")] = None
    empty_total: Annotated[Count, describe("Entries that came without text of their own.")] = 0
    refused_total: Annotated[Count, describe("Entries that were refused as articles.")] = 0
    silent: Annotated[
        bool,
        describe("Whether nothing new came for three times as long as the expected volume lets one wait."),
    ] = False


class FeedState(Record, frozen=True, kw_only=True):
    """How far the poller has read a feed: the messages of the topic `feed-states`, keyed by the feed's name."""

    schema_version: Annotated[Literal[1], describe("Version of the record; a new optional field keeps it.")] = (
        SCHEMA_VERSION
    )
    health: Annotated[FeedHealth, describe("Health of the feed.")]
    cursor: Annotated[
        dict[str, Any],
        describe("The connector's own; stored only once Kafka has acknowledged the articles before it."),
    ] = field(default_factory=dict)
    repairs: Annotated[
        dict[str, Count], describe("What was repaired or left out in the feed as it was read last, by kind.")
    ] = field(default_factory=dict)
    hours: Annotated[dict[str, Count], describe("New entries by hour (`2026-03-02T12`), of the last 24 hours.")] = (
        field(default_factory=dict)
    )


class HealthSample(Record, frozen=True, kw_only=True):
    """One reading of one metric of `schemas.metrics`. Behind the alias `health`.

    `value` is a gauge's value, the growth of a counter in the `seconds` before `at`, or a histogram's quantile over
    them. The other fields are the metric's labels; those that it does not have are null.
    """

    schema_version: Annotated[Literal[1], describe("Version of the record; a new optional field keeps it.")] = (
        SCHEMA_VERSION
    )
    at: Annotated[Timestamp, describe("When it was read.")]
    seconds: Annotated[float, describe("Seconds before `at` that a counter or histogram covers.")] = 0.0
    source: Annotated[Literal["run", "monitor"], describe("Which process read it.")]
    instance: Annotated[str, describe("Host and process, as `host:pid`.")]
    metric: Annotated[NonEmpty, describe("Name of the metric.")]
    value: Annotated[float, describe("The reading.")]
    step: Annotated[str | None, describe("Step of the job.")] = None
    outcome: Annotated[str | None, describe("Outcome of records, documents or requests.")] = None
    reason: Annotated[str | None, describe("Reason of dead letters.")] = None
    quantile: Annotated[
        str | None,
        describe("`0.5`, `0.95` or `0.99`, of a histogram; `count` for the number of observations."),
    ] = None
    worker: Annotated[str | None, describe("Worker process, by its number.")] = None
    server: Annotated[str | None, describe("Server: kafka or elasticsearch.")] = None
    topic: Annotated[str | None, describe("Topic in Kafka.")] = None
    partition: Annotated[str | None, describe("Partition of the topic.")] = None
    index: Annotated[str | None, describe("Alias in Elasticsearch.")] = None
    state: Annotated[str | None, describe("State of feeds.")] = None
    alert: Annotated[str | None, describe("Name of the alert.")] = None
    subject: Annotated[
        str | None,
        describe(
            "What an alert is about: a feed, a watch, an assertion; empty if one number is for the whole product."
        ),
    ] = None
    detail: Annotated[Text | None, describe("In words for people; of an event, what happened.")] = None
    url: Annotated[str | None, describe("Where to look, of an alert about one article.")] = None
