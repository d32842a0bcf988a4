"""Forms of verbs and their classes."""

import pytest

from pipelines.text.english.inflection import inflections


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("claim", "claims claiming claimed"),
        ("argue", "argues arguing argued"),
        ("agree", "agrees agreeing agreed"),
        ("dye", "dyes dyeing dyed"),
        ("shoe", "shoes shoeing shoed"),
        ("deny", "denies denying denied"),
        ("say", "says saying said"),
        ("die", "dies dying died"),
        ("stop", "stops stopping stopped"),
        ("pass", "passes passing passed"),
        ("publish", "publishes publishing published"),
        ("teach", "teaches teaching taught"),
        ("tax", "taxes taxing taxed"),
        ("buzz", "buzzes buzzing buzzed"),
        ("veto", "vetoes vetoing vetoed"),
        ("write", "writes writing wrote written"),
    ],
)
def test_forms_of_verbs(verb: str, forms: str) -> None:
    third, gerund, *past = forms.split()
    assert inflections(verb) == {third: "V", gerund: "G", **dict.fromkeys(past, "E"), verb: "B"}


def test_the_base_form_wins_over_an_equal_past_form() -> None:
    assert inflections("quit") == {"quits": "V", "quitting": "G", "quit": "B"}
