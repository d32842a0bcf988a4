"""The start-up check of a job's graph."""

from collections.abc import Callable, Iterator
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.coders import VarIntCoder
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec, TimerSpec, on_timer

from pipelines.io.kafka.source import ReadFromKafka
from pipelines.run.graph import check_fused
from schemas.errors import Permanent
from tests.pipelines.run import jobs


def source() -> ReadFromKafka:
    return ReadFromKafka("orders", {"bootstrap_servers": "localhost:1", "group_id": "billing"})


def check(build: Callable[[beam.Pipeline], Any]) -> None:
    pipeline = beam.Pipeline(options=PipelineOptions([]))
    build(pipeline)
    check_fused(pipeline)


def windows() -> beam.WindowInto:
    return beam.WindowInto(beam.window.FixedWindows(60))


def pair(element: Any) -> tuple[str, Any]:
    return "key", element


class Remember(beam.DoFn):
    """Keeps keyed state."""

    state = ReadModifyWriteStateSpec("state", VarIntCoder())

    def process(self, element: Any, _seen: Any = beam.DoFn.StateParam(state)) -> Iterator[Any]:  # noqa: B008
        yield element


class Alarm(beam.DoFn):
    """Sets timers."""

    timer = TimerSpec("timer", beam.TimeDomain.WATERMARK)

    def process(self, element: Any, _timer: Any = beam.DoFn.TimerParam(timer)) -> Iterator[Any]:  # noqa: B008
        yield element

    @on_timer(timer)
    def ring(self) -> None:
        """Nothing."""


def split(element: Any) -> Iterator[Any]:
    yield beam.pvalue.TaggedOutput("bad", element)


def test_chain_of_par_dos_passes() -> None:
    def build(pipeline: beam.Pipeline) -> None:
        _ = pipeline | source() | beam.Map(pair) | beam.FlatMap(lambda x: [x]) | beam.Filter(bool) | beam.ParDo(print)

    check(build)


def state(pipeline: beam.Pipeline) -> None:
    _ = pipeline | source() | beam.Map(pair) | "remember" >> beam.ParDo(Remember())


def timers(pipeline: beam.Pipeline) -> None:
    _ = pipeline | source() | beam.Map(pair) | "ring" >> beam.ParDo(Alarm())


def group(pipeline: beam.Pipeline) -> None:
    _ = pipeline | source() | beam.Map(pair) | windows() | "by key" >> beam.GroupByKey()


def combine(pipeline: beam.Pipeline) -> None:
    _ = pipeline | source() | beam.Map(pair) | windows() | "sums" >> beam.CombinePerKey(sum)


def reshuffle(pipeline: beam.Pipeline) -> None:
    _ = pipeline | source() | "spread" >> beam.Reshuffle()


def flatten(pipeline: beam.Pipeline) -> None:
    _ = (pipeline | source(),) | "join" >> beam.Flatten()


def outputs(pipeline: beam.Pipeline) -> None:
    _ = pipeline | source() | "sort" >> beam.ParDo(split).with_outputs("bad", main="good")


def partition(pipeline: beam.Pipeline) -> None:
    _ = pipeline | source() | "halves" >> beam.Partition(lambda _element, _count: 0, 2)


def branch(pipeline: beam.Pipeline) -> None:
    jobs.branch(pipeline, source(), {})


def side_input(pipeline: beam.Pipeline) -> None:
    words = pipeline | beam.Impulse() | "words" >> beam.Map(len)
    _ = pipeline | source() | "with words" >> beam.Map(lambda x, _y: x, beam.pvalue.AsList(words))


def second_source(pipeline: beam.Pipeline) -> None:
    _ = pipeline | "one" >> source()
    _ = pipeline | "other" >> beam.Impulse() | beam.Map(len)


@pytest.mark.parametrize(
    ("build", "named"),
    [
        (state, "'remember' is or has keyed state"),
        (timers, "'ring' is or has keyed state or timers"),
        (group, "'by key' is or has a GroupByKey"),
        (combine, "'sums/GroupByKey' is or has a GroupByKey"),
        (reshuffle, "'spread' is or has a Reshuffle"),
        (flatten, "'join' is or has a Flatten"),
        (outputs, "'sort/.*' is or has several outputs"),
        (partition, "'halves/ParDo.*' is or has several outputs"),
        (branch, "'two' is or has a branch .its input goes to 'one' too"),
        (side_input, "'with words' is or has a side input"),
        (second_source, "2 sources"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_anything_else_is_refused_by_name(build: Callable[[beam.Pipeline], None], named: str) -> None:
    with pytest.raises(Permanent, match=named):
        check(build)
