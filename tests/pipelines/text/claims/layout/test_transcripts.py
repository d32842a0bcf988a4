"""Transcripts: each line begins with who speaks."""

from tests.pipelines.text.claims.said import list_said


def test_turns_of_named_speakers() -> None:
    text = (
        "Ida Kull: How many ships are waiting?\n"
        "Bo Lind: There are 40 ships. The mayor said 12 more are due.\nNone has left.\n"
        "Ida Kull: The port is closed."
    )
    assert list_said(text) == [
        ("Bo Lind", "There are 40 ships. The mayor said 12 more are due.\nNone has left."),
        ("mayor", "12 more are due"),
        ("Ida Kull", "The port is closed."),
    ]


def test_turns_in_capitals_and_of_offices() -> None:
    text = "LIND: The port is closed.\nMayor: It is open.\nLIND: It is not."
    assert [claimant for claimant, _ in list_said(text)] == ["LIND", "Mayor", "LIND"]


def test_letters_name_nobody() -> None:
    assert list_said("Q: How many ships are waiting?\nA: At least 40 ships are waiting.\nQ: The port is closed.") == []


def test_fields_of_a_list_are_no_transcript() -> None:
    assert list_said("Length: The boat is long.\nWidth: The boat is wide.\nLength: The boat is long.") == []
    assert list_said("Boat Length: 40 metres.\nBoat Width: 9 metres.\nBoat Height: 2 metres.") == []
    assert list_said("Boat Length: 40 metres.\nBoat Length: 9 metres.\nBoat Length: 2 metres.") == []


def test_answers_are_those_of_who_is_named_before_them() -> None:
    text = (
        "The skipper Lena Orlov met us at the Port Museum in Brennick. Orlov is ill.\n\n"
        "Q: Is the port open?\n\nA: It has been closed for a year. I think the dam will hold.\n\n"
        "Q: Is it old?\n\nA: Yes, indeed.\n\nQ: And now?\n\nA: Who knows, and who asks?\n"
    )
    assert list_said(text) == [
        ("Lena Orlov", "It has been closed for a year. I think the dam will hold."),
        ("Lena Orlov", "the dam will hold"),
    ]


def test_a_body_gives_no_answers() -> None:
    assert list_said("The Port Bank met us.\nQ: Is it open?\nA: It has been closed for years.\nQ: Why so?") == []
