"""Bodies that are gzip files, although no header says so: `sitemap.xml.gz`, and feeds that are packed twice."""

import zlib

from schemas.errors import Retryable

LARGEST = 64_000_000
"""Bytes of a body after decompression. The protocol of sitemaps allows 50 MB."""
MOST_LAYERS = 3
"""How often a body may be packed, one time over the other."""
_MAGIC = b"\x1f\x8b"


def unpack(body: bytes, shown: str) -> bytes:
    """Decompresses a body as long as it is a gzip file. Raises `Retryable` for a broken or far too large one."""
    for _ in range(MOST_LAYERS):
        if not body.startswith(_MAGIC):
            return body
        body = _unpack_members(body, shown)
    return body


def _unpack_members(body: bytes, shown: str) -> bytes:
    """Decompresses the members of a gzip file; anything else after the first one is padding."""
    found = bytearray()
    while body.startswith(_MAGIC):
        decompressor = zlib.decompressobj(31)
        try:
            found += decompressor.decompress(body, LARGEST - len(found) + 1)
        except zlib.error as error:
            raise Retryable(f"{shown} is a broken gzip file: {error}") from error
        if not decompressor.eof or len(found) > LARGEST:
            raise Retryable(f"{shown} is a gzip file that is cut short, or longer than {LARGEST:,} bytes")
        body = decompressor.unused_data
    return bytes(found)
