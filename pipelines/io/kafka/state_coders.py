"""The bytes of what a runner keeps in its state between two turns of a partition.

Flink writes the element, the rest of its range and its watermark into checkpoints and savepoints. A later release must
read them, so they are fixed here, with a version first, instead of a pickle that changes with the class. A new field
needs a new version, and the decoder must keep reading the old one.
"""

import struct

from apache_beam.coders import Coder, registry
from apache_beam.io.restriction_trackers import OffsetRange
from apache_beam.utils.timestamp import Timestamp

from pipelines.io.kafka.offsets import OffsetSpan
from schemas.errors import Permanent

VERSION = 1
_SPAN = struct.Struct(">BIIqqI")
_RANGE = struct.Struct(">Bqq")
_WATERMARK = struct.Struct(">Bq")


class OffsetSpanCoder(Coder):
    """One partition: version, partition, salt, start, stop, known, then the topic in UTF-8."""

    def encode(self, value: OffsetSpan) -> bytes:
        """Returns the bytes. The same span always has the same."""
        numbers = (value.partition, value.salt, value.start, value.stop, value.known)
        return _SPAN.pack(VERSION, *numbers) + value.topic.encode()

    def decode(self, encoded: bytes) -> OffsetSpan:
        """Reads the bytes. Raises `Permanent` if a newer release wrote them."""
        _check_version(encoded)
        _, partition, salt, start, stop, known = _SPAN.unpack_from(encoded)
        return OffsetSpan(encoded[_SPAN.size :].decode(), partition, start, stop, known, salt)

    def is_deterministic(self) -> bool:
        """Returns that equal spans have equal bytes, so that they can be a key."""
        return True


class OffsetRangeCoder(Coder):
    """What is left of a partition: version, start, stop."""

    def encode(self, value: OffsetRange) -> bytes:
        """Returns the bytes."""
        return _RANGE.pack(VERSION, value.start, value.stop)

    def decode(self, encoded: bytes) -> OffsetRange:
        """Reads the bytes. Raises `Permanent` if a newer release wrote them."""
        _check_version(encoded)
        _, start, stop = _RANGE.unpack(encoded)
        return OffsetRange(start, stop)

    def is_deterministic(self) -> bool:
        """Returns that equal ranges have equal bytes."""
        return True


class WatermarkCoder(Coder):
    """The watermark of a partition: version, then microseconds. Before its first turn it has none."""

    def encode(self, value: Timestamp | None) -> bytes:
        """Returns the bytes."""
        return bytes([VERSION]) if value is None else _WATERMARK.pack(VERSION, value.micros)

    def decode(self, encoded: bytes) -> Timestamp | None:
        """Reads the bytes. Raises `Permanent` if a newer release wrote them."""
        _check_version(encoded)
        return None if len(encoded) == 1 else Timestamp(micros=_WATERMARK.unpack(encoded)[1])

    def is_deterministic(self) -> bool:
        """Returns that equal watermarks have equal bytes."""
        return True


def _check_version(encoded: bytes) -> None:
    if not encoded or encoded[0] != VERSION:
        raise Permanent(
            f"The runner's state of a partition has the version {encoded[0] if encoded else 'none'}, and this release "
            f"reads {VERSION}: start the job from the offsets of its group instead."
        )


registry.register_coder(OffsetSpan, OffsetSpanCoder)
