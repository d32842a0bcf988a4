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
