"""The conditions of `schemas.alerts`, computed: what the monitor writes to `health`, and `newsclaims alerts` shows.

Each condition is a function of an Elasticsearch client and a time, without a clock of its own, and gives its number
also when all is well: a number that is missing means that nobody looks.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from elastic_transport import ConnectionError as Unreachable
from elasticsearch import Elasticsearch, NotFoundError

from deploy.monitoring.conditions.claims import claim_settled
from deploy.monitoring.conditions.feeds import empty_bodies, feed_silent, no_articles
from deploy.monitoring.conditions.figures import figure_jump
from deploy.monitoring.conditions.job import dead_letter_share, elasticsearch_rejecting, lag_growing
from deploy.monitoring.conditions.readings import MOST_SUBJECTS, Reading, hits
from deploy.monitoring.conditions.watches import watch_spike
from schemas.alerts import ALERTS
from schemas.errors import Retryable
from schemas.records import HealthSample

_log = logging.getLogger(__name__)

CONDITIONS: dict[str, Callable[[Elasticsearch, datetime], list[Reading]]] = {
    "no_articles": no_articles,
    "feed_silent": feed_silent,
    "lag_growing": lag_growing,
    "dead_letter_share": dead_letter_share,
    "empty_bodies": empty_bodies,
    "elasticsearch_rejecting": elasticsearch_rejecting,
    "watch_spike": watch_spike,
    "figure_jump": figure_jump,
    "claim_settled": claim_settled,
}
"""By alert; the same as in `schemas.alerts.ALERTS`."""

Tell = Callable[[str, Exception], None]
"""Takes the name of an alert whose condition failed, and why."""


def warn(alert: str, error: Exception) -> None:
    """Tells the log."""
    _log.warning("the condition %s is not known now: %s", alert, reason(error))


def reason(error: Exception) -> str:
    """Why a condition failed, in a line."""
    if isinstance(error, NotFoundError):
        return "an index is missing: run `newsclaims init`"
    return f"{type(error).__name__}: {error}"


def conditions(client: Elasticsearch, now: datetime, tell: Tell = warn) -> list[Reading]:
    """The readings of all conditions. One that fails has none, is told, and does not keep the others.

    Raises `Retryable` where Elasticsearch is not there at all.
    """
    found: list[Reading] = []
    for alert, condition in CONDITIONS.items():
        try:
            found += condition(client, now)
        except Unreachable as error:
            raise Retryable(
                f"Elasticsearch does not answer ({error.message}): start it with `newsclaims up`, or set "
                "ELASTICSEARCH_URL"
            ) from error
        except Exception as error:
            # Whatever it is: the other alerts must not depend on it.
            tell(alert, error)
    return found


def is_firing(reading: Reading) -> bool:
    """Whether the number is above its alert's threshold."""
    return reading.value > ALERTS[reading.alert].threshold


def samples(
    client: Elasticsearch, now: datetime, instance: str, seconds: float, tell: Tell = warn
) -> list[HealthSample]:
    """What one round of the monitor writes: a `newsclaims_condition` for each reading, and a `newsclaims_alert` for
    each that is above its threshold and was not in the last round.

    `instance` is `host:pid`, `seconds` the time since the last round. Raises `Retryable` as `conditions` does.
    """
    readings = conditions(client, now, tell)
    begun = list(beginning(client, now, [reading for reading in readings if is_firing(reading)], tell))

    def sample(metric: str, reading: Reading) -> HealthSample:
        return HealthSample(
            at=now, seconds=seconds, source="monitor", instance=instance, metric=metric, value=reading.value,
            alert=reading.alert, subject=reading.subject, detail=reading.detail, url=reading.url,
        )  # fmt: skip

    return [
        *(sample("newsclaims_condition", reading) for reading in readings),
        *(sample("newsclaims_alert", reading) for reading in begun),
    ]


def beginning(client: Elasticsearch, now: datetime, firing: Iterable[Reading], tell: Tell) -> Iterator[Reading]:
    """Those of the firing readings that did not fire in the last round, by whichever monitor it was."""
    before: dict[str, set[str]] = {}
    for reading in firing:
        if reading.alert not in before:
            try:
                before[reading.alert] = fired_last(client, now, reading.alert)
            except Exception as error:
                # No event is better than one in every round.
                tell(reading.alert, error)
                before[reading.alert] = {reading.subject for reading in firing}
        if reading.subject not in before[reading.alert]:
            yield reading


def fired_last(client: Elasticsearch, now: datetime, alert: str) -> set[str]:
    """The subjects of the alert that fired in the last round before now; empty where there was none."""
    filters: list[dict[str, Any]] = [
        {"term": {"metric": "newsclaims_condition"}},
        {"term": {"alert": alert}},
        {"range": {"at": {"lt": now.isoformat()}}},
    ]
    # The last round's samples have one time, and there are no more of an alert than this.
    found = hits(client, "health", {"bool": {"filter": filters}}, MOST_SUBJECTS, "at:desc")
    threshold = ALERTS[alert].threshold
    return {sample["subject"] for sample in found if sample["at"] == found[0]["at"] and sample["value"] > threshold}
