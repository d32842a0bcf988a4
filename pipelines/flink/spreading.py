"""An even spread of the partitions over Flink's subtasks.

Flink gives an element of the source to the subtask `group * parallelism // key_groups`. The group is a hash of the
element's bytes: of Java's hash of the bytes, by Flink's murmur hash, the remainder. By the hash alone, half of all
starts give three of four partitions to one of two subtasks. So each span gets a salt that puts partition p of n into
the group in the middle of its share, `(p + 1/2) * key_groups / n`. At a parallelism that divides n, each subtask then
has equally many partitions.
"""

from dataclasses import replace

from pipelines.io.kafka.offsets import OffsetSpan
from pipelines.io.kafka.state_coders import OffsetSpanCoder

KEY_GROUPS = 128
"""Flink's largest parallelism of the job. State can be restored only with the same number, so it never changes."""
MASK = 0xFFFFFFFF


def spread(spans: list[OffsetSpan]) -> list[OffsetSpan]:
    """Returns the same spans, each with a salt."""
    return [_add_salt(span) for span in spans]


def _add_salt(span: OffsetSpan) -> OffsetSpan:
    middle = (2 * span.partition + 1) * KEY_GROUPS // (2 * span.known)
    while find_key_group(span) != middle:
        span = replace(span, salt=span.salt + 1)
    return span


def find_key_group(span: OffsetSpan) -> int:
    """Returns the key group that Flink computes for the span."""
    data = OffsetSpanCoder().encode(span)
    return _find_group(hash_bytes(_encode_length(len(data)) + data))


def _encode_length(number: int) -> bytes:
    """Returns the length that Beam writes before the bytes of a coder which Java does not know."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def hash_bytes(data: bytes) -> int:
    """Returns the `hashCode` of a `java.nio.ByteBuffer` with these bytes, as an unsigned number."""
    found = 1
    for byte in reversed(data):
        found = (31 * found + (byte - 256 if byte > 127 else byte)) & MASK
    return found


def _find_group(code: int) -> int:
    """Returns the key group of a hash, as Flink's `MathUtils.murmurHash` and `KeyGroupRangeAssignment` do."""
    code = code * 0xCC9E2D51 & MASK
    code = (code << 15 | code >> 17) & MASK
    code = code * 0x1B873593 & MASK
    code = (code << 13 | code >> 19) & MASK
    code = (code * 5 + 0xE6546B64) & MASK
    code ^= 4
    code ^= code >> 16
    code = code * 0x85EBCA6B & MASK
    code ^= code >> 13
    code = code * 0xC2B2AE35 & MASK
    code ^= code >> 16
    signed = code - (1 << 32) if code & 0x80000000 else code
    # Java's smallest number has no positive one, and Flink takes 0 for it.
    return (0 if signed == -(1 << 31) else abs(signed)) % KEY_GROUPS
