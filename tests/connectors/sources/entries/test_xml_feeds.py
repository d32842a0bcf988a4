"""What is the text of an entry, and who its authors are, among elements of several vocabularies."""

import pytest

from connectors.sources.entries.entry import FeedDocument, FeedEntry
from connectors.sources.entries.xml_feeds import parse_xml_feed

NAMESPACES = (
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
)
TEXT = "<description>Port counts 45 ships.</description>"
PHOTO = '<media:content url="/c.jpg" medium="image"/><media:description>A crane in 2019.</media:description>'


def parse(document: str) -> FeedDocument:
    return parse_xml_feed(document, "https://port.example/feed", "feed")


def read_item(inner: str) -> FeedEntry:
    (entry,) = parse(f'<rss version="2.0" {NAMESPACES}><channel><item>{inner}</item></channel></rss>').entries
    return entry


def read_atom(inner: str) -> FeedEntry:
    (entry,) = parse(f'<feed xmlns="http://www.w3.org/2005/Atom" {NAMESPACES}><entry>{inner}</entry></feed>').entries
    return entry


@pytest.mark.parametrize(
    "inner",
    [TEXT + PHOTO, PHOTO + TEXT, f"{TEXT}<media:group>{PHOTO}</media:group>",
     TEXT + '<media:content url="/c.jpg"><media:description type="html">A crane.</media:description></media:content>',
     f"{TEXT}<itunes:summary>A long summary of an episode about cranes.</itunes:summary>",
     f"<itunes:summary>A long summary of an episode about cranes.</itunes:summary>{TEXT}",
     f"{TEXT}<dc:description>cranes, quays, ships</dc:description>",
     f"{TEXT}<media:text>A crane, as spoken.</media:text>", f"{TEXT}{PHOTO}<broken>&"],
)  # fmt: skip
def test_no_other_description_replaces_the_entrys_own(inner: str) -> None:
    entry = read_item(inner)
    assert (entry.body, entry.whole) == ("Port counts 45 ships.", False)


@pytest.mark.parametrize("other", ["<summary>Ships wait.</summary>", "<description>Ships wait.</description>"])
def test_of_two_descriptions_the_longer_is_the_text(other: str) -> None:
    for inner in (TEXT + other, other + TEXT, f"{other}{TEXT}{PHOTO}"):
        entry = read_item(inner)
        assert (entry.body, entry.whole) == ("Port counts 45 ships.", False)
    content = "<content:encoded>All of it.</content:encoded>"
    assert [read_item(inner).body for inner in (content + TEXT + other, TEXT + other + content)] == ["All of it."] * 2


def test_content_stays_content() -> None:
    entry = read_item(f"{TEXT}{PHOTO}<content:encoded>&lt;p&gt;All of it.&lt;/p&gt;</content:encoded>")
    assert (entry.body, entry.whole) == ("<p>All of it.</p>", True)


@pytest.mark.parametrize(
    ("inner", "body"),
    [(PHOTO, ""), ('<media:content url="/c.JPG?w=9"/><media:description>A crane.</media:description>', ""),
     ("<media:group><media:description>A film.</media:description></media:group>", "A film."),
     ('<media:content url="/v" type="video/mp4"/><media:description>A film.</media:description>', "A film."),
     ("<dc:description>Ships wait.</dc:description>", "Ships wait."),
     ("<itunes:summary>Episode 4.</itunes:summary>", "Episode 4.")],
)  # fmt: skip
def test_another_description_is_the_text_of_an_entry_without_one(inner: str, body: str) -> None:
    entry = read_item(f"<title>Ships</title>{inner}")
    assert (entry.body, entry.whole) == (body, False)


@pytest.mark.parametrize(
    "inner",
    ["&lt;40% back it, Vec&lt;T&gt;", "<![CDATA[<40% back it, Vec<T>]]>", "<![CDATA[&lt;40% back it, Vec&lt;T&gt;]]>",
     "&amp;lt;40% back it, Vec&amp;lt;T&amp;gt;"],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["", ' type="text"', ' type="html"', ' type="xhtml"'])
def test_titles_of_all_kinds(inner: str, kind: str) -> None:
    read = read_atom if kind else read_item
    title = f'<div xmlns="http://www.w3.org/1999/xhtml">{inner}</div>' if "xhtml" in kind else inner
    assert read(f"<title{kind}>{title}</title>").title == "<40% back it, Vec<T>"
    assert read(f"<title{kind}>{title}</title><x>&").title == "<40% back it, Vec<T>"


def test_the_photo_of_an_entry_does_not_name_it() -> None:
    photo = '<media:content url="/c.jpg"><media:title>A crane</media:title></media:content>'
    for inner in (f"<title>Ships</title>{photo}", f"{photo}<title>Ships</title>"):
        assert read_item(inner).title == "Ships"


@pytest.mark.parametrize(
    ("inner", "author"),
    [("<dc:creator>A. Berth</dc:creator><dc:creator>B. Quay</dc:creator>", "A. Berth, B. Quay"),
     ("<author>ed@port.press (A. Berth)</author><dc:creator>A. Berth</dc:creator>", "A. Berth"),
     ("<author>ed@port.press</author>", "ed@port.press"), ("<dc:creator></dc:creator>", None),
     ("<itunes:author>A. Berth</itunes:author><author>B. Quay</author>", "A. Berth, B. Quay")],
)  # fmt: skip
def test_authors_of_rss(inner: str, author: str | None) -> None:
    assert read_item(inner).author == author


@pytest.mark.parametrize(
    "name", ["authors", "links", "contributors", "author_detail", "title_detail", "summary_detail"]
)
@pytest.mark.parametrize("attributes", ["", ' a="b"'])
def test_an_element_with_a_name_of_the_parser_costs_nothing(name: str, attributes: str) -> None:
    inner = "<author>A. Berth</author><link>https://port.example/1</link><contributor><name>B</name></contributor>"
    for own in (
        f"<{name}{attributes}/>{inner}",
        f"<{name}{attributes}>text{inner}</{name}>",
        f"{inner}<{name}>x</{name}>",
    ):
        entry = read_item(f"<title>Ships</title>{TEXT}{own}")
        assert (entry.title, entry.author, entry.link) == ("Ships", "A. Berth", "https://port.example/1")
        assert entry.body == "Port counts 45 ships."


@pytest.mark.parametrize(
    "inner",
    ["<width>wide</width>", "<width><b>9</b></width>", '<height a="b"><b/></height>',
     '<georss:where a="b">1 2</georss:where>', "<gml:posList>1 2</gml:posList>",
     '<media:player a="b"><x/></media:player>',
     "<textInput><title>Find</title></textInput>",
     "<psc:chapters><psc:chapter/></psc:chapters>"],
)  # fmt: skip
def test_an_element_that_cannot_be_read_costs_itself(inner: str) -> None:
    others = (
        'xmlns:georss="http://www.georss.org/georss" xmlns:gml="http://www.opengis.net/gml" '
        'xmlns:psc="http://podlove.org/simple-chapters"'
    )
    feed = parse(
        f'<rss version="2.0" {NAMESPACES} {others}><channel><item><title>Ships</title>{inner}{TEXT}</item>'
        f"<item><title>Two</title></item>{inner}<title>Port</title></channel></rss>"
    )
    assert [entry.title for entry in feed.entries] == ["Ships", "Two"]
    assert (feed.entries[0].body, feed.title, feed.warning) == ("Port counts 45 ships.", "Port", None)


def test_elements_that_cannot_be_read_are_counted() -> None:
    place = '<gml:posList xmlns:gml="http://www.opengis.net/gml">1 2</gml:posList>'
    feed = parse(f"<rss><channel><item>{place}</item></channel></rss>")
    assert feed.repairs == {"elements that cannot be read, left out": 1}


def test_authors_of_atom() -> None:
    people = "".join(f"<author><name>{name}</name></author>" for name in ("A. Berth", "B. Quay", "C. Light"))
    assert read_atom(f"{people}<contributor><name>D. Mole</name></contributor>").author == "A. Berth, B. Quay, C. Light"
    assert read_atom("<author><email>ed@port.example</email></author>").author == "ed@port.example"


def test_the_authors_of_an_atom_feed_are_those_of_an_entry_without_any() -> None:
    person = "<author><name>{}</name></author>"
    feed = parse(
        f'<feed xmlns="http://www.w3.org/2005/Atom">{person.format("A. Berth")}{person.format("B. Quay")}'
        f"<entry><title>1</title></entry><entry><title>2</title>{person.format('C. Light')}</entry></feed>"
    )
    assert [entry.author for entry in feed.entries] == ["A. Berth, B. Quay", "C. Light"]
    editor = "<managingEditor>ed@port.example (E. Mole)</managingEditor>"
    (entry,) = parse(f"<rss version='2.0'><channel>{editor}<item><title>1</title></item></channel></rss>").entries
    assert entry.author is None


@pytest.mark.parametrize(
    ("inner", "language"),
    [('<title>Hafen</title><summary xml:lang="de">Schiffe.</summary>', "de"),
     ('<title xml:lang="de">Hafen</title>', "de"),
     ("<title>Hafen</title><dc:language>de</dc:language>", "de"), ("<title>Harbour</title>", None)],
)  # fmt: skip
def test_languages_of_entries(inner: str, language: str | None) -> None:
    assert read_atom(inner).language == language


@pytest.mark.parametrize(
    ("written", "read", "count"),
    [("Docks &nbsp;&amp; berths", "Docks \xa0& berths", 1), ("Docks & berths &c", "Docks & berths &c", 2),
     ("Zürich&ndash;K&ouml;ln", "Zürich–Köln", 2), ("R&D; R&amp;D", "R&D; R&D", 1), ("a&lt;b &LT; c", "a<b < c", 1),
     ("Bell\x07 rings&#7;", "Bell rings", 2), ("12 &#8211; 13 &#x2013; 14 &", "12 – 13 – 14 &", 1),
     ("&bogus; &unknown", "&bogus; &unknown", 2)],
)  # fmt: skip
def test_characters_that_break_xml_are_repaired(written: str, read: str, count: int) -> None:
    section = "<![CDATA[<p>R&D &nbsp; and </p>]]><!-- & -->"
    feed = parse(
        '<rss version="2.0"><channel><title>x</title>'
        f"<item><title>{written}</title><description>{section}</description></item></channel></rss>"
    )
    (entry,) = feed.entries
    assert (entry.title, entry.body) == (" ".join(read.split()), "<p>R&amp;D &nbsp; and </p>")
    assert (feed.warning, feed.repairs["characters that XML does not allow, repaired"]) == (None, count)


def test_a_feed_that_stays_broken_is_read_as_far_as_possible() -> None:
    feed = parse("<rss><channel><item><title>R&D</title></item><item><title>Two</titl></item></channel></rss>")
    assert feed.entries[0].title == "R&D"
    assert "broken" in str(feed.warning)


def test_the_name_of_a_feed_is_plain_too() -> None:
    feed = parse("<rss version='2.0'><channel><title>&lt;b&gt;Port&lt;/b&gt; &amp;amp; Pier</title>"
                 "<link>https://port.example/</link></channel></rss>")  # fmt: skip
    assert (feed.title, feed.link) == ("Port & Pier", "https://port.example/")
