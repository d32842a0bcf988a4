"""Reads messages whose header names are not UTF-8.

Kafka takes any bytes as the name of a header, and some clients send them. kafka-python refuses the whole batch, at
every start again; it has no setting for that. Here such a byte becomes `?`, and the message is read.
"""

from typing import Any

from kafka.record import memory_records
from kafka.record.default_records import DefaultRecordBatch
from kafka.record.util import decode_varint


class TolerantRecordBatch(DefaultRecordBatch):
    """A batch of messages as kafka-python reads it, its checksum checked before; any name of a header is read."""

    __slots__ = ()

    def _read_msg(self) -> Any:
        batch: Any = self  # its fields have no types
        start = batch._pos
        try:
            return super()._read_msg()
        except UnicodeDecodeError:
            repair_names(batch._buffer, start)
            batch._pos = start
            return super()._read_msg()


def repair_names(buffer: bytearray, start: int) -> None:
    """Makes ASCII of every header name of the message at `start` that is not UTF-8, at the same length."""
    position = start
    for _ in range(4):  # length, attributes, time, offset
        _, position = decode_varint(buffer, position)
    for _ in range(2):  # key, value
        length, position = decode_varint(buffer, position)
        position += max(length, 0)
    count, position = decode_varint(buffer, position)
    for _ in range(count):
        length, position = decode_varint(buffer, position)
        name = bytes(buffer[position : position + length])
        if "\ufffd" in name.decode("utf-8", "replace"):
            buffer[position : position + length] = bytes(byte if byte < 0x80 else ord("?") for byte in name)
        position += length
        length, position = decode_varint(buffer, position)
        position += max(length, 0)


def install() -> None:
    """Makes all consumers of this process read batches like this."""
    memory_records.DefaultRecordBatch = TolerantRecordBatch
