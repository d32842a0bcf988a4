"""What a checkpoint of Flink holds of a partition: a later release must be able to read these very bytes."""

import apache_beam as beam
import pytest
from apache_beam.coders import registry
from apache_beam.io.restriction_trackers import OffsetRange
from apache_beam.runners.common import DoFnSignature
from apache_beam.runners.pipeline_context import PipelineContext
from apache_beam.utils.timestamp import Timestamp
from hypothesis import given
from hypothesis import strategies as st

from pipelines.io.kafka.offsets import OPEN_END, OffsetSpan
from pipelines.io.kafka.source import Pace, ReadFromKafka, _ReadPartition
from pipelines.io.kafka.state_coders import OffsetRangeCoder, OffsetSpanCoder, WatermarkCoder
from schemas.errors import Permanent

LAST = "7fffffffffffffff"
LARGE = st.integers(0, OPEN_END)
SMALL = st.integers(0, 2**32 - 1)


def test_bytes_of_the_state_are_those_of_earlier_releases() -> None:
    span = OffsetSpan("raw-articles", 3, 17, OPEN_END, 4, salt=258)
    pinned = f"01 00000003 00000102 0000000000000011 {LAST} 00000004" + b"raw-articles".hex()
    assert OffsetSpanCoder().encode(span) == bytes.fromhex(pinned)
    assert OffsetSpanCoder().decode(bytes.fromhex(pinned)) == span
    assert OffsetRangeCoder().encode(OffsetRange(17, OPEN_END)) == bytes.fromhex(f"01 0000000000000011 {LAST}")
    assert WatermarkCoder().encode(Timestamp(micros=256)) == bytes.fromhex("01 0000000000000100")
    assert WatermarkCoder().encode(None) == b"\x01"


@given(
    st.builds(OffsetSpan, topic=st.text(min_size=1), partition=SMALL, start=LARGE, stop=LARGE, known=SMALL, salt=SMALL)
)
def test_spans_survive(span: OffsetSpan) -> None:
    assert OffsetSpanCoder().decode(OffsetSpanCoder().encode(span)) == span


@given(LARGE, LARGE, st.none() | st.integers(-(2**53), 2**53).map(lambda micros: Timestamp(micros=micros)))
def test_ranges_and_watermarks_survive(one: int, other: int, watermark: Timestamp | None) -> None:
    span = OffsetRange(min(one, other), max(one, other))
    assert OffsetRangeCoder().decode(OffsetRangeCoder().encode(span)) == span
    assert WatermarkCoder().decode(WatermarkCoder().encode(watermark)) == watermark


@pytest.mark.parametrize("coder", [OffsetSpanCoder(), OffsetRangeCoder(), WatermarkCoder()])
@pytest.mark.parametrize("encoded", [b"", b"\x02", b"\x80\x04pickle"])
def test_state_of_another_version_is_refused_in_one_sentence(coder: beam.coders.Coder, encoded: bytes) -> None:
    with pytest.raises(Permanent, match="start the job from the offsets of its group"):
        coder.decode(encoded)


def test_source_uses_these_coders() -> None:
    """A pickle in the state made every restore fail when a field was added to the span."""
    assert isinstance(registry.get_coder(OffsetSpan), OffsetSpanCoder)
    parts = DoFnSignature(_ReadPartition({}, None, Pace())).get_restriction_coder().coders()
    assert [type(part) for part in parts] == [OffsetRangeCoder, WatermarkCoder]
    pipeline = beam.Pipeline()
    pipeline | ReadFromKafka("orders", {})
    components = pipeline.to_runner_api().components
    listed = next(each for each in components.transforms.values() if each.unique_name.endswith("/partitions"))
    output = components.pcollections[next(iter(listed.outputs.values()))]
    coder = PipelineContext(components).coders.get_by_id(output.coder_id)
    assert isinstance(coder, OffsetSpanCoder)
