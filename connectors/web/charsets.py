"""Decoding of fetched bytes, whatever encoding they claim to have."""

import codecs
import re
from dataclasses import dataclass
from email.message import Message

from connectors.web.charset_guess import guess_encoding, is_likely
from connectors.web.unmarked import decode_escaped, find_wide_unicode

DECLARED = re.compile(rb"""(?i)<(?:\?xml|meta)[^>]{0,200}?(?:encoding|charset)\s*=\s*["']?\s*([\w.:-]{1,40})""")
"""An encoding declared by XML or HTML within the first bytes."""
MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
SUPERSETS = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
             "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949",
             "big5": "big5hkscs"}  # fmt: skip
"""Encodings, as Python names them, that the WHATWG Encoding Standard reads as a larger one."""
LABELS = {"ks_c_5601-1987": "cp949", "x-sjis": "cp932", "windows-31j": "cp932", "x-gbk": "gb18030",
          "x-euc-jp": "euc_jp",
          "windows-874": "cp874", "iso-8859-8-i": "iso-8859-8", "x-x-big5": "big5hkscs", "koi8-ru": "koi8-u",
          "dos-866": "cp866", "win-1251": "cp1251", "x-cp1250": "cp1250", "x-cp1251": "cp1251", "x-cp1252": "cp1252",
          "hz-gb-2312": "hz", "unicode-1-1-utf-7": "utf-7", "csiso2022kr": "iso2022_kr"}  # fmt: skip
"""Labels that documents use and Python does not know."""
SHIFTED = {"hz": re.compile(rb"~\{[^~\n]*~\}"), "utf-7": re.compile(rb"\+[A-Za-z0-9+/]{2,}-?")}
"""Encodings whose bytes are all ASCII, and what text in them has. They are used only if they are declared."""
REFUSED = {"unicode-escape", "raw-unicode-escape", "punycode", "idna", "utf-8", "hz", "utf-7"}
"""Codecs of Python that documents are not encoded in, and encodings that are handled before."""


@dataclass(frozen=True)
class DecodedText:
    """A text, the encoding that it was read in, and whether that was marked, declared or clear from its bytes."""

    text: str
    encoding: str
    is_certain: bool = True

    @property
    def remarks(self) -> dict[str, str]:
        """What an article's `extra` gets: the encoding if it is a guess without clear evidence, else nothing."""
        return {} if self.is_certain else {"encoding_guess": self.encoding}


def decode_text(body: bytes, content_type: str = "") -> str:
    """Decodes a body to text; see `decode_body`."""
    return decode_body(body, content_type).text


def decode_body(body: bytes, content_type: str = "") -> DecodedText:
    """Decodes a body to text.

    A mark, escapes and zero bytes say what they are. Bytes that are valid UTF-8 are decoded as UTF-8 even if something
    else is declared: text in other encodings is hardly ever valid UTF-8 by chance. Only HZ and UTF-7, which are ASCII,
    have to be declared. Otherwise the first of the declared encodings (header, then document) is used in which the
    bytes are text, then the one whose letters some language has. Bytes that still cannot be decoded become U+FFFD.
    """
    for mark, encoding in MARKS:
        if body.startswith(mark):
            return DecodedText(body.decode(encoding, "replace"), encoding)
    if wide := find_wide_unicode(body):
        return DecodedText(body.decode(wide, "replace"), wide)
    if escaped := decode_escaped(body):
        return DecodedText(*escaped)
    names = find_declared(body, content_type)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return decode_as_declared(body, names) or guess_text(body)
    return decode_shifted(body, names) or DecodedText(text, "utf-8")


def find_declared(body: bytes, content_type: str) -> list[str]:
    """Returns the encodings that the header and the document declare, as Python names them, without unknown ones."""
    labels = [
        find_header_charset(content_type) or "",
        *(each.decode("ascii") for each in DECLARED.findall(body[:2048])),
    ]
    names = []
    for label in labels:
        try:
            name = codecs.lookup(LABELS.get(label.lower(), label)).name
        except (LookupError, ValueError):
            continue
        names.append(SUPERSETS.get(name, name))
    return names


def decode_shifted(body: bytes, names: list[str]) -> DecodedText | None:
    """Decodes HZ and UTF-7 if they are declared and the body has their shifts; returns None for anything else."""
    for name in names:
        if name in SHIFTED and SHIFTED[name].search(body):
            try:
                return DecodedText(body.decode(name), name)
            except UnicodeDecodeError:
                continue
    return None


def decode_as_declared(body: bytes, names: list[str]) -> DecodedText | None:
    """Decodes with the first declared encoding in which the bytes are text, or returns None if none of them fits."""
    for name in names:
        if name in REFUSED:
            continue
        try:
            text = body.decode(name)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
        if is_likely(body, name):
            return DecodedText(text, name)
    return None


def guess_text(body: bytes) -> DecodedText:
    """Decodes bytes of unknown encoding."""
    repaired = body.decode("utf-8", "replace")
    if sum(character > "\x7f" for character in repaired) > 2 * repaired.count("\ufffd"):
        return DecodedText(repaired, "utf-8")  # UTF-8 with a few broken bytes
    guess = guess_encoding(body)
    return DecodedText(body.decode(guess.encoding, "replace"), guess.encoding, guess.is_certain)


def find_header_charset(content_type: str) -> str | None:
    """Returns the charset parameter of a Content-Type header, or None."""
    message = Message()
    message["content-type"] = content_type.replace("\r", " ").replace("\n", " ")
    found = message.get_param("charset")
    return found.strip() if isinstance(found, str) else None
