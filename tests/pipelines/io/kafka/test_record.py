"""What the source makes of a record of kafka-python."""

import time

from kafka.consumer.fetcher import ConsumerRecord

from pipelines.io.kafka.source import limit_timestamp, make_record


def test_header_without_a_value_is_read_as_an_empty_one() -> None:
    fields = dict.fromkeys(ConsumerRecord._fields)
    found = ConsumerRecord(**fields | {"topic": "t", "headers": [("feed", None), ("", b"x")]})
    assert make_record(found).headers == (("feed", b""), ("", b"x"))


def test_time_of_a_record_is_neither_negative_nor_in_the_future() -> None:
    assert limit_timestamp(-1) == 0
    assert limit_timestamp(1_700_000_000_000) == 1_700_000_000_000
    assert limit_timestamp(2**63 - 1) <= time.time() * 1000
