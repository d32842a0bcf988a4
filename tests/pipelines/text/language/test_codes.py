"""Codes of languages as feeds and pages write them."""

import pytest

from pipelines.text.language.codes import parse_language, strip_region


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("en", "en"),
        ("EN-us", "en-US"),
        ("en-GB", "en-GB"),
        ("pt_BR", "pt-BR"),
        (" de_AT ", "de-AT"),
        ("zh-hant", "zh-Hant"),
        ("zh_Hant_TW", "zh-Hant-TW"),
        ("sr-latn", "sr-Latn"),
        ("es-419", "es-419"),
        ("de-1996", "de-1996"),
        ("en_US.UTF-8", "en-US"),
        ("ceb", "ceb"),
        ("yue", "yue"),
    ],
)
def test_codes_take_their_usual_form(written: str, code: str) -> None:
    assert parse_language(written) == code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *[("iw", "he"), ("in", "id"), ("ji", "yi"), ("mo", "ro")],
        *[("eng", "en"), ("deu", "de"), ("ger", "de"), ("fre-CA", "fr-CA")],
        *[("english", "en"), ("French", "fr"), ("SERBIAN", "sr")],
    ],
)
def test_old_and_long_codes_and_english_names_stand_for_the_short_code(written: str, code: str) -> None:
    assert parse_language(written) == code


@pytest.mark.parametrize(
    "written",
    [
        *[None, "", " ", 7, "xx", "utf-8", "utf8", "x-default", "i-klingon", "klingonish", "en, fr", "en-", "e", "C"],
        *["und", "mul", "zxx", "mis", "{{ lang }}", "default", "English (US)"],
    ],
)
def test_anything_else_names_no_language(written: object) -> None:
    assert parse_language(written) is None


@pytest.mark.parametrize(("code", "language"), [("pt-BR", "pt"), ("pt", "pt"), ("zh-Hant-TW", "zh")])
def test_language_without_region(code: str, language: str) -> None:
    assert strip_region(code) == language
