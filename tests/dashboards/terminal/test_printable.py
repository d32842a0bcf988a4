"""Text from outside cannot command a terminal."""

import pytest

from dashboards.terminal.dead_letters import format_original
from dashboards.terminal.printable import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"), ("Zoë 北", "Zoë 北"), ("\x1b[2J", "\\x1b[2J"), ("a\u202eb", "a\\u202eb"),
        ("\x9b0m", "\\x9b0m"), ("one\ntwo\t", "one\\ntwo\\t"), ("\u2028", "\\u2028"), ("\ud800", "\\ud800"), ("", ""),
    ],
)  # fmt: skip
def test_characters_that_act_are_shown_as_escapes(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_lines_stay_if_they_are_wanted() -> None:
    assert printable("one\n\ttwo\r\x07", lines=True) == "one\n\ttwo\\r\\x07"


@pytest.mark.parametrize(
    ("original", "shown"),
    [
        (b"", ""), (b"\xff\x1b", "\\xff\\x1b"), (b'{"a": ["\\u001b"]}', '{\n  "a": [\n    "\\u001b"\n  ]\n}'),
        (b"{" * 5_000, "{" * 5_000),
    ],
)  # fmt: skip
def test_message_is_readable_whatever_it_is(original: bytes, shown: str) -> None:
    assert format_original(original) == shown
