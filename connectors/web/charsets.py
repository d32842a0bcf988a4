"""Decoding of fetched bytes, whatever encoding they claim to have."""

import re
from email.message import Message

from charset_normalizer import from_bytes

DECLARED = re.compile(rb"""(?i)<(?:\?xml|meta)[^>]{0,200}?(?:encoding|charset)\s*=\s*["']?\s*([\w.:-]{1,40})""")
"""An encoding declared by XML or HTML within the first bytes."""
ENOUGH = 20
"""Non-ASCII bytes that a statistical guess needs; with fewer of them the text is decoded as windows-1252."""
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
SUPERSETS = {"iso-8859-1": "windows-1252", "latin-1": "windows-1252", "latin1": "windows-1252",
             "ascii": "windows-1252", "us-ascii": "windows-1252", "gb2312": "gb18030", "gbk": "gb18030",
             "shift_jis": "cp932", "ks_c_5601-1987": "cp949", "euc-kr": "cp949"}  # fmt: skip
"""Labels that the WHATWG Encoding Standard reads as a larger encoding."""


def decode_text(body: bytes, content_type: str = "") -> str:
    """Decodes a body to text.

    Bytes that are valid UTF-8 are decoded as UTF-8 even if something else is declared: text in other encodings is
    hardly ever valid UTF-8 by chance. Otherwise the first of the declared encodings (header, then document) that fits
    is used, then the statistically best one. Bytes that still cannot be decoded become U+FFFD.
    """
    for mark, encoding in MARKS:
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    declared = decode_as_declared(body, content_type)
    return guess_text(body) if declared is None else declared


def decode_as_declared(body: bytes, content_type: str) -> str | None:
    """Decodes with the encoding that the header or the document declares, or returns None if none of them fits."""
    in_document = (found.decode("ascii") for found in DECLARED.findall(body[:2048]))
    for name in (find_header_charset(content_type), *in_document):
        if not name or name.lower() in ("utf-8", "utf8"):
            continue
        try:
            return body.decode(SUPERSETS.get(name.lower(), name))
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    return None


def guess_text(body: bytes) -> str:
    """Decodes bytes of unknown encoding."""
    repaired = body.decode("utf-8", "replace")
    if sum(character > "\x7f" for character in repaired) > 2 * repaired.count("\ufffd"):
        return repaired  # UTF-8 with a few broken bytes
    if sum(byte > 0x7F for byte in body) < ENOUGH:
        return body.decode("windows-1252", "replace")
    best = from_bytes(body[:200_000]).best()
    return body.decode(best.encoding if best else "utf-8", "replace")


def find_header_charset(content_type: str) -> str | None:
    """Returns the charset parameter of a Content-Type header, or None."""
    message = Message()
    message["content-type"] = content_type.replace("\r", " ").replace("\n", " ")
    found = message.get_param("charset")
    return found.strip() if isinstance(found, str) else None
