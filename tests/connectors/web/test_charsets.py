"""Text in every encoding, whatever is declared."""

import pytest

from connectors.web.charsets import decode_text


@pytest.mark.parametrize(
    ("body", "content_type"),
    [("Zürich".encode(), "text/xml; charset=iso-8859-1"), ("Zürich".encode("latin-1"), "text/xml; charset=iso-8859-1"),
     ("Zürich".encode("latin-1"), "text/xml; charset=utf-8"), ("Zürich".encode("utf-16"), ""),
     (b"\xef\xbb\xbfZ\xc3\xbcrich", ""), ('<?xml version="1.0" encoding="cp1252"?>Zürich'.encode("cp1252"), "x")],
)  # fmt: skip
def test_wrong_declarations_are_corrected(body: bytes, content_type: str) -> None:
    assert decode_text(body, content_type).endswith("Zürich")


def test_an_unknown_charset_is_guessed() -> None:
    text = "Правительство подтвердило, что переговоры продолжатся в понедельник. " * 5
    assert decode_text(text.encode("windows-1251"), "text/html; charset=x-unknown").startswith("Правительство")


@pytest.mark.parametrize(
    ("label", "encoding", "text"),
    [("gb2312", "gb18030", "朱镕基"), ("gbk", "gb18030", "㐂"), ("shift_jis", "cp932", "①"),
     ("euc-kr", "cp949", "똠방각하"),
     ("ks_c_5601-1987", "cp949", "똠"), ("us-ascii", "cp1252", "“Zürich”"), ("latin1", "cp1252", "€ 3")],
)  # fmt: skip
def test_labels_stand_for_larger_encodings(label: str, encoding: str, text: str) -> None:
    assert decode_text(text.encode(encoding), f"text/html; charset={label}") == text


def test_a_few_broken_bytes_do_not_spoil_utf8() -> None:
    body = "Zürich zählt zwölf Plätze ".encode() + b"\xff"
    assert decode_text(body) == "Zürich zählt zwölf Plätze \ufffd"


def test_short_text_of_unknown_encoding_is_western() -> None:
    assert decode_text("Zürich".encode("cp1252")) == "Zürich"
