"""Text in every encoding, whatever is declared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.web.charsets import decode_body, decode_text

RUSSIAN = "Сорок судов ждут, сказал капитан порта. Портовики вышли в понедельник."
JAPANESE = "港長は40隻が待機していると述べた。ストは二日目に入った。"
CHINESE = "港务局长说，四十艘船只在等待进入港口。"


def feed(text: str, declared: str = "utf-8") -> str:
    return (
        f'<?xml version="1.0" encoding="{declared}"?><rss version="2.0"><channel><title>{text}</title></channel></rss>'
    )


@pytest.mark.parametrize(
    ("body", "content_type"),
    [("Zürich".encode(), "text/xml; charset=iso-8859-1"), ("Zürich".encode("latin-1"), "text/xml; charset=iso-8859-1"),
     ("Zürich".encode("latin-1"), "text/xml; charset=utf-8"), ("Zürich".encode("utf-16"), ""),
     (b"\xef\xbb\xbfZ\xc3\xbcrich", ""), ('<?xml version="1.0" encoding="cp1252"?>Zürich'.encode("cp1252"), "x"),
     ("Zürich".encode("utf-32"), ""), ("Zürich".encode(), "text/xml; charset=utf-16"),
     ("Zürich".encode("latin-1"), "text/xml; charset=unicode_escape"),
     ("Zürich".encode("latin-1"), "text/xml; charset=zlib"),
     ("Zürich".encode("latin-1"), 'text/xml; charset="x\0y"')],
)  # fmt: skip
def test_wrong_declarations_are_corrected(body: bytes, content_type: str) -> None:
    assert decode_text(body, content_type).endswith("Zürich")


@pytest.mark.parametrize(
    ("declared", "encoding", "text"),
    [("iso-8859-1", "cp1251", RUSSIAN), ("windows-1252", "koi8-r", RUSSIAN), ("windows-1251", "koi8-r", RUSSIAN),
     ("iso-8859-1", "cp1250", "Rzecznik portu powiedział w środę, że statki czekają na wejście."),
     ("iso-8859-1", "gb18030", CHINESE), ("shift_jis", "euc_jp", JAPANESE),
     ("gb2312", "big5", "港務局長說，四十艘船隻在等待。"),
     ("iso-8859-1", "cp1256", "قال قبطان الميناء إن أربعين سفينة تنتظر.")],
)  # fmt: skip
def test_declared_encoding_in_which_the_bytes_are_no_text_is_not_used(declared: str, encoding: str, text: str) -> None:
    assert decode_text(text.encode(encoding), f"text/html; charset={declared}") == text


@pytest.mark.parametrize(
    ("label", "encoding", "text"),
    [("gb2312", "gb18030", "朱镕基"), ("gbk", "gb18030", "㐂"), ("shift_jis", "cp932", "①"),
     ("euc-kr", "cp949", "똠방각하"), ("ks_c_5601-1987", "cp949", "똠"), ("us-ascii", "cp1252", "“Zürich”"),
     ("latin1", "cp1252", "€ 3"), ("iso-8859-9", "cp1254", "“Erdoğan”"), ("windows-874", "cp874", "ท่าเรือ"),
     ("x-sjis", "cp932", "港"), ("win-1251", "cp1251", "Ё"), ("iso-8859-8-i", "cp1255", "שלום")],
)  # fmt: skip
def test_labels_stand_for_larger_encodings(label: str, encoding: str, text: str) -> None:
    assert decode_text(text.encode(encoding), f"text/html; charset={label}") == text


@pytest.mark.parametrize("in_header", [True, False])
@pytest.mark.parametrize(
    ("declared", "encoding", "text"),
    [("iso-2022-jp", "iso2022_jp", JAPANESE), ("iso-2022-jp", "iso2022_jp_ext", "ｶﾞｿﾘﾝの値上げ、港長が述べた"),
     ("iso-2022-kr", "iso2022_kr", "항만청장은 선박 40척이 대기 중이라고 말했다."), ("hz-gb-2312", "hz", CHINESE),
     ("utf-7", "utf-7", RUSSIAN)],
)  # fmt: skip
def test_encodings_that_look_like_ascii(declared: str, encoding: str, text: str, in_header: bool) -> None:
    whole = feed(text, "utf-8" if in_header else declared)
    body = whole.encode(encoding)
    assert body.isascii()
    assert decode_text(body, f"text/xml; charset={declared}" if in_header else "text/xml") == whole


def test_escapes_say_what_they_are_without_a_declaration() -> None:
    assert decode_body(JAPANESE.encode("iso2022_jp")).encoding == "iso2022_jp_2"
    assert decode_text("항만".encode("iso2022_kr")) == "항만"
    assert decode_text(b"\x1b$)A<t \x0e\x38\x5b\x3f\x5a\x0f 40</t>\n") == "<t 港口 40</t>\n"
    assert decode_text(b"\x1b$B9A\x1b(B, \x1b$B-!\x1b(J \x1b(I6^\x1b(B!") == "港, ① ｶﾞ!"
    assert decode_text(b"Red: \x1b[31mno\x1b[0m") == "Red: \x1b[31mno\x1b[0m"


def test_encodings_of_ascii_bytes_are_used_only_where_they_are_declared() -> None:
    assert decode_text(b"~{<:Ky2;~}") == "~{<:Ky2;~}"
    assert decode_text(b"1 +AGE- 2") == "1 +AGE- 2"
    assert decode_text(b"~{broken", "text/html; charset=hz") == "~{broken"
    assert decode_text(b"1 + 2", "text/html; charset=utf-7") == "1 + 2"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", ["Zürich", RUSSIAN, JAPANESE, "Port counts 40 ships, the harbour master said."])
def test_wide_unicode_without_a_mark(encoding: str, text: str) -> None:
    assert decode_text(feed(text, "utf-16").encode(encoding), "text/xml") == feed(text, "utf-16")
    assert decode_text(feed(text).encode(encoding), "text/xml; charset=utf-8") == feed(text)


def test_stray_zero_byte_does_not_make_text_wide() -> None:
    text = "Port counts 40\0ships, the harbour master said. " * 3
    assert decode_text(text.encode()) == text


def test_an_unknown_charset_is_guessed() -> None:
    assert decode_text(RUSSIAN.encode("windows-1251"), "text/html; charset=x-unknown") == RUSSIAN


def test_a_few_broken_bytes_do_not_spoil_utf8() -> None:
    body = "Zürich zählt zwölf Plätze ".encode() + b"\xff"
    assert decode_text(body) == "Zürich zählt zwölf Plätze \ufffd"


def test_guess_is_marked_as_certain_or_not() -> None:
    assert decode_body(RUSSIAN.encode("cp1251")).is_certain
    assert not decode_body("Gdańsk".encode("cp1250")).is_certain
    assert decode_body(b"plain").is_certain
    assert decode_body("Gdańsk".encode("cp1250"), "text/html; charset=cp1250") == decode_body(
        "Gdańsk".encode("cp1250"), "text/html; charset=windows-1250"
    )


@given(
    st.binary(max_size=60),
    st.sampled_from(["", "utf-7", "hz", "iso-2022-jp", "gb2312", "utf-16", "cp1251", "idna", "x"]),
)
def test_any_bytes_become_text_that_can_be_written(body: bytes, charset: str) -> None:
    decode_text(body, f"text/html; charset={charset}").encode("utf-8", "surrogatepass")
    assert isinstance(decode_body(b"\x1b$B" + body).text, str)
