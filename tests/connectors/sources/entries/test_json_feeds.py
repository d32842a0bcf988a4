"""JSON Feed that departs from the letter."""

import json
from typing import Any

import pytest

from connectors.sources.entries.entry import FeedDocument, FeedEntry
from connectors.sources.entries.json_feeds import parse_json_feed
from schemas.errors import Retryable

VERSION = "https://jsonfeed.org/version/1.1"
TEXT = "Port counts 40 ships, the harbour master said."


def parse(document: Any) -> FeedDocument:
    return parse_json_feed(document if isinstance(document, str) else json.dumps(document), "feed")


def read_item(**fields: Any) -> tuple[FeedEntry, dict[str, int]]:
    item = {"id": "1", "url": "https://buoy.example/1", "content_text": TEXT, **fields}
    feed = parse({"version": VERSION, "title": "Buoy", "items": [item]})
    assert feed.warning is None
    (entry,) = feed.entries
    return entry, dict(feed.repairs)


@pytest.mark.parametrize(
    ("fields", "author"),
    [({"authors": {"name": "A. Berth"}}, "A. Berth"), ({"author": "A. Berth"}, "A. Berth"),
     ({"authors": ["A. Berth", "B. Quay"]}, "A. Berth, B. Quay"), ({"author": [{"name": "A. Berth"}]}, "A. Berth"),
     ({"authors": "A. Berth"}, "A. Berth"), ({"authors": {"0": {"name": "A. Berth"}}}, "A. Berth"),
     ({"authors": [{"name": {"rendered": "A. Berth"}}, 7, None]}, "A. Berth"), ({"author": 7}, None),
     ({"author": True}, None)],
)  # fmt: skip
def test_authors_of_other_shapes(fields: dict[str, Any], author: str | None) -> None:
    entry, repairs = read_item(**fields)
    (field,) = fields
    assert (entry.author, entry.body) == (author, TEXT)
    assert repairs == {f"{field} of another type, {'read' if author else 'left out'}": 1}


@pytest.mark.parametrize(
    "fields",
    [{"authors": [{"name": "A. Berth"}, {"name": "B. Quay"}]}, {"author": {"name": "A. Berth, B. Quay"}},
     {"authors": [{"name": "A. Berth"}], "author": {"name": "B. Quay"}},
     {"authors": [{"name": "A. Berth"}, {"name": None, "url": "https://a.example"}, {"name": "B. Quay"}]}],
)  # fmt: skip
def test_authors_as_prescribed(fields: dict[str, Any]) -> None:
    entry, repairs = read_item(**fields)
    assert (entry.author, repairs) == ("A. Berth, B. Quay", {})


@pytest.mark.parametrize(
    ("field", "value", "attribute", "expected"),
    [("title", {"rendered": "Ships"}, "title", "Ships"), ("title", ["Ships"], "title", "Ships"),
     ("title", 7, "title", "7"),
     ("title", {"en": "Ships"}, "title", "Ships"), ("title", {"a": 1, "b": 2}, "title", None),
     ("title", False, "title", None), ("date_published", 1731436200, "dates", ("1731436200",)),
     ("date_published", 1731436200.0, "dates", ("1731436200",)), ("date_published", [], "dates", ()),
     ("url", {"href": "https://buoy.example/2"}, "link", "https://buoy.example/2"), ("url", 7, "link", ""),
     ("language", ["en"], "language", "en"), ("language", 7, "language", None),
     ("content_html", {"rendered": "<p>40</p>"}, "body", "<p>40</p>"), ("id", {"rendered": "p1"}, "id", "p1"),
     ("id", ["p1"], "id", "p1")],
)  # fmt: skip
def test_fields_of_another_type_cost_no_item(field: str, value: Any, attribute: str, expected: Any) -> None:
    entry, repairs = read_item(**{field: value})
    assert getattr(entry, attribute) == expected
    read = expected not in ((), None, "")
    counted = read or field in ("url", "language")  # both were text, though not of the kind that is needed
    assert repairs == {f"{field} of another type, {'read' if counted else 'left out'}": 1}


@pytest.mark.parametrize("name", ["title", "authors", "author", "date_published", "tags", "attachments", "language",
                                  "summary", "content_html", "image", "url", "id"])  # fmt: skip
def test_null_is_as_good_as_nothing(name: str) -> None:
    entry, repairs = read_item(**{name: None})
    assert (entry.body, repairs) == (TEXT, {})


@pytest.mark.parametrize("field", ["tags", "attachments", "image", "_ext"])
@pytest.mark.parametrize("value", ["x", 7, {"a": 1}, [None, 7], True])
def test_fields_that_are_not_used_may_be_anything(field: str, value: Any) -> None:
    entry, repairs = read_item(**{field: value})
    assert (entry.body, repairs) == (TEXT, {})


def test_the_authors_of_the_feed_are_those_of_an_item_without_any() -> None:
    items = [{"id": "1"}, {"id": "2", "authors": [{"name": "C. Light"}]}]
    for field in ({"authors": [{"name": "A. Berth"}]}, {"author": {"name": "A. Berth"}}):
        assert [entry.author for entry in parse({"version": VERSION, "items": items, **field}).entries] == [
            "A. Berth", "C. Light",
        ]  # fmt: skip


def test_numbers_are_ids() -> None:
    assert [read_item(id=value)[0].id for value in (7, 7.0, 7.5)] == ["7", "7", "7.5"]
    assert read_item(id=7)[1] == {}


@pytest.mark.parametrize(
    "fields",
    [{"title": None}, {"title": {"text": "Buoy"}}, {"language": 7}, {"language": None}, {"home_page_url": ["x"]},
     {"authors": "x"}, {"icon": 7}, {"version": None}, {"version": 1.1}, {"version": "https://jsonfeed.org/version/9"}],
)  # fmt: skip
def test_fields_of_the_feed_may_be_wrong(fields: dict[str, Any]) -> None:
    feed = parse({"version": VERSION, "items": [{"id": "1", "content_text": TEXT}], **fields})
    assert [entry.body for entry in feed.entries] == [TEXT]


def test_items_that_are_no_objects_are_counted() -> None:
    feed = parse({"version": VERSION, "items": [{"id": "1", "content_text": TEXT}, "two", None, 3, ["four"]]})
    assert len(feed.entries) == 1
    assert feed.repairs == {"items that are not objects, left out": 4}
    assert "none of 1 items" in str(parse({"version": VERSION, "items": ["one"]}).warning)
    assert parse({"version": VERSION, "items": {"a": {"id": "1"}, "b": {"id": "2"}}}).entries[1].id == "2"


@pytest.mark.parametrize("document", ["[1]", "{", '{"version": "https://jsonfeed.org/version/1"}', '{"items": [1]}',
                                      '{"items": [{"name": "x"}]}', '{"items": [' * 9_000])  # fmt: skip
def test_other_json_is_refused(document: str) -> None:
    with pytest.raises(Retryable, match="not a JSON Feed"):
        parse(document)


def test_a_broken_document_is_read_around_its_break() -> None:
    items = [{"id": str(n), "title": f"Report {n}", "authors": [{"name": "A"}], "content_text": TEXT} for n in range(5)]
    whole = json.dumps({"version": VERSION, "title": "Buoy", "items": items})
    feed = parse(whole.replace('"Report 2"', '"Report "2""'))
    assert [entry.id for entry in feed.entries] == ["0", "1", "3", "4"]
    assert "broken" in str(feed.warning)
    assert [entry.id for entry in parse(whole[:-60]).entries] == ["0", "1", "2", "3"]
    line_break = parse(whole.replace("Report 2", "Report\n2"))
    assert (line_break.entries[2].title, line_break.warning) == ("Report 2", None)


def test_half_characters_are_replaced() -> None:
    entry, _ = read_item(title="Ships \ud83d wait")
    assert entry.title == "Ships ? wait"
