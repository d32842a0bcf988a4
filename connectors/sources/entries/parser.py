"""Makes feedparser lose nothing: replaces those of its handlers of elements that do.

feedparser has no other way to change how it reads an element. It keeps what its handlers collect of an entry in a
dictionary under names such as `authors`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import feedparser

OTHER_TEXTS = ("dc_description", "itunes_summary", "media_description")
"""Elements that feedparser takes for one more description, which then replaces the entry's own."""
SECOND = "second_description"
"""Where a description is kept of an entry that has one already. feedparser would take it for the content."""
RESERVED = ("authors", "contributors", "links", "author_detail", "publisher_detail", "title_detail", "summary_detail")
"""Names under which feedparser collects. An element of that name would take the place of what is collected."""
UNREAD = "unread_elements"
"""Where the parser counts the elements that it cannot read."""


def adapt_feedparser() -> None:
    """Makes feedparser keep each of `OTHER_TEXTS` under its own name, and titles and authors as they are written.

    Elements with the names in `RESERVED` are passed over, and those in them are read. An element that its handler
    cannot read costs that element, not the feed.
    """
    parser = feedparser.mixin._FeedParserMixin
    for name in OTHER_TEXTS:
        setattr(parser, f"_start_{name}", lambda self, _, name=name: self.push(name, 1))
        setattr(parser, f"_end_{name}", lambda self, name=name: self.pop(name))
    for name in ("description", "summary"):
        setattr(parser, f"_start_{name}", keep_second(getattr(parser, f"_start_{name}")))
        setattr(parser, f"_end_{name}", end_second(getattr(parser, f"_end_{name}")))
    for name in RESERVED:
        setattr(parser, f"_start_{name}", lambda *_: None)
        setattr(parser, f"_end_{name}", lambda *_: None)
    parser._end_author = end_author
    for name in ("_start_textinput", "_start_textInput"):
        setattr(parser, name, prepare_textinput(getattr(parser, name)))
    # Resolving addresses in a title rewrites it as HTML: `Vec<T>` becomes `Vec<t>`.
    parser.can_contain_relative_uris = parser.can_contain_relative_uris - {"title"}
    for name in dir(parser):
        if name.startswith(("_start_", "_end_")):
            setattr(parser, name, guard(getattr(parser, name)))


def end_author(parser: Any) -> None:
    """Keeps an author's text as the name. feedparser's own looks for an address in it, and cuts `ed@port.press`."""
    name = parser.pop("author")
    parser.inauthor = 0
    authors = parser._get_context().get("authors")
    if name and authors:
        authors[-1].setdefault("name", name)


def keep_second(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Returns the handler of the start of a description so that it keeps a second one apart."""

    @wraps(handler)
    def start(parser: Any, attributes: Any) -> None:
        if "summary" in parser._get_context() and not parser.hasContent:
            parser._summaryKey = SECOND
            parser.push(SECOND, 1)
        else:
            handler(parser, attributes)

    return start


def end_second(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Returns the handler of the end of a description so that it knows a second one."""

    @wraps(handler)
    def end(parser: Any) -> None:
        if parser._summaryKey == SECOND:
            parser._summaryKey = None
            parser.pop(SECOND)
        else:
            handler(parser)

    return end


def prepare_textinput(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Returns the handler of a search field so that the field may also be in an entry."""

    @wraps(handler)
    def prepared(parser: Any, attributes: Any) -> None:
        parser.feeddata.setdefault("textinput", feedparser.FeedParserDict())
        handler(parser, attributes)

    return prepared


def guard(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Returns the handler of the start or end of an element so that it leaves out what it cannot read."""

    @wraps(handler)
    def guarded(parser: Any, *attributes: Any) -> Any:
        opened = len(parser.elementstack)
        try:
            return handler(parser, *attributes)
        except (LookupError, TypeError, ValueError):
            parser.feeddata[UNREAD] = parser.feeddata.get(UNREAD, 0) + 1
        if not attributes and len(parser.elementstack) == opened:
            del parser.elementstack[-1:]
        return None

    return guarded
