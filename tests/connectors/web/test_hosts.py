"""Spacing and concurrency of requests to one host."""

import pytest

from connectors.web.hosts import HostLimits


def test_spacing_for_each_host() -> None:
    time = [0.0]

    def wait(_: object, seconds: float | None) -> None:
        assert seconds
        time[0] += seconds

    hosts = HostLimits(spacing=2.0, clock=lambda: time[0], wait=wait)
    begun = []
    for name in ("a", "a", "b", "a"):
        with hosts.take_turn(name, 5.0 if name == "b" else 0.0):
            begun.append((name, time[0]))
    assert begun == [("a", 0), ("a", 2), ("b", 2), ("a", 4)]
    assert [hosts.seconds_until_free(name) for name in "abc"] == [2, 3, 0]


def test_concurrency_for_each_host() -> None:
    class Full(Exception):
        pass

    def wait(*_: object) -> None:
        raise Full

    hosts = HostLimits(spacing=0, at_once=2, wait=wait)
    with hosts.take_turn("a"), hosts.take_turn("a"), hosts.take_turn("b"), pytest.raises(Full), hosts.take_turn("a"):
        pass
    with hosts.take_turn("a"):
        assert hosts.hosts["a"].running == 1


def test_limits_that_make_no_sense() -> None:
    with pytest.raises(ValueError, match="not -1 and 2"):
        HostLimits(spacing=-1)


def test_idle_hosts_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.web.hosts.MOST_HOSTS", 3)
    hosts = HostLimits(spacing=0)
    with hosts.take_turn("busy"):
        for number in range(9):
            with hosts.take_turn(str(number)):
                pass
        assert "busy" in hosts.hosts
        assert len(hosts.hosts) <= 3
