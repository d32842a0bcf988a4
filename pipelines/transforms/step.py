"""The one wrapper of every rule: it counts and times, and turns what fails into a dead letter that travels on.

A rule is a function from a parcel to what it becomes, or an object called like one that may have a `close`. It raises
`BadRecord` for input that can never be processed; any other exception is a bug, kept with its input as `step_failed`,
until so many fail that the release must be broken.
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
"""Records over which the share of unexpected failures is taken."""
LIMIT = 0.5
"""With a larger share of unexpected failures the job stops: the release is broken, not the data."""


class Step(beam.DoFn):
    """Applies a rule to each parcel; dead letters pass through.

    Raises `Permanent` when more than `LIMIT` of the last `WINDOW` parcels failed unexpectedly.
    """

    def __init__(self, name: str, rule: Rule) -> None:
        self.name = name
        self.rule = rule
        self.failures: deque[bool] = deque(maxlen=WINDOW)

    def process(self, element: Parcel | DeadLetter) -> Iterator[Any]:
        """Yields what the rule makes of the parcel, or its dead letter."""
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
        except Exception as error:
            _log.exception("step %s failed at %s", self.name, format_place(element))
            self.watch(failed=True, error=error)
            results = [self.fail(element, Reason.STEP_FAILED, f"{type(error).__name__}: {error}")]
        else:
            self.watch(failed=False)
            counters.add("newsclaims_records_total", step=self.name, outcome="ok" if results else "nothing")
        # Before the results go on: what the steps behind this one do with them is their time.
        counters.observe("newsclaims_step_seconds", (time.perf_counter() - began,), step=self.name)
        yield from results

    def teardown(self) -> None:
        """Lets a rule that keeps something between records close it."""
        if close := getattr(self.rule, "close", None):
            close()

    def fail(self, parcel: Parcel, reason: Reason, error: str) -> DeadLetter:
        """Counts the failure and makes its dead letter."""
        counters.add("newsclaims_records_total", step=self.name, outcome="failed")
        counters.add("newsclaims_dead_letters_total", step=self.name, reason=reason.value)
        return make_dead_letter(parcel.origin, self.name, reason, error)

    def watch(self, failed: bool, error: Exception | None = None) -> None:
        """Stops the job once too large a share fails unexpectedly."""
        self.failures.append(failed)
        if len(self.failures) == WINDOW and sum(self.failures) > LIMIT * WINDOW:
            raise Permanent(
                f"step {self.name} failed for {sum(self.failures)} of the last {WINDOW} records, lastly with "
                f"{type(error).__name__}: {error}. Nothing is lost: go back to the release before, or mend the step"
            )


def format_place(parcel: Parcel) -> str:
    """Where the parcel's message stands, for logs."""
    return f"{parcel.origin.topic}[{parcel.origin.partition}]@{parcel.origin.offset}"
