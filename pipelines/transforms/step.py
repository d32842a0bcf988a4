"""The wrapper of every rule: it counts, measures time, and turns failed input into dead letters.

A rule is a function from a parcel to its results, or a callable object that may have a `close`. It raises `BadRecord`
for input that can never be processed. Any other exception is a bug: its input becomes a dead letter with the reason
`step_failed`, until so many fail that the release must be broken.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import apache_beam as beam

from pipelines import counters
from pipelines.io.dead_letters import make_dead_letter
from pipelines.transforms.parcel import Parcel
from schemas.errors import BadRecord, NewsclaimsError, Permanent, Reason
from schemas.records import DeadLetter

_log = logging.getLogger(__name__)

Rule = Callable[[Parcel], Iterable[Any]]

WINDOW = 200
"""Number of records over which the share of unexpected failures is measured."""
LIMIT = 0.5
"""The largest share of unexpected failures. With more, the release is broken, not the data, and the job stops."""


class Step(beam.DoFn):
    """Applies a rule to each parcel and passes dead letters on.

    Raises `Permanent` if more than `LIMIT` of the last `WINDOW` parcels failed unexpectedly.
    """

    def __init__(self, name: str, rule: Rule) -> None:
        self.name = name
        self.rule = rule
        self.failures: deque[bool] = deque(maxlen=WINDOW)

    def process(self, element: Parcel | DeadLetter) -> Iterator[Any]:
        """Yields the results of the rule, or a dead letter."""
        if isinstance(element, DeadLetter):
            yield element
            return
        began = time.perf_counter()
        try:
            results = list(self.rule(element))
        except BadRecord as error:
            results = [self.fail(element, error.reason, str(error))]
        except NewsclaimsError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a rule raises becomes a dead letter
            _log.exception("The step %s failed at %s", self.name, format_place(element))
            self.check_failures(failed=True, error=error)
            results = [self.fail(element, Reason.STEP_FAILED, f"{type(error).__name__}: {error}")]
        else:
            self.check_failures(failed=False)
            counters.add("newsclaims_records_total", step=self.name, outcome="ok" if results else "nothing")
        # Measured before the results are passed on: later steps have times of their own.
        counters.observe("newsclaims_step_seconds", (time.perf_counter() - began,), step=self.name)
        yield from results

    def teardown(self) -> None:
        """Closes a rule that keeps something between records."""
        if close := getattr(self.rule, "close", None):
            close()

    def fail(self, parcel: Parcel, reason: Reason, error: str) -> DeadLetter:
        """Counts the failure and makes its dead letter."""
        counters.add("newsclaims_records_total", step=self.name, outcome="failed")
        counters.add("newsclaims_dead_letters_total", step=self.name, reason=reason.value)
        return make_dead_letter(parcel.origin, self.name, reason, error)

    def check_failures(self, failed: bool, error: Exception | None = None) -> None:
        """Stops the job if too large a share fails unexpectedly."""
        self.failures.append(failed)
        if len(self.failures) == WINDOW and sum(self.failures) > LIMIT * WINDOW:
            raise Permanent(
                f"The step {self.name} failed for {sum(self.failures)} of the last {WINDOW} records; last error: "
                f"{type(error).__name__}: {error}. Nothing is lost: go back to the previous release, or repair the step"
            )


def format_place(parcel: Parcel) -> str:
    """Returns the topic, partition and offset of the message, for logs."""
    return f"{parcel.origin.topic}[{parcel.origin.partition}]@{parcel.origin.offset}"
