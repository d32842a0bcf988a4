import pytest

from pipelines.text.entities.names import find_names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("They met al-Quorr there.", ["al-Quorr"]),
        ("They met ash-Shavar there.", ["ash-Shavar"]),
        ("They met ibn-Tarlom there.", ["ibn-Tarlom"]),
        ("They met l'Arvel and d’Orven there.", ["l'Arvel", "d’Orven"]),
        ("They met é-Quorr there.", ["Quorr"]),
        ("They met the 3rd Vessrin Division and 5N there.", ["3rd Vessrin Division", "5N"]),
        ("They met @Quorr, #Quorr, xQuorr and man'Quorr there.", []),
    ],
)
def test_a_name_begins_with_a_capital_a_number_or_a_small_article(text: str, names: list[str]) -> None:
    assert [text[name.start : name.end] for name in find_names(text)] == names


@pytest.mark.parametrize("office", ["Secretary of State", "Minister for Transport", "Secretary of the Treasury"])
def test_a_title_begins_before_the_small_words_in_an_office(office: str) -> None:
    assert [name.title.strip() for name in find_names(f"They asked {office} Rosa Tully.")][-1:] == [office]
