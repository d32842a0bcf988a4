"""The lag of a run: how many records its group has not committed yet."""

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any

from pipelines.io.kafka.offsets import ANSWER_SECONDS, REFUSALS, format_addresses, make_consumer, measure_lag

_log = logging.getLogger(__name__)


class LagMeter:
    """Measures the lag with one Kafka client, which is kept between measurements and replaced after an error.

    Measurements may come from several threads. `connect` makes the client from the consumer settings.
    """

    def __init__(
        self, settings: Mapping[str, Any], topic: str, connect: Callable[[Mapping[str, Any]], Any] = make_consumer
    ) -> None:
        self._settings = settings
        self._topic = topic
        self._connect = connect
        self._client: Any = None
        self._refusal = ""
        self._lock = threading.Lock()

    def measure(self, wait_seconds: float = -1) -> dict[int, int] | None:
        """Returns the lag of each partition, in records, or None if Kafka does not give it.

        A refusal, such as a missing permission, is logged once. The workers report that Kafka is unreachable. If
        another thread measures, this waits for it, `wait_seconds` at most; then the lag is unknown, too.
        """
        if not self._lock.acquire(timeout=wait_seconds):
            return None
        try:
            self._client = self._client or self._connect(self._settings)
            lag = measure_lag(self._client, self._topic)
        except REFUSALS as error:
            self._report_refusal(error)
            self._disconnect()
            return None
        except Exception as error:  # noqa: BLE001 - a job does not end because its lag is unknown
            _log.debug("the lag cannot be measured: %s", error)
            self._disconnect()
            return None
        else:
            self._refusal = ""
            return lag
        finally:
            self._lock.release()

    def close(self) -> None:
        """Closes the client, unless a measurement waits for Kafka: that must not delay the end of a run."""
        if self._lock.acquire(timeout=ANSWER_SECONDS):
            try:
                self._disconnect()
            finally:
                self._lock.release()

    def _report_refusal(self, error: Exception) -> None:
        refusal = f"{type(error).__name__}: {error}"
        if refusal != self._refusal:
            _log.error(
                "The lag is unknown: Kafka at %s refuses to report it (%s)", format_addresses(self._settings), refusal
            )
        self._refusal = refusal

    def _disconnect(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close(autocommit=False, timeout_ms=1000)
