"""`/healthz` of a poller: it fails if the scheduler or the sharing is stuck, not because of feeds or servers."""

import json
import threading
import urllib.error
import urllib.request

import pytest

from connectors.polling.poller_health import STUCK_SECONDS, PollerHealth, serve_health
from connectors.polling.scheduler import Scheduler
from schemas.errors import Permanent
from tests.conftest import free_ports
from tests.connectors.polling.test_poller import FakeClock, FakeKafka, Setup, feed


def test_a_poller_is_stuck_when_its_scheduler_does_not_turn() -> None:
    times = [0.0]
    health = PollerHealth(clock=lambda: times[-1])
    reload = health.watch(lambda: None)
    times.append(STUCK_SECONDS * 2)
    assert (health.check().ok, health.check().details) == (True, {"status": "starting", "feeds": 0})
    assert reload() is None
    times.append(times[-1] + STUCK_SECONDS - 1)
    assert (health.check().ok, health.check().details["status"]) == (True, "ok")
    times.append(times[-1] + 1)
    assert (health.check().ok, health.check().details["status"]) == (False, "stuck")
    reload()
    assert health.check().ok


def test_a_poller_that_no_longer_shares_is_not_healthy() -> None:
    health = PollerHealth()
    health.watch(lambda: None)()
    health.is_member = lambda: False
    assert (health.check().ok, health.check().details["status"]) == (False, "not sharing")


def test_a_failing_feed_leaves_the_poller_healthy() -> None:
    setup = Setup(FakeKafka(), FakeClock())
    poller, polled = setup.poller(), threading.Event()
    poller.on_state = lambda _: polled.set()
    feeds = [feed("http://127.0.0.1:9/nothing", "broken")]
    health = PollerHealth()
    health.find_owned = lambda: feeds
    thread = threading.Thread(target=Scheduler(poller, health.watch(lambda: feeds)).run)
    thread.start()
    assert polled.wait(20)
    assert (health.check().ok, health.check().details) == (True, {"status": "ok", "feeds": 1})
    poller.cancelled.set()
    thread.join(20)


def test_health_is_served_at_its_address_only_during_the_block() -> None:
    [port] = free_ports(1)
    health = PollerHealth(clock=lambda: 0.0)
    with serve_health(health, ("127.0.0.1", port)):
        for path in ("healthz", "livez"):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}") as answer:
                assert json.load(answer) == {"status": "starting", "feeds": 0}
        health.turned_at = -STUCK_SECONDS
        with pytest.raises(urllib.error.HTTPError, match="503"):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/livez")
        with (
            pytest.raises(Permanent, match="--health-port or --health-host"),
            serve_health(health, ("127.0.0.1", port)),
        ):
            pass
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz")
    with serve_health(health, None):
        pass
