import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.text.entities.finding import find_entities
from schemas.text import Entity


def entities(body: str, title: str | None = None, language: str = "en") -> dict[str, Entity]:
    return {entity.name: entity for entity in find_entities(title, body, language)}


def mentions(body: str, name: str) -> list[str]:
    return [body[start:end] for start, end in entities(body)[name].mentions]


def test_entities_surname_stands_for_the_full_name_in_the_article() -> None:
    body = "Ivan Tarasenko spoke first. Later Tarasenko left. Tarasenko’s deputy stayed."

    assert mentions(body, "Ivan Tarasenko") == ["Ivan Tarasenko", "Tarasenko", "Tarasenko"]
    assert "Tarasenko" not in entities(body)


def test_entities_surname_after_a_place_preposition_is_still_the_person() -> None:
    body = "Lena Vostrikova resigned. The letter was sent to Vostrikova on Monday."

    assert mentions(body, "Lena Vostrikova") == ["Lena Vostrikova", "Vostrikova"]


@pytest.mark.parametrize(
    ("text", "name", "role", "organisation", "country"),
    [
        ("NATO spokeswoman Ana Brodak confirmed it.", "Ana Brodak", "NATO spokeswoman", "NATO", None),
        ("Russian military expert Ivan Tarasenko agreed.", "Ivan Tarasenko", "Russian military expert", None, "RU"),
        (
            "Piotr Lemann, the Russian ambassador to North Korea, said so.",
            "Piotr Lemann",
            "Russian ambassador to North Korea",
            None,
            "RU",
        ),
        (
            "Russian ambassador to North Korea Piotr Lemann said so.",
            "Piotr Lemann",
            "Russian ambassador to North Korea",
            None,
            "RU",
        ),
        ("Finnish Defence Minister Kari Aalto said so.", "Kari Aalto", "Finnish Defence Minister", None, "FI"),
        ("The former interior minister Jan Kowal said so.", "Jan Kowal", "former interior minister", None, None),
        ("The EU policy chief, Rosa Tully, left.", "Rosa Tully", "EU policy chief", "European Union", None),
        ("MI6 chief Rosa Tully said so.", "Rosa Tully", "MI6 chief", "MI6", "GB"),
        ("Norway’s Foreign Minister Odd Berg left.", "Odd Berg", "Norway’s Foreign Minister", None, "NO"),
        ("Lena Ost is head of the Harbour Office.", "Lena Ost", "head of the Harbour Office", "Harbour Office", None),
    ],
)  # fmt: skip
def test_entities_role_of_a_person(
    text: str, name: str, role: str, organisation: str | None, country: str | None
) -> None:
    person = entities(text)[name]

    assert person.kind == "person"
    assert person.role is not None
    assert person.role.startswith(role)
    assert (person.organisation, person.country) == (organisation, country)


def test_entities_spellings_of_a_surname_are_one_person() -> None:
    body = "Danylo Marchenskyy spoke. Marchensky left, and Marchenskiy’s aide stayed."

    assert mentions(body, "Danylo Marchenskyy") == ["Danylo Marchenskyy", "Marchensky", "Marchenskiy"]


def test_entities_role_does_not_run_over_a_verb_or_a_sentence() -> None:
    body = "The spokesman told Vera Ilic to wait. It was near the minister. Otto Brandt laughed."

    assert entities(body)["Vera Ilic"].role is None
    assert entities(body)["Otto Brandt"].role is None


def test_entities_acronym_in_brackets_stands_for_the_organisation() -> None:
    body = "The Coastal Rescue Agency (CRA) sent two boats. The CRA said all were safe."

    assert mentions(body, "Coastal Rescue Agency") == ["Coastal Rescue Agency", "CRA", "CRA"]
    assert entities(body)["Coastal Rescue Agency"].kind == "organisation"


@pytest.mark.parametrize(
    ("text", "name", "kind", "country"),
    [
        ("The DPRK sent troops.", "North Korea", "location", "KP"),
        ("Officials in the U.S. agreed.", "United States", "location", "US"),
        ("They left Burma for Holland.", "Netherlands", "location", "NL"),
        ("The EU and the UN agreed.", "European Union", "organisation", None),
        ("The IAEA warned of a leak.", "International Atomic Energy Agency", "organisation", None),
        ("The Kremlin was silent.", "Kremlin", "organisation", "RU"),
        ("North Koreans were seen there.", "North Koreans", "nationality", "KP"),
        ("A Ukrainian drone fell.", "Ukrainian", "nationality", "UA"),
        ("The fleet left Kursk.", "Kursk", "location", "RU"),
    ],
)
def test_entities_known_across_articles(text: str, name: str, kind: str, country: str | None) -> None:
    entity = entities(text)[name]

    assert (entity.kind, entity.country) == (kind, country)


def test_entities_capital_that_acts_is_its_government() -> None:
    body = "Moscow denied the claim. Ties between Seoul and Pyongyang worsened. Crowds met in Moscow."

    found = entities(body)
    assert mentions(body, "Russia") == ["Moscow"]
    assert mentions(body, "South Korea") == ["Seoul"]
    assert mentions(body, "North Korea") == ["Pyongyang"]
    assert (found["Moscow"].kind, found["Moscow"].country) == ("location", "RU")
    assert body[slice(*found["Moscow"].mentions[0])] == "Moscow"
    assert found["Moscow"].mentions[0][0] > 60


def test_entities_of_a_headline_in_title_case() -> None:
    title = "North Korea Offers Russia Volunteers, Says Minister Ivan Tarasenko"
    found = {
        entity.name: [title[start:end] for start, end in entity.title_mentions]
        for entity in find_entities(title, "", "en")
    }

    assert found == {"North Korea": ["North Korea"], "Russia": ["Russia"], "Ivan Tarasenko": ["Ivan Tarasenko"]}


def test_entities_of_a_line_of_capitals() -> None:
    body = "NORTH KOREA SENDS TROOPS TO RUSSIA\nIvan Tarasenko agreed."

    assert mentions(body, "North Korea") == ["NORTH KOREA"]
    assert mentions(body, "Russia") == ["RUSSIA"]
    assert mentions(body, "Ivan Tarasenko") == ["Ivan Tarasenko"]


def test_entities_of_title_and_body_are_the_same() -> None:
    body = "Ivan Tarasenko left Oslo."
    found = entities(body, title="Tarasenko quits")

    assert found["Ivan Tarasenko"].mentions == ((0, 14),)
    assert found["Ivan Tarasenko"].title_mentions == ((0, 9),)


def test_entities_words_that_only_begin_sentences_name_nothing() -> None:
    body = "However, nobody came. Soldiers waited. Yesterday it rained. Unfortunately, May passed. In March it snowed."

    assert entities(body) == {}


@pytest.mark.parametrize(
    "body",
    [
        "会议在北京举行，部长表示谈判将继续。",
        "وصل الوزير إلى القاهرة مساء الثلاثاء.",
        "השר הגיע לירושלים ביום שני.",
        "大臣は東京で会見した。",
    ],
)
@pytest.mark.parametrize("language", ["zh", "ar", "he", "ja", "und"])
def test_entities_of_other_scripts_pass_unharmed(body: str, language: str) -> None:
    assert find_entities(None, body, language) == []


def test_entities_of_other_languages_are_the_listed_ones() -> None:
    body = "Der Außenminister Jonas Feldmann reiste nach Berlin und sprach mit der NATO."
    found = entities(body, language="de")

    assert {name: entity.kind for name, entity in found.items()} == {"Berlin": "location", "NATO": "organisation"}


def test_entities_of_a_model_fill_what_rules_leave() -> None:
    body = "the xylo band met Ivan Tarasenko."
    found = find_entities(
        None, body, "en", tagger=lambda text: [(4, 8, "organisation"), (18, 22, "location")] if text else []
    )

    assert [(body[slice(*entity.mentions[0])], entity.kind) for entity in found] == [
        ("xylo", "organisation"),
        ("Ivan Tarasenko", "person"),
    ]


def test_entities_of_a_long_text_take_time_in_proportion() -> None:
    body = "Ivan Tarasenko of the Coastal Rescue Agency left Oslo for the United States on Monday, he said. " * 200
    find_entities(None, body, "en")
    started = time.perf_counter()
    find_entities(None, body, "en")
    once = time.perf_counter() - started
    started = time.perf_counter()
    find_entities(None, body * 10, "en")
    assert time.perf_counter() - started < 30 * once + 0.5


def test_entities_of_a_page_of_capitals_come_in_time() -> None:
    started = time.perf_counter()
    find_entities(None, "North Of And The Prime Minister King " * 3000, "en")
    find_entities(None, "A" * 200_000 + " " + "Of " * 20_000, "en")
    assert time.perf_counter() - started < 10


WORDS = (
    "Ivan Tarasenko of the and for “ ” \" ' ’s , . \n ( ) U.S. King President Minister NATO May 139th St. & O’Brien "
    "van de Kim Jong-un Al-Hadi North Korea Bank said who is a ministry 3 IMF – é İstanbul ß ﬁ \u00a0 \u200b 北京"
)
NEWS = st.lists(st.sampled_from(WORDS.split(" ")), max_size=60).map(" ".join)


@given(st.one_of(NEWS, st.text(max_size=400)), st.one_of(st.none(), NEWS), st.sampled_from(["en", "und", "de", "zh"]))
@settings(max_examples=300, deadline=None)
def test_entities_of_any_text_have_their_mentions_in_it(body: str, title: str | None, language: str) -> None:
    for entity in find_entities(title, body, language):
        assert entity.name
        assert entity.mentions or entity.title_mentions
        for text, spans in ((body, entity.mentions), (title or "", entity.title_mentions)):
            for start, end in spans:
                assert 0 <= start < end <= len(text)
                assert text[start:end] == text[start:end].strip()
        assert list(entity.mentions) == sorted(entity.mentions)
