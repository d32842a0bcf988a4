"""Every alert, in one table: the number that the monitor computes for it, and the threshold that it is compared with.

The monitor writes the number as the metric `newsclaims_condition` with the alert's name; the Grafana rule, the board
and the runbook (`dashboards/RUNBOOKS.md`) follow from this table.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Audience = Literal["ops", "analysts"]
Severity = Literal["critical", "warning", "info"]

SHORTEST_PATIENCE = timedelta(hours=6)
"""No feed counts as silent sooner, however much is expected of it: nights are quiet."""


def feed_patience(expected_day: float) -> timedelta:
    """How long a feed may bring nothing: thrice what its expected volume (entries a day, above 0) lets one wait."""
    return max(SHORTEST_PATIENCE, timedelta(days=3 / expected_day))


@dataclass(frozen=True)
class Alert:
    """One alert. It fires where its number is above `threshold` for `minutes`."""

    name: str
    title: str
    """What is wrong, as the message's subject says it."""
    number: str
    """What the number is, with its unit; one for each `subject`."""
    unit: str
    """Grafana's name of the unit."""
    threshold: float
    minutes: int
    severity: Severity
    audience: Audience
    subject: str = ""
    """What there is one number for: feed, watch, assertion; empty where there is one for the whole product."""


ALERTS = {
    alert.name: alert
    for alert in (
        Alert("no_articles", "No articles arrive",
              "Seconds since the last live article was fetched", "s", 3600.0, 5, "critical", "ops"),
        Alert("feed_silent", "A feed is silent",
              "Time since the feed's last entry, as a multiple of what its expected volume lets one wait",
              "none", 1.0, 5, "warning", "ops", "feed"),
        Alert("lag_growing", "Lag grows",
              "Records that the lag grew by in fifteen minutes, where it grew in each third of them; else 0",
              "short", 500.0, 5, "critical", "ops"),
        Alert("dead_letter_share", "Too many dead letters",
              "Share of the last hour's new records that became dead letters",
              "percentunit", 0.05, 5, "critical", "ops"),
        # Above the usual: some feeds bring nothing but teasers, always.
        Alert("empty_bodies", "Articles come without text",
              "Share of the feed's articles that had no text or only a teaser's, in the last hour or day, above its "
              "usual share", "percentunit", 0.2, 15, "warning", "ops", "feed"),
        # A share, as one refused request may stand for one document or for thousands.
        Alert("elasticsearch_rejecting", "Elasticsearch rejects writes",
              "Share of the last five minutes' documents or bulk requests that Elasticsearch refused, the higher one",
              "percentunit", 0.1, 5, "critical", "ops"),
        Alert("watch_spike", "A watch spikes",
              "Claims of the last hour, as a multiple of the watch's usual hour", "none", 3.0, 0, "info", "analysts",
              "watch"),
        Alert("figure_jump", "A figure jumps",
              "The highest figure of the last day, as a multiple of the highest of the thirty days before",
              "none", 1.5, 0, "info", "analysts", "watch and unit class"),
        Alert("claim_settled", "A claim is confirmed or denied",
              "1 for an assertion that was unconfirmed and that the last day's claims confirm or deny",
              "none", 0.5, 0, "info", "analysts", "assertion"),
    )
}  # fmt: skip
