"""Conditions for analysts: data for which each must fire, and data for which it must not."""

from typing import Any

import pytest

from deploy.monitoring.conditions import claims as claim_condition
from deploy.monitoring.conditions.queries import PAGE_BUCKETS
from schemas.records import Claim, Figure
from tests.deploy.monitoring.condition_data import Index, article, claim, figure, for_old_documents

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

WATCH: dict[str, Any] = {"watches": ("bridges",)}
MANY = PAGE_BUCKETS + 100
"""More subjects than one response of Elasticsearch has."""


def claims(hours: float, number: int, **more: Any) -> list[Claim]:
    """Makes `number` claims, each of a different article."""
    return [claim(hours, **{**WATCH, **more}) for _ in range(number)]


def usual(number: int, days: int = 14) -> list[Claim]:
    """Makes `number` claims at this time of each day before, and as many an hour earlier and an hour later."""
    return [
        one for day in range(1, days + 1) for offset in (-1, 0, 1) for one in claims(24 * day + offset + 0.5, number)
    ]


def test_watch_spike_fires_above_thrice_the_usual(index: Index) -> None:
    index.write(*usual(4), *claims(0.5, 12), claim(0.5))
    assert index.value("watch_spike", "bridges") == 3
    assert not index.firing("watch_spike")
    index.write(claim(0.1, watches=("bridges", "ferries")))
    reading = index.readings("watch_spike")["bridges"]
    assert reading.detail == "13 claims from 13 articles in the last hour, usually 4"
    assert index.firing("watch_spike") == {"bridges"}


def test_watch_spike_counts_the_hour_that_ends_now(index: Index) -> None:
    index.write(*usual(1), *claims(1.0, 30), *claims(0.9997, 11), *claims(0, 1))
    assert index.readings("watch_spike")["bridges"].detail.startswith("12 claims")


@pytest.mark.parametrize(
    "spiking",
    [claims(0.5, 3), claims(0.5, 9), claims(0.5, 40, article_id="one"), claims(1.1, 40)],
    ids=["three", "nine", "one article", "an hour ago"],
)
def test_watch_spike_needs_claims_from_several_articles(index: Index, spiking: list[Claim]) -> None:
    index.write(*usual(1), *spiking)
    assert index.value("watch_spike", "bridges") == 0


@for_old_documents
def test_watch_spike_ignores_old_documents(index: Index, old: dict[str, Any]) -> None:
    index.write(*usual(1), *claims(0.5, 40, **old), *claims(0.5, 2))
    assert index.readings("watch_spike")["bridges"].detail == ("2 claims from 2 articles in the last hour, usually 1")
    assert not index.firing("watch_spike")


def test_watch_spike_is_measured_at_the_same_time_of_day(index: Index) -> None:
    nights = [one for day in range(1, 15) for one in claims(24 * day + 8.5, 1)]
    index.write(*usual(20), *nights, *claims(0.5, 25))
    assert index.value("watch_spike", "bridges") == 1.25


def test_watch_spike_counts_the_adjacent_hours_as_usual_too(index: Index) -> None:
    adjacent = [one for day in range(1, 15) for side in (-1, 1) for one in claims(24 * day + side + 0.5, 20)]
    index.write(*adjacent, *claims(0.5, 25))
    assert index.value("watch_spike", "bridges") == 1.25


def test_watch_spike_has_usual_hours_that_end_at_the_minute_of_now(index: Index) -> None:
    either_side = [one for day in range(1, 15) for at in (-0.1, 0.5) for one in claims(24 * day + at, 20)]
    index.write(*either_side, *claims(0.5, 25))
    assert index.value("watch_spike", "bridges") == 1.25, "both hours had twenty, and neither forty"


def test_watch_spike_is_not_affected_by_one_busy_day(index: Index) -> None:
    index.write(*usual(1), *claims(48.5, 50), *claims(0.5, 12))
    assert index.value("watch_spike", "bridges") == 12


@pytest.mark.parametrize("mode", ["replay", "backfill"])
def test_watch_spike_needs_history_of_its_own(index: Index, mode: str) -> None:
    index.write(*claims(23.5, 1), *claims(0.5, 30), *claims(96.5, 1, ingest_mode=mode))
    assert index.readings("watch_spike")["bridges"].detail == "the watch is too new to have a usual level"
    assert not index.firing("watch_spike")


def test_watch_spike_sees_a_watch_that_was_silent(index: Index) -> None:
    index.write(*claims(24 * 20, 1), *claims(0.5, 10))
    assert index.value("watch_spike", "bridges") == 10


def test_watch_spike_without_watches_is_a_value(index: Index) -> None:
    index.write(claim(0.5))
    assert index.value("watch_spike") == 0


def test_watch_spike_evaluates_every_watch(index: Index) -> None:
    names = [f"watch-{number:03}" for number in range(MANY)]
    index.write(*(claim(96.5, watches=(name,)) for name in names))
    for part in (names[: MANY // 2], names[MANY // 2 :]):
        index.write(*(claim(0.5, watches=tuple(part)) for _ in range(12)))
    readings = index.readings("watch_spike")
    assert set(readings) == set(names)
    assert {reading.detail for reading in readings.values()} == {
        "12 claims from 12 articles in the last hour, usually 1"
    }
    assert index.firing("watch_spike") == set(names)


def earlier(number: int = 5, top: float = 10_000, hours: float = 100, **more: Any) -> list[Figure]:
    """Makes `number` figures of the thirty days before, the highest of them `top`."""
    return [figure(hours + place, top - place, **more) for place in range(number)]


def test_figure_jump_fires_above_half_as_much_again(index: Index) -> None:
    index.write(*earlier(**WATCH), figure(3, 15_000, **WATCH))
    assert index.value("figure_jump", "military_personnel") == 1.5
    assert not index.firing("figure_jump")
    index.write(figure(2, 15_002, watches=("bridges", "new")))
    assert index.firing("figure_jump") == {"military_personnel", "bridges / military_personnel"}
    reading = index.readings("figure_jump")["bridges / military_personnel"]
    assert reading.detail == (
        "Ida Kull: 15,002 soldiers (Soldiers were sent.); the highest is 15,002; "
        "the highest of 5 in the thirty days before is 10,000"
    )
    assert reading.url == "http://tides.example/1"


@pytest.mark.parametrize(
    "before",
    [earlier(4), earlier(5, hours=31 * 24), earlier(5, top=80_000), earlier(5, ingest_mode="backfill")],
    ids=["few", "long ago", "as high", "backfilled"],
)
def test_figure_jump_needs_lower_figures_of_the_month_before(index: Index, before: list[Figure]) -> None:
    index.write(*before, figure(2, 90_000))
    assert not index.firing("figure_jump")


@pytest.mark.parametrize(
    "other",
    [
        {"event": "loss"}, {"event": None}, {"unit_class": "people"}, {"status": "predicted"}, {"status": "denied"},
        {"status": None}, {"modifier": "vague"}, {"kind": "percent"}, {"kind": "money", "currency": "USD"},
    ],
    ids=str,
)  # fmt: skip
def test_figure_jump_compares_what_can_be_compared(index: Index, other: dict[str, Any]) -> None:
    index.write(*earlier(), figure(2, 11_000), figure(2, 90_000, **other))
    assert index.value("figure_jump", "military_personnel") == 1.1


@pytest.mark.parametrize(
    "more", [{"event": None}, {"kind": "money", "currency": "EUR", "unit_class": "money"}], ids=str
)
def test_figure_jump_compares_like_with_like(index: Index, more: dict[str, Any]) -> None:
    index.write(*earlier(**more), figure(2, 20_000, **more), figure(2, 900_000), figure(2, 900_000, kind="percent"))
    subject = more.get("unit_class", "military_personnel")
    assert index.firing("figure_jump") == {subject}
    assert index.readings("figure_jump")[subject].detail.startswith("Ida Kull: 20,000")


def test_figure_jump_says_who_gives_the_highest_of_the_group(index: Index) -> None:
    index.write(*earlier(), figure(2, 20_000), figure(2, 90_000, event="loss"), figure(300, 70_000))
    assert index.value("figure_jump", "military_personnel") < 1
    index.write(figure(2, 110_000), figure(1, 900_000, event="loss"))
    assert index.readings("figure_jump")["military_personnel"].detail.startswith("Ida Kull: 110,000 soldiers")


def test_figures_of_the_class_other_are_not_compared(index: Index) -> None:
    index.write(*earlier(unit_class="other"), figure(2, 90_000, unit_class="other"))
    assert index.value("figure_jump") == 0


@for_old_documents
def test_figure_jump_ignores_old_documents(index: Index, old: dict[str, Any]) -> None:
    index.write(*earlier(), figure(2, 90_000, **old), figure(2, 100))
    assert index.value("figure_jump", "military_personnel") == 0.01


def test_figure_jump_evaluates_every_watch_and_unit_class(index: Index) -> None:
    watches = tuple(f"watch-{number:03}" for number in range(MANY))
    for unit_class in ("military_personnel", "people"):
        index.write(*earlier(unit_class=unit_class, watches=watches))
        index.write(figure(2, 20_000, unit_class=unit_class, watches=watches))
    index.write(figure(2, 20_000, watches=watches, event="loss"))
    subjects = {f"{watch} / {unit}" for watch in watches for unit in ("military_personnel", "people")}
    assert index.firing("figure_jump") == subjects | {"military_personnel", "people"}


def doubted(hours: float = 100, **more: Any) -> Claim:
    return claim(hours, **{"status": "unconfirmed", **more})


def confirmed(hours: float = 2, **more: Any) -> Claim:
    return claim(hours, **{"status": "confirmed", **more})


def denied(hours: float = 2, **more: Any) -> Claim:
    return claim(hours, **{"status": "denied", "assertion_id": "no bridge", "denies": "bridge", **more})


def test_claim_settled_fires_for_a_confirmation(index: Index) -> None:
    index.write(doubted(), confirmed())
    reading = index.readings("claim_settled")["bridge"]
    assert reading.detail == (
        "confirmed by Ida Kull: The bridge is closed, the mayor said. (unconfirmed since 2026-11-22 08:30 UTC)"
    )
    assert reading.url == "http://tides.example/1"
    assert index.firing("claim_settled") == {"bridge"}


def test_claim_settled_fires_for_a_denial(index: Index) -> None:
    index.write(doubted(), denied())
    assert index.readings("claim_settled")["bridge"].detail.startswith("denied by Ida Kull")


def test_claim_settled_fires_for_what_was_doubted_the_same_day(index: Index) -> None:
    index.write(doubted(3), confirmed(2))
    assert index.firing("claim_settled") == {"bridge"}


@pytest.mark.parametrize("mode", ["replay", "backfill"])
def test_claim_settled_knows_doubts_from_archives(index: Index, mode: str) -> None:
    index.write(doubted(ingest_mode=mode), confirmed())
    assert index.firing("claim_settled") == {"bridge"}


@pytest.mark.parametrize(
    "written",
    [
        [confirmed()],
        [doubted()],
        [claim(100), confirmed()],
        [doubted(assertion_id="ferry"), confirmed()],
        [doubted(1), confirmed(2)],
        [doubted(2, article_id="one"), confirmed(2, article_id="one")],
        [doubted(), confirmed(25)],
        [doubted(), confirmed(25), confirmed(2)],
        [doubted(), denied(25), denied(2)],
        [doubted(), confirmed(25, ingest_mode="backfill"), confirmed(2)],
        [doubted(), claim(2)],
    ],
    ids=[
        "never doubted", "still doubted", "asserted before", "another assertion", "doubted after", "the same article",
        "the day before", "confirmed before", "denied before", "confirmed in an archive", "asserted again",
    ],
)  # fmt: skip
def test_claim_settled_does_not_fire(index: Index, written: list[Claim]) -> None:
    index.write(*written)
    assert index.readings("claim_settled")[""].value == 0


@for_old_documents
@pytest.mark.parametrize("settling", [confirmed, denied])
def test_claim_settled_ignores_old_documents(index: Index, settling: Any, old: dict[str, Any]) -> None:
    index.write(doubted(), settling(**old))
    assert not index.firing("claim_settled")
    index.write(settling(1))
    assert index.firing("claim_settled") == {"bridge"}


def test_claim_settled_reports_the_newest_change(index: Index) -> None:
    index.write(doubted(), confirmed(30), denied(5), confirmed(2))
    assert index.readings("claim_settled")["bridge"].detail.startswith("denied")
    index.write(denied(1, claimant=None, publisher="Harbour Ledger"))
    assert index.readings("claim_settled")["bridge"].detail.startswith("denied by Harbour Ledger")


def test_claim_settled_evaluates_every_assertion_newest_first(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claim_condition, "PAGE_ASSERTIONS", 250)
    names = [f"bridge-{number}" for number in range(MANY)]
    index.write(*(doubted(assertion_id=name) for name in names))
    index.write(*(confirmed(1 + place / 100, assertion_id=name) for place, name in enumerate(names)))
    assert list(index.readings("claim_settled")) == names
    assert index.firing("claim_settled") == set(names)


def test_articles_alone_fire_no_alert_of_analysts(index: Index) -> None:
    index.write(article(0.5))
    assert [index.value(alert) for alert in ("watch_spike", "figure_jump", "claim_settled")] == [0, 0, 0]
