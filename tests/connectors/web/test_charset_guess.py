"""The encoding of bytes that do not say it: by the letters of languages."""

import pytest

from connectors.web.charset_guess import CANDIDATES, guess_encoding, is_likely

TEXTS = {
    "ru": "40 судов ждут у мола. Сорок судов ждут, сказал капитан порта.",
    "uk": "Капітан порту сказав, що сорок суден чекають біля входу.",
    "bg": "Капитанът на пристанището каза, че четиридесет кораба чакат.",
    "sr": "Капетан луке рекао је да четрдесет бродова чека.",
    "pl": "Rzecznik portu powiedział w środę, że statki czekają.",
    "cs": "Kapitán přístavu ve středu řekl, že čtyřicet lodí čeká.",
    "hu": "A kikötő kapitánya azt mondta, hogy negyven hajó várakozik, és többen őrzik.",
    "ro": "Căpitanul portului a spus că patruzeci de nave aşteaptă.",
    "hr": "Lučki kapetan rekao je da četrdeset brodova čeka.",
    "tr": "Liman başkanı kırk geminin beklediğini söyledi.",
    "lt": "Uosto kapitonas sakė, kad šešiasdešimt laivų laukia.",
    "lv": "Ostas kapteinis sacīja, ka četrdesmit kuģi gaida pie mola.",
    "el": "Ο λιμενάρχης δήλωσε ότι Άλλα πλοία περιμένουν.",
    "he": "רב החובל אמר כי ארבעים ספינות ממתינות.",
    "ar": "قال قبطان الميناء إن أربعين سفينة تنتظر.",
    "fr": "Le capitaine a déclaré que 40 navires étaient bloqués à l'entrée du port, côté mer.",
    "frœ": "Le cœur du port coûte 3 € par jour, a déclaré le maire à la sœur.",
    "de": "Der Hafenmeister sagte, vierzig Schiffe wären für längere Zeit blockiert.",
    "pt": "São Paulo: o capitão não falou",
    "no": "Kjærlighet på øya, sa borgermesteren, og fløy over sjøen",
    "zh": "港务局长说，四十艘船只在等待进入港口。",
    "tw": "港務局長說，四十艘船隻在等待進入港口。",
    "ja": "港長は40隻が待機していると述べた。",
    "ko": "항만청장은 선박 40척이 대기 중이라고 말했다.",
}


@pytest.mark.parametrize(
    ("language", "encodings"),
    [("ru", "cp1251 koi8-r iso8859-5 cp866"), ("uk", "cp1251 koi8-u"), ("bg", "cp1251"), ("sr", "cp1251 iso8859-5"),
     ("pl", "cp1250 iso8859-2"), ("cs", "cp1250 iso8859-2"), ("hu", "cp1250 iso8859-2"), ("ro", "cp1250 iso8859-2"),
     ("hr", "cp1250 iso8859-2"), ("tr", "cp1254"), ("lt", "cp1257 iso8859-13 iso8859-4"), ("lv", "cp1257 iso8859-13"),
     ("el", "cp1253 iso8859-7"), ("he", "cp1255"), ("ar", "cp1256 iso8859-6"), ("fr", "cp1252"),
     ("frœ", "iso8859-15 cp1252"),
     ("de", "cp1252"), ("pt", "cp1252"), ("no", "cp1252"), ("zh", "gb18030"), ("tw", "big5hkscs"),
     ("ja", "euc_jp cp932"),
     ("ko", "cp949")],
)  # fmt: skip
def test_short_texts_are_read_as_they_were_written(language: str, encodings: str) -> None:
    text = TEXTS[language]
    for encoding in encodings.split():
        body = text.encode(encoding)
        assert body.decode(guess_encoding(body).encoding) == text, encoding


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("cp1251", "Порт"), ("cp1251", "Путин"), ("cp1252", "Zürich"), ("cp1252", "Malmö"), ("cp1252", "£3 million"),
     ("cp1252", "café"), ("cp1252", "“quoted” – it’s"),
     ("cp932", "港でスト"), ("cp949", "항만 파업"), ("gb18030", "港口罢工")],
)  # fmt: skip
def test_single_words(encoding: str, text: str) -> None:
    body = text.encode(encoding)
    assert body.decode(guess_encoding(body).encoding) == text


@pytest.mark.parametrize("text", ["Erdoğan", "Gdańsk", "Łódź"])
def test_one_letter_is_no_certainty(text: str) -> None:
    assert not guess_encoding(text.encode("cp1254" if "ğ" in text else "cp1250")).is_certain


def test_longer_texts_are_certain() -> None:
    for language, encoding in (
        ("ru", "cp1251"),
        ("pl", "cp1250"),
        ("tr", "cp1254"),
        ("ko", "cp949"),
        ("zh", "gb18030"),
    ):
        assert guess_encoding(TEXTS[language].encode(encoding)).is_certain, language


def test_declared_encoding_is_likely_unless_another_is_certain() -> None:
    assert is_likely(TEXTS["fr"].encode("cp1252"), "cp1252")
    assert is_likely("Gdańsk".encode("cp1250"), "cp1252")
    assert is_likely(b"\xc0", "cp437"), "an encoding that is not compared"
    assert not is_likely(TEXTS["ru"].encode("cp1251"), "cp1252")
    assert not is_likely(TEXTS["ja"].encode("euc_jp"), "cp932")


def test_no_encoding_of_old_macs_is_a_candidate() -> None:
    assert not [name for name in CANDIDATES if "mac" in name]
