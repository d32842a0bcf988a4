"""Messages for the topic `raw-articles`, valid and broken, for several tests."""

import json
from typing import Any

from pipelines.io.kafka.record import KafkaRecord
from schemas.errors import Reason
from schemas.identity import article_id, content_hash
from schemas.records import RawArticle

FETCHED_AT = "2024-11-05T08:00:00Z"


def fields(number: int = 0, **changes: Any) -> dict[str, Any]:
    """The JSON fields of a valid article. `changes` replace some; a value of `...` removes a field."""
    url = f"https://harbour-post.example/articles/{number}"
    body = (
        f"HARLOW BAY - About {number + 3:,} volunteers joined the flood defence, the port authority said on Monday.\n"
        f"Its director, Ines Okafor, told reporters that up to {number + 40} boats would follow. "
        "The mayor denied that any district had been abandoned."
    )
    good = {
        "schema_version": 1,
        "article_id": article_id(url, body),
        "revision": 1730793600000,
        "content_hash": f"hash-{number}",
        "connector": "files",
        "feed": "harbour-post",
        "url": url,
        "title": f"Port authority counts {number + 3:,} volunteers",
        "body": body,
        "published_at": "2024-11-05T07:00:00Z",
        "fetched_at": FETCHED_AT,
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not ...}


def message(number: int = 0, **changes: Any) -> bytes:
    """A valid article as the value of a message; see `fields`."""
    return json.dumps(fields(number, **changes)).encode()


def article(number: int = 0, **changes: Any) -> RawArticle:
    """A valid article as a record, with its real content hash."""
    import msgspec

    record = msgspec.convert(fields(number, **changes), RawArticle)
    return msgspec.structs.replace(record, content_hash=content_hash(record))


def record(value: bytes | None, offset: int = 0) -> KafkaRecord:
    """A message that the source yields."""
    return KafkaRecord("raw-articles", 0, offset, 1730793600000, b"key", value, (("trace", b"t-1"),))


BROKEN: dict[str, tuple[bytes, Reason]] = {
    "nothing": (b"", Reason.NOT_JSON),
    "prose": (b"The harbour was closed.", Reason.NOT_JSON),
    "cut in the middle": (message(1)[:200], Reason.NOT_JSON),
    "a list": (b"[" + message(2) + b"]", Reason.NOT_JSON),
    "a number": (b"42", Reason.NOT_JSON),
    "latin-1": (message(3).replace(b"Monday", b"caf\xe9"), Reason.INVALID_ENCODING),
    "bytes of an image": (b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe", Reason.INVALID_ENCODING),
    "body is a number": (message(4, body=7), Reason.WRONG_TYPE),
    "revision is a word": (message(5, revision="first"), Reason.WRONG_TYPE),
    "extra is a list": (message(6, extra=["a"]), Reason.WRONG_TYPE),
    "unknown scope": (message(7, content_scope="half"), Reason.WRONG_TYPE),
    "no body": (message(8, body=...), Reason.MISSING_FIELD),
    "no id": (message(9, article_id=...), Reason.MISSING_FIELD),
    "no fetch time": (message(10, fetched_at=...), Reason.MISSING_FIELD),
    "version of the future": (message(11, schema_version=99), Reason.UNKNOWN_VERSION),
    "version is a word": (message(12, schema_version="two"), Reason.UNKNOWN_VERSION),
    "body of spaces": (message(13, body=" \n\t "), Reason.EMPTY_BODY),
    "body of markup": (message(14, body="<p> <br/> </p>", content_type="text/html"), Reason.EMPTY_BODY),
    "published in 1970": (message(15, published_at="1970-01-01T00:00:00Z"), Reason.IMPOSSIBLE_DATE),
    "published years after the fetch": (message(16, published_at="2031-01-01T00:00:00Z"), Reason.IMPOSSIBLE_DATE),
    "revision beyond a long": (
        message(17).replace(b'"revision": 1730793600000', b'"revision": 99999999999999999999'), Reason.WRONG_TYPE,
    ),
    "largest revision": (message(18, revision=2**63 - 1), Reason.IMPOSSIBLE_DATE),
    "id of over 512 bytes": (message(19, article_id="\u00e9" * 300), Reason.WRONG_TYPE),
    "nested too deeply": (message(20).replace(b'"files"', b"[" * 5000 + b"]" * 5000), Reason.WRONG_TYPE),
}  # fmt: skip
"""Messages that can never be processed, with the reason that their dead letters give."""
