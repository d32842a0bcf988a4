"""All alerts in one table: the number that the monitor computes for each, and its threshold.

The monitor writes the number as the metric `newsclaims_condition` with the name of the alert. The Grafana rule, the
board and the runbook (`dashboards/RUNBOOKS.md`) follow from this table.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Audience = Literal["ops", "analysts"]
Severity = Literal["critical", "warning", "info"]

MIN_FEED_PATIENCE = timedelta(hours=6)
"""No feed counts as silent sooner, whatever its expected volume: nights are quiet."""


def find_feed_patience(expected_day: float) -> timedelta:
    """Returns how long a feed may have no new entry: three times the average gap at its expected volume.

    `expected_day` is the expected number of entries a day, and is above 0.
    """
    return max(MIN_FEED_PATIENCE, timedelta(days=3 / expected_day))


@dataclass(frozen=True)
class Alert:
    """One alert. It fires if its number is above `threshold` for `minutes`."""

    name: str
    title: str
    """The subject of the message: what is wrong."""
    number: str
    """What the number measures, with its unit. There is one number for each `subject`."""
    unit: str
    """Grafana's name of the unit."""
    threshold: float
    minutes: int
    severity: Severity
    audience: Audience
    subject: str = ""
    """What each number is about: feed, watch, assertion. Empty if there is one number for the whole product."""


ALERTS = {
    alert.name: alert
    for alert in (
        Alert("no_articles", "No articles arrive",
              "Seconds since the last live article was fetched", "s", 3600.0, 5, "critical", "ops"),
        Alert("feed_silent", "A feed is silent",
              "Time since the feed's last entry, as a multiple of the longest gap that its expected volume allows",
              "none", 1.0, 5, "warning", "ops", "feed"),
        Alert("lag_growing", "Lag grows",
              "Growth of the lag in fifteen minutes, in records, if it grew in each five minutes of them; else 0",
              "short", 500.0, 5, "critical", "ops"),
        Alert("dead_letter_share", "Too many dead letters",
              "Share of the last hour's new records that became dead letters",
              "percentunit", 0.05, 5, "critical", "ops"),
        # Above the usual share, because some feeds only ever have teasers.
        Alert("empty_bodies", "Articles have no text",
              "Share of the feed's articles without text or with only a teaser, in the last hour or day, minus its "
              "usual share", "percentunit", 0.2, 15, "warning", "ops", "feed"),
        # A share, because a refused request may contain one document or thousands.
        Alert("elasticsearch_rejecting", "Elasticsearch rejects writes",
              "Share of the last five minutes' documents or bulk requests (the higher one) that Elasticsearch refused",
              "percentunit", 0.1, 5, "critical", "ops"),
        Alert("retention_failing", "Old data is not dropped",
              "Runs of retention that failed since the last that succeeded; one is tried every hour then",
              "short", 2.0, 5, "warning", "ops"),
        # A pass over everything takes an hour for a million articles.
        Alert("assertions_behind", "Assertions are not counted",
              "Seconds since the last pass over the assertions that succeeded", "s", 7200.0, 5, "warning", "ops"),
        Alert("watch_spike", "A watch spikes",
              "Claims in the last hour, as a multiple of the watch's usual hour", "none", 3.0, 0, "info", "analysts",
              "watch"),
        Alert("figure_jump", "A figure jumps",
              "Highest figure of the last day, as a multiple of the highest of the thirty days before",
              "none", 1.5, 0, "info", "analysts", "watch and unit class"),
        Alert("claim_settled", "A claim is confirmed or denied",
              "1 for each unconfirmed assertion that a claim of the last day confirms or denies",
              "none", 0.5, 0, "info", "analysts", "assertion"),
    )
}  # fmt: skip
