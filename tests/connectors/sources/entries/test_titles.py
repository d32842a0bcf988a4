"""Titles and names as plain text."""

from collections import Counter

import pytest

from connectors.sources.entries.titles import LONGEST, join_names, make_plain, read_title


@pytest.mark.parametrize(
    "title",
    ["Poll: <40% back harbour deal, >50% oppose it", "a < b > c", "We <3 ferries", "Vec<T> is full", "<T>",
     "Map<String, List<Integer>> at sea", "List<Object> at sea", "A <third of berths, >half of crews", "x<y>z",
     "Only <a third of voters back it, >half oppose it", "<i am here>", "Write to <jo@port.example>",
     "How the <b> tag came ashore", "1 < 2 & 3 > 2", "See <https://port.example/1>"],
)  # fmt: skip
@pytest.mark.parametrize("escape", [0, 1, 2])
def test_what_only_looks_like_a_tag_stays(title: str, escape: int) -> None:
    written = title
    for _ in range(escape):
        written = written.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert make_plain(written) == title


@pytest.mark.parametrize(
    ("written", "title"),
    [("<b>Forty</b> ships", "Forty ships"), ("Ships<br>wait<br/>here", "Ships wait here"),
     ("<i>Sea Lark</i>", "Sea Lark"),
     ("<B>Breaking</B>: <40% back it", "Breaking: <40% back it"), ("<b>Breaking: ships", "Breaking: ships"),
     ("Ships</b> wait", "Ships wait"), ("un<em>der</em>way", "underway"), ("<p>Ships</p><p>wait</p>", "Ships wait"),
     ('<a href="/1">Ships</a>', "Ships"), ("<font color=red>Ships", "Ships"), ("<hl2>Ships</hl2>", "Ships"),
     ('<st1:place w:st="on">Pier</st1:place>', "Pier"), ('Pier <o:p x="1">', "Pier"), ("300 m<sup>2</sup>", "300 m²"),
     ("10<sup>6</sup> people", "10⁶ people"), ("H<sub>2</sub>O", "H2O"), ("Ships <!-- 40 --> wait", "Ships wait"),
     ("&lt;![CDATA[Ships]]&gt;", "Ships"), ("Ships<script>wait()</script> wait", "Ships wait"),
     ("Ships <style>b {color: red}</style>wait", "Ships wait"), ("The <script> tag", "The <script> tag"),
     ("Ebbe &amp;amp; Flut", "Ebbe & Flut"), ("A&nbsp;B", "A B"), ("<br>", None),
     (None, None), ("  ", None)],
)  # fmt: skip
def test_tags_go(written: str | None, title: str | None) -> None:
    assert make_plain(written) == title


def test_titles_with_something_like_a_tag_are_counted() -> None:
    repairs = Counter[str]()
    for title in ("Deal: <40% back it, >5% do not", "<b>Deal</b>", "1 < 2"):
        read_title(title, repairs)
    assert repairs == {"titles with < kept as text": 1}


def test_long_titles_are_cut() -> None:
    assert len(str(make_plain("x" * 9_000))) == LONGEST


def test_names_come_once_and_without_addresses() -> None:
    names = ["ed@port.press (Jo Pier)", "jo pier", "Bo Quay <bo@port.example>", None, "", "lone@port.example"]
    assert join_names(names) == "Jo Pier, Bo Quay, lone@port.example"
    assert join_names([None]) is None
