import pytest

from pipelines.text.entities.name_joins import is_one_name
from pipelines.text.entities.names import find_names


def list_names(text: str) -> list[str]:
    return [text[name.start : name.end] for name in find_names(text)]


@pytest.mark.parametrize(
    ("left", "gap", "right", "is_one"),
    [
        ("Bank", " of ", "Quorr", True),
        ("Chess Group", " of the ", "Quorr Society", False),
        ("Quorr Ministry", " for ", "Tarlom", True),
        ("Jane Doe", " for ", "Tarlom", False),
        ("Standing Committee on Legal Education", " and ", "Training", True),
        ("Department of Health", " and ", "Human Services", True),
        ("Department of Health", " and ", "Oslo", False),
        ("Jane Doe", " and ", "John Roe", False),
        ("Workers", "’ ", "Party", True),
        ("Bavarian People", "'s ", "Party", True),
        ("Quorr Miners", " ' ", "Union", True),
        ("Norwegian Students", "’ ", "Association", True),
        ("Norway", "’s ", "Parliament", False),
        ("St Quorr", "’s ", "Hospital", True),
        ("St. Tarlom", "'s ", "College", True),
        ("Saint Vessrin", "’s ", "Cathedral", True),
        ("Quorr", "’s ", "Hospital", False),
        ("St Quorr", "’s ", "Jane Doe", False),
        ("Quorr Media", ", ", "LLC", True),
        ("Quorr Media", " , ", "Inc.", True),
        ("Tarlom", ", ", "Ltd.", True),
        ("Tarlom", ", ", "Oslo", False),
        ("Tarlom", " in ", "Ltd.", False),
    ],
)
def test_names_with_something_between_them_are_one(left: str, gap: str, right: str, is_one: bool) -> None:
    assert is_one_name(left.split(), gap, right.split()) is is_one


def test_joined_names_have_no_comma_among_their_words() -> None:
    (name,) = find_names("They saw Quorr Media, LLC there.")

    assert (name.words, name.end) == (["Quorr", "Media", "LLC"], 25)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("They took Highway 61 south.", ["Highway 61"]),
        ("It was on Quorr Channel 4.", ["Quorr Channel 4"]),
        ("They met Torpedo Squadron 12 there.", ["Torpedo Squadron 12"]),
        ("It was on BBC Radio 3, they said.", ["BBC Radio 3"]),
        ("They took Highway 61.5 south.", ["Highway"]),
        ("They saw Radio 4% more.", ["Radio"]),
        ("In Oslo 12 people met.", ["Oslo"]),
        ("They met Jane Doe 12 times.", ["Jane Doe"]),
    ],
)
def test_number_belongs_to_what_is_numbered(text: str, names: list[str]) -> None:
    assert list_names(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("They left the Premier League.", ["Premier League"]),
        ("They left the Quorr Premier League.", ["Quorr Premier League"]),
        ("They joined Major League Baseball.", ["Major League Baseball"]),
        ("They asked Premier Jane Doe.", ["Jane Doe"]),
        ("They asked Major Tarlom.", ["Tarlom"]),
    ],
)
def test_title_of_a_person_begins_the_name_of_a_league(text: str, names: list[str]) -> None:
    assert list_names(text) == names
