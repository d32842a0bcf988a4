"""Evaluates the conditions of `schemas.alerts`, for the monitor, which writes them to `health`, and for `alerts list`.

A condition is a function of an Elasticsearch client and a time. It has no clock of its own. It gives a value even if
all is well: a missing value means that nothing was evaluated.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from elasticsearch import AuthenticationException, ConnectionError, Elasticsearch, NotFoundError

from deploy.monitoring.conditions.assertions import assertions_behind
from deploy.monitoring.conditions.claims import claim_settled
from deploy.monitoring.conditions.feeds import empty_bodies, feed_silent, no_articles
from deploy.monitoring.conditions.figures import figure_jump
from deploy.monitoring.conditions.job import dead_letter_share, elasticsearch_rejecting, lag_growing
from deploy.monitoring.conditions.queries import find_documents, iterate_groups
from deploy.monitoring.conditions.readings import Reading
from deploy.monitoring.conditions.retention import retention_failing
from deploy.monitoring.conditions.watches import watch_spike
from deploy.server_errors import convert_elasticsearch_error, describe_error
from schemas.alerts import ALERTS
from schemas.operations.records import HealthSample

_log = logging.getLogger(__name__)

CONDITIONS: dict[str, Callable[[Elasticsearch, datetime], list[Reading]]] = {
    "no_articles": no_articles,
    "feed_silent": feed_silent,
    "lag_growing": lag_growing,
    "dead_letter_share": dead_letter_share,
    "empty_bodies": empty_bodies,
    "elasticsearch_rejecting": elasticsearch_rejecting,
    "retention_failing": retention_failing,
    "assertions_behind": assertions_behind,
    "watch_spike": watch_spike,
    "figure_jump": figure_jump,
    "claim_settled": claim_settled,
}
"""By alert; the same alerts as in `schemas.alerts.ALERTS`."""

ReportFailure = Callable[[str, Exception], None]
"""Takes the name of an alert whose condition failed, and the error."""


def log_failure(alert: str, error: Exception) -> None:
    """Logs that a condition failed."""
    _log.warning("the condition %s could not be evaluated: %s", alert, describe_failure(error))


def describe_failure(error: Exception) -> str:
    """Returns in one line why a condition failed."""
    if isinstance(error, NotFoundError):
        return "an index is missing: run `newsclaims init`"
    return describe_error(error)


def evaluate_conditions(client: Elasticsearch, now: datetime, report: ReportFailure = log_failure) -> list[Reading]:
    """Returns the readings of all conditions. A condition that fails is reported, and the others are still evaluated.

    Raises `Retryable` if Elasticsearch is unreachable, and `AccessRefused` if it does not accept the login.
    """
    found: list[Reading] = []
    for alert, condition in CONDITIONS.items():
        try:
            found += condition(client, now)
        except (ConnectionError, AuthenticationException) as error:
            raise convert_elasticsearch_error(error, "evaluate alerts") from error
        except Exception as error:  # noqa: BLE001 - the other alerts must not depend on this one
            # Whatever it is: the other alerts must not depend on it.
            report(alert, error)
    return found


def is_firing(reading: Reading) -> bool:
    """Returns whether the value is above the threshold of its alert."""
    return reading.value > ALERTS[reading.alert].threshold


def make_samples(
    client: Elasticsearch, now: datetime, instance: str, seconds: float, report: ReportFailure = log_failure
) -> list[HealthSample]:
    """Evaluates the conditions for one round of the monitor, as samples.

    There is a `newsclaims_condition` for each reading, and a `newsclaims_alert` for each that is above its threshold
    and was not in the last round. `instance` is `host:pid`, `seconds` the time since the last round. Raises `Retryable`
    as `evaluate_conditions` does.
    """
    readings = evaluate_conditions(client, now, report)
    begun = list(find_new_alerts(client, now, [reading for reading in readings if is_firing(reading)], report))

    def make(metric: str, reading: Reading) -> HealthSample:
        return HealthSample(
            at=now, seconds=seconds, source="monitor", instance=instance, metric=metric, value=reading.value,
            alert=reading.alert, subject=reading.subject, detail=reading.detail, url=reading.url,
        )  # fmt: skip

    return [
        *(make("newsclaims_condition", reading) for reading in readings),
        *(make("newsclaims_alert", reading) for reading in begun),
    ]


def find_new_alerts(
    client: Elasticsearch, now: datetime, firing: Iterable[Reading], report: ReportFailure
) -> Iterator[Reading]:
    """Yields the firing readings that did not fire in the last round of any monitor."""
    before: dict[str, set[str]] = {}
    for reading in firing:
        if reading.alert not in before:
            try:
                before[reading.alert] = find_last_firing(client, now, reading.alert)
            except Exception as error:  # noqa: BLE001 - no event is better than one in every round
                # No event is better than one in every round.
                report(reading.alert, error)
                before[reading.alert] = {reading.subject for reading in firing}
        if reading.subject not in before[reading.alert]:
            yield reading


def find_last_firing(client: Elasticsearch, now: datetime, alert: str) -> set[str]:
    """Returns the subjects of the alert that fired in the last round before `now`. Empty before the first round."""
    filters: list[dict[str, Any]] = [{"term": {"metric": "newsclaims_condition"}}, {"term": {"alert": alert}}]
    earlier = {"bool": {"filter": [*filters, {"range": {"at": {"lt": now.isoformat()}}}]}}
    for newest in find_documents(client, "health", earlier, 1, "at:desc"):
        above = {"range": {"value": {"gt": ALERTS[alert].threshold}}}
        fired = {"bool": {"filter": [*filters, {"term": {"at": newest["at"]}}, above]}}
        groups = iterate_groups(client, "health", fired, {"subject": {"field": "subject", "missing_bucket": True}})
        return {group["key"]["subject"] or "" for group in groups}
    return set()
