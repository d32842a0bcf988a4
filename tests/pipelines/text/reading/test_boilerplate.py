"""Each expression of the table of boilerplate finds the lines for which it was written."""

from pathlib import Path

import pytest
import yaml

from pipelines.text.reading.boilerplate import find_boilerplate, is_stripped
from pipelines.text.reading.lines import TextLine

EXAMPLES: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("boilerplate_lines.yaml").read_text("utf-8"))


def find_reason(text: str) -> str:
    boilerplate = find_boilerplate(TextLine(1, text))
    return boilerplate.reason if boilerplate else "none"


@pytest.mark.parametrize(("reason", "text"), [(reason, text) for reason, lines in EXAMPLES.items() for text in lines])
def test_line_is_removed_for_its_reason(reason: str, text: str) -> None:
    assert find_reason(text) == reason
    assert find_reason(f"» {text}") in (reason, "related_link")


def test_line_of_symbols_has_no_words() -> None:
    assert find_reason("* * *") == "no_words"


@pytest.mark.parametrize("reason", ["other_stories", "comments", "copyright", "site_foot"])
def test_article_ends_at_its_foot(reason: str) -> None:
    assert {boilerplate.ends for text in EXAMPLES[reason] if (boilerplate := find_boilerplate(TextLine(1, text)))} == {
        True
    }


def test_only_headings_of_comments_open_the_readers_part() -> None:
    found = [find_boilerplate(TextLine(1, text)) for lines in EXAMPLES.values() for text in lines]
    assert {boilerplate.reason for boilerplate in found if boilerplate and boilerplate.comments} == {"comments"}
    assert {boilerplate.reason for boilerplate in found if boilerplate and boilerplate.ends} == {
        "other_stories",
        "comments",
        "copyright",
        "site_foot",
    }


def test_reasons_that_are_removed_from_extracted_text() -> None:
    stripped = {
        reason
        for reason, lines in EXAMPLES.items()
        for text in lines
        if is_stripped(find_boilerplate(TextLine(1, text)))
    }
    assert stripped == {
        "paywall",
        "share_buttons",
        "advertisement",
        "newsletter",
        "plea",
        "related_link",
        "cookie_notice",
        "comment_prompt",
        "link_onward",
        "photo_credit",
        "copyright",
        "disclosure",
    }
    assert not is_stripped(None)


@pytest.mark.parametrize(
    ("start", "reason", "longest"),
    [
        ("Photo:", "photo_credit", 32),
        ("Read more:", "related_link", 32),
        ("Got a news tip?", "plea", 45),
        ("Delivered by", "newsletter", 60),
    ],
)
def test_long_paragraph_that_begins_like_boilerplate_is_kept(start: str, reason: str, longest: int) -> None:
    def line(words: int) -> str:
        return " ".join([start, *["ferry"] * (words - len(start.split()))])

    assert find_reason(line(longest)) == reason
    assert find_reason(line(longest + 1)) == "none"


def test_line_of_too_many_characters_is_kept() -> None:
    assert find_reason("Delivered by " + "x" * 487) == "newsletter"
    assert find_reason("Delivered by " + "x" * 488) == "none"
