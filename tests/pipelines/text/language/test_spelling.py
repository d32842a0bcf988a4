"""What letters decide: those that a language does not use, and those that it must have."""

import math

import pytest

from pipelines.text.language.detection import detect
from pipelines.text.language.known_languages import load_languages
from pipelines.text.language.spelling import is_spelt_in, is_spelt_in_latin, score_letters


def test_one_foreign_letter_in_thirty_excludes_a_language() -> None:
    russian = load_languages().compared.index("ru")

    assert [is_spelt_in(russian, "і" + "а" * count) for count in (29, 30)] == [False, True]


def test_one_known_word_in_five_is_enough_for_a_language_without_ngrams() -> None:
    kazakh = load_languages().compared.index("kk")

    assert [is_spelt_in(kazakh, "және" + " ппп" * count) for count in (4, 5)] == [True, False]


def test_languages_are_not_considered_without_their_letters_unless_declared() -> None:
    column = load_languages().compared.index("be")

    assert score_letters("нож и вода", "cyrillic", "")[column] == -math.inf
    assert score_letters("нож и вода", "cyrillic", "be")[column] == -5
    assert score_letters("нож і вада", "cyrillic", "")[column] == 0


def test_each_foreign_letter_speaks_against_a_language() -> None:
    column = load_languages().compared.index("ru")

    assert [score_letters("слово" + "і" * count, "cyrillic", "")[column] for count in (0, 1, 3)] == [0, -5, -15]


@pytest.mark.parametrize(
    ("language", "letters"),
    [
        *[("ru", "іїєґўјљњџђћѓќѕәғқңөұүһҙҡҫҗҳ"), ("uk", "ыэёъўј"), ("bg", "ыэёіїєґ"), ("mk", "йюящъьыэђћ")],
        *[("sr", "йюящъьыэѓќѕ"), ("be", "ищъїєј"), ("kk", "їєґўјҗҳ"), ("ky", "іәғқұһҗҳ")],
    ],
)
def test_letters_that_a_language_does_not_use(language: str, letters: str) -> None:
    column = load_languages().compared.index(language)

    assert [score_letters(letter, "cyrillic", language)[column] for letter in letters] == [-5] * len(letters)


@pytest.mark.parametrize(
    "text",
    [
        "Borgarstjórinn sagði á föstudag að nýja brúin yrði opnuð í vor og að verkinu væri að ljúka.",
        "Dúirt an méara Dé hAoine go n-osclófar an droichead nua san earrach agus go bhfuil an obair ar siúl.",
        "Is-sindku qal nhar il-Ġimgħa li l-pont il-ġdid se jinfetaħ fir-rebbiegħa u li x-xogħol għadu għaddej.",
        "Mer cümə günü bildirdi ki, yeni körpü yazda açılacaq və işlər davam edir.",
        "La urbestro diris vendrede, ke la nova ponto malfermiĝos printempe kaj ke la laboroj daŭras.",
    ],
)
def test_text_with_many_letters_of_another_language_is_undetermined(text: str) -> None:
    assert detect(text)[0] == "und"


def test_two_foreign_letters_in_fifty_exclude_a_language_in_latin_script() -> None:
    english = load_languages().compared.index("en")

    assert [is_spelt_in_latin(english, "ů" * count + "a" * 48) for count in (1, 2)] == [True, False]
    assert [is_spelt_in_latin(english, "ůů" + "a" * count) for count in (98, 99)] == [False, True]
    assert is_spelt_in_latin(english, "a" * 40 + " Dvořák Łódź Příbram Žižkov")
    assert is_spelt_in_latin(english, "the name [ɛːʃɪ], 23 º, π, 和静")
    assert not is_spelt_in_latin(english, "ə" * 2 + "a" * 40)


def test_quotation_in_another_language_does_not_sway_an_article() -> None:
    text = "The mayor said that the town would open the new bridge, which people call žluťoučký kůň, in the spring."
    assert detect(text)[0] == "en"
    assert detect("Bu kapýlardan hiçbiri baþka dükkân veya maðaza içine açýlamaz.")[0] == "tr"


LETTERS = {
    **{"af": "êëï", "ca": "àçèéíïòóúü", "cs": "áčďéěíňóřšťúůýž", "cy": "âêîôûŵŷ", "da": "åæøéö", "de": "äöüß"},
    **{"en": "éèêïñ", "es": "áéíóúüñ", "et": "äöõüšž", "fi": "äö", "fr": "àâçéèêëîïôœùûü", "hr": "čćđšž"},
    **{"hu": "áéíóöőúüű", "id": "é", "it": "àèéìòù", "lt": "ąčęėįšųūž", "lv": "āčēģīķļņšūž", "nl": "éëïöü"},
    **{"no": "åæøé", "pl": "ąćęłńóśźż", "pt": "áâãàçéêíóôõú", "ro": "ăâîșțşţ", "sk": "áäčďéíĺľňóôŕšťúýž"},
    **{"sl": "čšž", "so": "é", "sq": "çë", "sv": "åäöé", "sw": "é", "tl": "ñ", "tr": "çğıöşüâîû"},
}


@pytest.mark.parametrize("language", LETTERS)
def test_letters_besides_a_to_z(language: str) -> None:
    column = load_languages().compared.index(language)

    assert is_spelt_in_latin(column, LETTERS[language] * 2)
    assert not is_spelt_in_latin(column, "ḁḁ")


def test_every_serbian_letter_has_its_latin_spelling() -> None:
    letters = load_languages().serbian_letters

    assert "".join(letters) == "абвгдђежзијклљмнњопрстћуфхцчџш"
    assert " ".join(letters.values()) == "a b v g d đ e ž z i j k l lj m n nj o p r s t ć u f h c č dž š"
