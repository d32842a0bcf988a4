"""The text of what was fetched, whatever it says its encoding is."""

import re
from email.message import Message

from charset_normalizer import from_bytes

DECLARED = re.compile(rb"""(?i)<(?:\?xml|meta)[^>]{0,200}?(?:encoding|charset)\s*=\s*["']?\s*([\w.:-]{1,40})""")
"""An encoding as XML or HTML declares it, in the first bytes."""
ENOUGH = 20
"""Letters outside ASCII that statistics need to tell an encoding; with fewer it is taken as Western."""
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
SAME_IN_THE_WILD = {"iso-8859-1": "windows-1252", "latin-1": "windows-1252", "latin1": "windows-1252",
                    "ascii": "windows-1252", "us-ascii": "windows-1252", "gb2312": "gb18030", "gbk": "gb18030",
                    "shift_jis": "cp932", "ks_c_5601-1987": "cp949", "euc-kr": "cp949"}  # fmt: skip
"""Encodings that are wider than their label, as the WHATWG Encoding Standard reads them."""


def text_of(body: bytes, content_type: str = "") -> str:
    """The body as text.

    What reads as UTF-8 is UTF-8, whatever is declared: other encodings hardly ever do by chance. Else the first that
    fits of header and document, else the one that fits the bytes best; what is broken even then is marked (U+FFFD).
    """
    for mark, encoding in MARKS:
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    for name in (header_charset(content_type), *(found.decode("ascii") for found in DECLARED.findall(body[:2048]))):
        try:
            if name and name.lower() not in ("utf-8", "utf8"):
                return body.decode(SAME_IN_THE_WILD.get(name.lower(), name))
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    marked = body.decode("utf-8", "replace")
    if sum(letter > "\x7f" for letter in marked) > 2 * marked.count("\ufffd"):
        return marked  # UTF-8 with a few bytes broken
    if sum(byte > 0x7F for byte in body) < ENOUGH:
        return body.decode("windows-1252", "replace")
    best = from_bytes(body[:200_000]).best()
    return body.decode(best.encoding if best else "utf-8", "replace")


def header_charset(content_type: str) -> str | None:
    """The charset that a Content-Type header names."""
    message = Message()
    message["content-type"] = content_type.replace("\r", " ").replace("\n", " ")
    found = message.get_param("charset")
    return found.strip() if isinstance(found, str) else None
