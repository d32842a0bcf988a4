"""The meter of a group ends in time, also while Kafka does not answer."""

import threading
import time
from typing import Any

import pytest

from deploy.monitoring.consumer_group import ANSWER_SECONDS, GroupMeter


def test_meter_closes_while_another_thread_waits_for_kafka(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deploy.monitoring.consumer_group.ANSWER_SECONDS", 0.05)
    asked, answered = threading.Event(), threading.Event()

    def connect(**options: Any) -> Any:
        assert options["bootstrap_timeout_ms"] == options["request_timeout_ms"] == ANSWER_SECONDS * 1000
        asked.set()
        answered.wait(30)
        raise OSError("Kafka is gone")

    meter = GroupMeter({"group_id": "g", "bootstrap_servers": "kafka:9092"}, connect)
    thread = threading.Thread(target=meter.measure)
    thread.start()
    assert asked.wait(30)
    began = time.monotonic()
    meter.close()
    took = time.monotonic() - began
    answered.set()
    thread.join()
    assert took < 5
    meter.close()
