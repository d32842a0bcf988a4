import pytest

from pipelines.text.entities.classifier.features import list_features
from pipelines.text.entities.classifier.parts import (
    WORDS,
    find_definition,
    find_noun_kind,
    list_parts,
    list_word_parts,
)
from pipelines.text.entities.names import find_names


def parts(text: str) -> list[str]:
    whole, *around = list_parts(text, find_names(text))[0]
    return [*list_word_parts(whole.removeprefix(WORDS)), *around]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "They saw Vessrin again.",
            {"n1", "SVessrin", "<saw", "s<saw", ">again", "pthey saw", "qagain .", "rsaw again"},
        ),
        ("They saw Vessrin Harbour Authority.", {"n3", "FVessrin", "MHarbour", "LAuthority", "m<saw", "g0000"}),
        ("They saw the Bank of Vessrin.", {"HBank", "LVessrin", "<the", "<<saw"}),
        ("They saw Oslo Tarlom.", {"jlocation11"}),
        ("They saw Reading.", {"klocation00"}),
        ("They left Vessrin, Norway.", {"fplace"}),
        ("They left Vessrin, New Jersey.", {"fplace"}),
        ("They saw “Vessrin” there.", {"fquoted"}),
        ("Vessrin Harbour Authority Says Nothing", {"fheadline", "fstart"}),
        ("They met Tarlom & Vessrin.", {"fand"}),
    ],
)
def test_parts_of_a_name(text: str, expected: set[str]) -> None:
    assert expected <= set(parts(text))


def test_times_that_a_text_has_a_name_count() -> None:
    assert "s4" in parts("They saw Vessrin. " * 6)
    assert "m2" in parts("They saw Vessrin Tarlom. " * 2)
    assert not {"s1", "m1"} & set(parts("They saw Vessrin."))


def test_parts_far_from_the_name_and_of_long_names_do_not_count() -> None:
    assert "<<rain" not in parts(f"rain {'-' * 40} Vessrin")
    assert not any(part == "MKaq" for part in parts("Then Aaq Baq Caq Daq Eaq Faq Gaq Haq Iaq Jaq Kaq Laq met."))
    assert "n5" in parts("Then Aaq Baq Caq Daq Eaq Faq met.")


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("LAuthority", {"LwAuthority", "L-y", "L-ty", "L-ity", "L-rity", "Laut-", "L^Xx", "Llorganisation_heads"}),
        ("SQVRT", {"S^4"}),
        ("SAaBbCcDdEe", {"S^XxXxXxXx"}),
        ("LAuthorities", {"L^Xx"}),
        ("LBanks", {"Llorganisation_heads"}),
        ("LValley", {"Lllocation_heads"}),
        ("LTreaty", {"Llother_heads"}),
        ("FBank", {"Florganisation_starts"}),
        ("FLake", {"Fllocation_starts"}),
        ("FBattle", {"Flother_starts"}),
        ("LAFC", {"Llbody_acronyms"}),
        ("FSouthern", {"Fldirections"}),
        ("FMinister", {"Fltitles"}),
        ("FForeign", {"Fltitle_parts"}),
        ("SArmy", {"Slbodies"}),
        ("FSunni", {"Flother_names"}),
        ("FWorkers", {"Flowners"}),
        ("FJane", {"Flgiven"}),
        ("LToyota", {"Lc0:38", "Lc1:38", "Lc2:38"}),
        ("LAbernathy", {"Llfamily"}),
        ("FHowever", {"Flcommon"}),
        ("FDanish", {"Flpeople"}),
        ("SMarch", {"Slcalendar"}),
        ("SOslo", {"Sklocation11"}),
        ("<said", {"<wsaid", "<lperson_verbs"}),
        ("<in", {"<win", "<lplace_contexts"}),
        ("<<village", {"<<wvillage", "<<-ge", "<<nlocation"}),
        (">1999", {">w9"}),
        (">>Oslo", {">>^", ">>klocation1"}),
        ("pthey saw", {"pthey saw"}),
    ],
)
def test_features_of_a_part(part: str, expected: set[str]) -> None:
    assert expected <= set(list_features(part))


def test_part_of_all_words_has_the_features_of_each() -> None:
    features = list_features("=Bank of Quorr")

    assert {"n3", "FwBank", "LwQuorr", "Mwof", "HwBank"} <= set(features)
    assert len(features) == sum(len(list_features(part)) for part in list_word_parts("Bank of Quorr"))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (" is a small village.", "location"),
        (", a maker of brakes", "organisation"),
        (", the airline that failed", "organisation"),
        (" (b. 1950) was an author.", "person"),
        (" is an album.", "none"),
        (" is a pride of the village.", None),
        (" left a village.", None),
    ],
)
def test_definition_after_a_name(text: str, kind: str | None) -> None:
    assert find_definition(text, 0) == kind


def test_nouns_in_the_plural_say_the_same() -> None:
    assert [find_noun_kind(word) for word in ("villages", "companies", "churches", "ideas")] == [
        "location", "organisation", None, None,
    ]  # fmt: skip
