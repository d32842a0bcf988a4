"""Threads of boards that number their posts: lines about the writer are above each post, buttons below it."""

from pipelines.text.reading.page import read
from schemas.text import Page


def make_board(topic: str, *posts: tuple[str, str]) -> str:
    """Returns a thread as boards print it: name, rank and date of a writer above the number of each post."""
    head = "{name}\nVeteran\nJan {number}, 2024\n#{number}\n{text}\nReply\nReactions: mossback and 3 others"
    parts = [head.format(name=name, number=number, text=text) for number, (name, text) in enumerate(posts, 1)]
    return "\n".join(["Harbour board", topic, "Thread starter tidewater", "Start date Jan 1, 2024", "Go", *parts])


POSTS = (
    ("tidewater", "Does the late boat to the islands go during the strike? I have a shift until eleven."),
    ("mossback", "They run until nine, and I would not count on the last boat to the islands."),
    ("gull watcher", "Share my taxi then, I leave the harbour at half past and there is a seat left."),
)
TOPIC = "Strike: does the late boat go?"


def test_lines_about_the_writer_of_a_numbered_post_are_no_text() -> None:
    (found,) = read(Page(id="a", text=make_board(TOPIC, *POSTS)))
    assert found.body.split("\n\n") == [text for _, text in POSTS]
    assert [part.speaker for part in found.segments] == [None, "mossback", "gull watcher"]


def test_topic_is_the_line_that_the_posts_repeat() -> None:
    (found,) = read(Page(id="a", text=make_board(TOPIC, *POSTS)))
    assert found.title == TOPIC
    (found,) = read(Page(id="a", text=make_board("What now in all these weeks?", *POSTS)))
    assert found.title == "Thread starter tidewater"


def test_long_line_about_a_writer_is_no_name() -> None:
    posts = ((POSTS[0][0], POSTS[0][1]), ("a moss grown old back", POSTS[1][1]), POSTS[2])
    (found,) = read(Page(id="a", text=make_board(TOPIC, *posts)))
    assert [part.speaker for part in found.segments] == [None, None, "gull watcher"]


def test_post_without_buttons_goes_up_to_the_next_number() -> None:
    text = make_board(TOPIC, *POSTS).replace("Reply\nReactions: mossback and 3 others", "Bye for now")
    (found,) = read(Page(id="a", text=text))
    assert "Bye for now" in found.body
