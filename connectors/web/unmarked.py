"""Encodings that are known by their escapes (ISO-2022) or by their zero bytes (UTF-16 and UTF-32 without a mark)."""

import re

SAMPLE = 4096
"""Bytes that are looked at."""
MANY_ZEROS = 0.1
"""Share of zero bytes from which a text is wide in any case. With fewer, what is left must not be UTF-8."""
ALL_ZEROS = 0.95
"""Share of zero bytes in both upper places of each four bytes: that is UTF-32."""
_JAPANESE = re.compile(rb"\x1b(?:\$[@B]|\([IJ]|\$\([DOP])")
_SEGMENT = re.compile(rb"\x1b(\$[@B]|\([BIJ])([^\x1b]*)")
_CHINESE = re.compile(rb"\x1b\$[)*+][AEGH]")
_SHIFTED = re.compile(rb"\x0e([^\x0e\x0f]*)\x0f?")
_JAPANESE_CODECS = ("iso2022_jp_2", "iso2022_jp_ext", "iso2022_jp_2004")


def decode_escaped(body: bytes) -> tuple[str, str] | None:
    """Returns text of a seven-bit encoding with escapes (ISO-2022-JP, -KR and -CN), and the name of the encoding.

    Returns None for anything else. No other text has these escapes.
    """
    if b"\x1b" not in body or not body.isascii():
        return None
    if b"\x1b$)C" in body:
        return body.decode("iso2022_kr", "replace"), "iso2022_kr"
    if _CHINESE.search(body):
        return decode_chinese(body), "iso-2022-cn"
    return decode_japanese(body) if _JAPANESE.search(body) else None


def decode_japanese(body: bytes) -> tuple[str, str]:
    """Decodes ISO-2022-JP and its extensions; last the one of Windows, with `①` and `㈱`."""
    for name in _JAPANESE_CODECS:
        try:
            return body.decode(name), name
        except UnicodeDecodeError:
            continue
    before, _, rest = body.partition(b"\x1b")
    parts = [before, *(_to_shift_jis(*found.groups()) for found in _SEGMENT.finditer(b"\x1b" + rest))]
    return b"".join(parts).decode("cp932", "replace"), "cp50220"


def _to_shift_jis(escape: bytes, data: bytes) -> bytes:
    """Returns the bytes after an escape as Shift JIS, which has the same characters in another order."""
    if escape == b"(I":
        return bytes(byte | 0x80 for byte in data)
    if escape in (b"(B", b"(J"):
        return data
    found = bytearray()
    for row, cell in zip(data[::2], data[1::2], strict=False):
        found.append((row - 0x21) // 2 + (0x81 if row < 0x5F else 0xC1))
        found.append(cell + (0x7E if row % 2 == 0 else 0x1F if cell < 0x60 else 0x20))
    return bytes(found)


def decode_chinese(body: bytes) -> str:
    """Decodes ISO-2022-CN, for which Python has no codec; of its sets only GB 2312."""
    plain = re.sub(rb"\x1b\$[)*+].", b"", body)
    shifted = _SHIFTED.sub(lambda found: bytes(byte | 0x80 if byte > 0x20 else byte for byte in found[1]), plain)
    return shifted.decode("gb18030", "replace")


def find_wide_unicode(body: bytes) -> str | None:
    """Returns which of UTF-16 and UTF-32, little or big endian, bytes without a mark are in, or None.

    Text has no zero characters, so zero bytes are the upper halves of ASCII characters.
    """
    sample = body[:SAMPLE]
    zeros = [sample[place::4].count(0) for place in range(4)]
    total = sum(zeros)
    if not total or (total < MANY_ZEROS * len(sample) and _is_utf8(body.replace(b"\0", b""))):
        return None
    most = ALL_ZEROS * (len(sample) // 4)
    if min(zeros[2], zeros[3]) >= most:
        found = "utf-32-le"
    elif min(zeros[0], zeros[1]) >= most:
        found = "utf-32-be"
    else:
        found = "utf-16-le" if zeros[1] + zeros[3] >= zeros[0] + zeros[2] else "utf-16-be"
    try:
        text = sample[: len(sample) // 4 * 4].decode(found)
    except UnicodeDecodeError:
        return None
    return found if "\0" not in text else None


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
