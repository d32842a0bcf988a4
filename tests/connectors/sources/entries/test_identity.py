"""Which entries are articles of their own, and that each keeps its id."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.kit import Seen
from connectors.sources.entries.addresses import find_general_pages
from connectors.sources.entries.entry import FeedEntry
from connectors.sources.entries.identity import EntryIdentifier
from schemas.identity import article_id, digest

SITE = "https://port.example/"
STORM = "https://port.example/live/storm"
SHIPS = "Forty ships wait off the mole, the harbour master said on Tuesday."
STRIKE = "The strike enters its second day and nobody works, a union said."
FIRE = "A silo burned down overnight; nobody was hurt, firemen reported."


def entry(title: str | None, link: str = STORM, guid: str = "", body: str = SHIPS, date: str = "") -> FeedEntry:
    return FeedEntry(guid, link, title, None, body, False, False, (date,) if date else ())


class PolledFeed:
    """A feed that is polled again and again. `poll` returns the ids of what is delivered, by title or text."""

    def __init__(self, site: str = SITE) -> None:
        self.general = find_general_pages("https://port.example/feed.xml", site)
        self.marks: dict[str, str] = {}
        self.pages: dict[str, bool] = {}

    def poll(self, *entries: FeedEntry) -> dict[str, str]:
        seen = Seen(self.marks)
        identifier = EntryIdentifier(entries, "https://port.example/feed.xml", self.general, seen)
        delivered = {}
        for found in identifier.identify():
            name = found.listed.entry.title or found.listed.entry.body
            self.pages[name] = bool(found.page)
            if found.is_wanted:
                seen.add(found.key, found.mark.encode())
                delivered[name] = found.mark.article_id or article_id(found.listed.url, found.listed.entry.body)
        self.marks = seen.select_kept(identifier.present)
        return delivered


def read(*entries: FeedEntry) -> dict[str, str]:
    return PolledFeed().poll(*entries)


@pytest.mark.parametrize(
    "link",
    [f"{SITE}news/1", f"{SITE}news/1?utm_source=rss", f"{SITE}news/1#xtor=RSS-3", f"{SITE}news/1#comments", "/news/1",
     f"{SITE}news/1#:~:text=ships"],
)  # fmt: skip
def test_an_article_with_a_link_of_its_own_has_the_id_of_its_address(link: str) -> None:
    assert read(entry("Ships wait", link, "tag:port,1")) == {"Ships wait": article_id(f"{SITE}news/1", "")}


@pytest.mark.parametrize("link", [SITE, "https://www.port.example", STORM, "https://port.example/feed.xml"])
@pytest.mark.parametrize("guids", [("b3", "b2", "b1"), ("", "", ""), ("b", "b", "b"), (f"{SITE}#3", f"{SITE}#2", "")])
def test_entries_with_one_link_are_articles_and_a_new_one_replaces_none(link: str, guids: tuple[str, ...]) -> None:
    feed = PolledFeed()
    three = [entry(title, link, guid) for title, guid in zip(("Three", "Two", "One"), guids, strict=True)]
    before = feed.poll(*three)
    assert len(set(before.values())) == 3
    after = feed.poll(entry("Four", link, guids[0] and "b4"), *three)
    assert after.keys() == {"Four"}
    assert not set(after.values()) & set(before.values())
    assert read(*three) == before  # redelivered after the memory is lost


@pytest.mark.parametrize(
    "fragments",
    [("entry-3", "entry-2", "entry-1"), ("power-cut", "fishermen", "storm"), ("!/3", "!/2", "!/1"), ("3", "2", "1"),
     ("/post?id=3", "/post?id=2", "/post?id=1")],
)  # fmt: skip
@pytest.mark.parametrize("guids", [("", "", ""), ("s3", "s2", "s1")])
def test_posts_of_a_live_blog_keep_the_ids_of_their_places(fragments: tuple[str, ...], guids: tuple[str, ...]) -> None:
    feed = PolledFeed()
    posts = [
        entry("Storm live", f"{STORM}#{fragment}", guid, text)
        for fragment, guid, text in zip(fragments, guids, (SHIPS, STRIKE, FIRE), strict=True)
    ]
    found = {}
    for count in (1, 2, 3):
        found |= {count: feed.poll(*posts[-count:])}
    assert [list(each.values()) for each in found.values()] == [
        [article_id(f"{STORM}#{fragment}", "")] for fragment in reversed(fragments)
    ]


@pytest.mark.parametrize("other", [("Ships wait", "b2", SHIPS), ("Ships wait", "b1", STRIKE),
                                   ("SHIPS  wait", "", SHIPS),
                                   ("Ships wait", "b2", SHIPS + " Twelve more came.")])  # fmt: skip
@pytest.mark.parametrize("link", [f"{SITE}news/1", STORM])
def test_an_entry_that_is_listed_twice_is_one_article(other: tuple[str, str, str], link: str) -> None:
    title, guid, body = other
    assert read(entry(title, link, guid, body), entry("Ships wait", link, "b1")) == {title: article_id(link, "")}


def test_posts_under_one_headline_stay_apart() -> None:
    posts = [entry("Storm live", STORM, f"s{n}", text) for n, text in enumerate((SHIPS, STRIKE, FIRE))]
    feed = PolledFeed()
    assert len(feed.poll(*posts)) == 1  # by title
    assert len({mark.rpartition("|")[2] for mark in feed.marks.values()}) == 3


def test_posts_without_titles_are_told_apart_by_their_text() -> None:
    assert len(set(read(*(entry(None, SITE, "", text) for text in (SHIPS, STRIKE, FIRE, SHIPS))).values())) == 3


@pytest.mark.parametrize(("link", "others"), [(f"{SITE}news/1", ()), (STORM, ("Strike", "Fire")), (SITE, ("Strike",))])
def test_a_correction_updates_the_article(link: str, others: tuple[str, ...]) -> None:
    feed, rest = PolledFeed(), [entry(title, link, f"g-{title}", STRIKE) for title in others]
    before = feed.poll(entry("Ship wait", link, "g1"), *rest)
    after = feed.poll(entry("Ships wait", link, "g1", SHIPS + " Corrected."), *rest)
    assert after == {"Ships wait": before["Ship wait"]}


@pytest.mark.parametrize("guids", [("", "g1"), ("g1", ""), ("g1", "g2")])
@pytest.mark.parametrize(("link", "others"), [(f"{SITE}news/1", ()), (STORM, ("Strike", "Fire"))])
def test_feeds_may_gain_lose_and_change_guids(guids: tuple[str, str], link: str, others: tuple[str, ...]) -> None:
    def list_entries(guid: str) -> list[FeedEntry]:
        rest = [entry(title, link, guid and f"{guid}-{title}", STRIKE) for title in others]
        return [entry("Ships wait", link, guid), *rest]

    feed = PolledFeed()
    before = feed.poll(*list_entries(guids[0]))
    assert feed.poll(*list_entries(guids[1])) == {}
    assert feed.poll(*list_entries(guids[0])) == {}
    corrected = entry("Ships wait", link, guids[0], SHIPS + " Corrected.")
    assert feed.poll(corrected) == {"Ships wait": before["Ships wait"]}


@pytest.mark.parametrize("guids", [("", ""), ("", "g2"), ("g1", ""), (f"{SITE}news/1#0", f"{SITE}news/1#1")])
def test_without_guids_the_link_of_an_article_identifies_it(guids: tuple[str, str]) -> None:
    feed = PolledFeed()
    before = feed.poll(entry("Ships wait", f"{SITE}news/1", guids[0]))
    assert feed.poll(entry("Ships still wait", f"{SITE}news/1", guids[1])) == {"Ships still wait": before["Ships wait"]}


def test_one_entry_at_a_time_replaces_none() -> None:
    for link in (SITE, STORM):
        feed = PolledFeed()
        ids = [feed.poll(entry(title, link, f"g-{title}")).popitem()[1] for title in ("One", "Two", "Three")]
        assert len(set(ids)) == 3
    feed = PolledFeed()
    assert len({feed.poll(entry(title, SITE)).popitem()[1] for title in ("One", "Two", "Three")}) == 3


def test_an_entry_without_a_link_keeps_the_id_of_its_first_text() -> None:
    feed = PolledFeed()
    first = feed.poll(entry("Ships wait", "", "g1"), entry("Strike", "", "g2", STRIKE))
    assert first == {"Ships wait": article_id("", SHIPS), "Strike": article_id("", STRIKE)}
    after = feed.poll(entry("Ships wait", "", "g1", FIRE), entry("Strike", "", "g2", STRIKE))
    assert after == {"Ships wait": article_id("", SHIPS)}
    assert len(set(read(entry("One", "", "g1"), entry("Two", "", "g2")).values())) == 2


def test_the_page_of_several_entries_is_nobodys() -> None:
    feed = PolledFeed()
    feed.poll(entry("Alone", f"{SITE}news/1", "g1"), entry("Home", SITE, "g2"), entry("Post", f"{STORM}#p1", "g3"),
              entry("Live", STORM, "g4"))  # fmt: skip
    assert feed.pages == {"Alone": True, "Home": False, "Post": False, "Live": True}
    feed.poll(entry("Second", f"{SITE}news/1", "g5"))
    assert feed.pages["Second"] is False


def test_the_live_blog_itself_keeps_the_id_of_its_address() -> None:
    feed = PolledFeed()
    feed.poll(entry("Post", f"{STORM}#p1", "g3"))
    assert feed.poll(entry("Storm live", STORM, "g4"), entry("Post", f"{STORM}#p1", "g3")) == {
        "Storm live": article_id(STORM, "")
    }


def make_old_key(guid: str, link: str) -> str:
    """Returns the key of an entry as the release before had it."""
    return digest("entry", guid, link, "")


def test_marks_of_the_release_before_stay_valid() -> None:
    feed = PolledFeed()
    known = entry("Ships wait", f"{SITE}news/1", "g1")
    feed.marks = {make_old_key("g1", known.link): known.version}
    assert feed.poll(known) == {}
    assert feed.poll(entry("Ships wait", known.link, "g1", STRIKE)) == {"Ships wait": article_id(known.link, "")}


def test_what_the_release_before_replaced_is_delivered_again() -> None:
    posts = [entry(title, STORM, f"g-{title}") for title in ("Three", "Two", "One")]
    feed = PolledFeed()
    feed.marks = {make_old_key(post.id, STORM): post.version for post in reversed(posts)}
    found = feed.poll(*posts)
    assert found.keys() == {"Two", "One"}
    assert article_id(STORM, "") not in found.values()
    assert feed.poll(entry("Three", STORM, "g-Three", FIRE), *posts[1:]) == {"Three": article_id(STORM, "")}


_ENTRIES = st.builds(
    entry,
    title=st.sampled_from([None, "One", "Two"]),
    link=st.sampled_from(["", SITE, STORM, f"{STORM}#e1", f"{STORM}#e2", f"{STORM}#rss", f"{SITE}news/1", "tag:x,1"]),
    guid=st.sampled_from(["", "g1", "g2", STORM, f"{STORM}#7"]),
    body=st.sampled_from([SHIPS, STRIKE, FIRE, SHIPS + " Corrected."]),
)


@given(st.lists(_ENTRIES, max_size=5), st.lists(_ENTRIES, max_size=5))
def test_entries_that_are_listed_together_have_different_ids(first: list[FeedEntry], second: list[FeedEntry]) -> None:
    seen = Seen({})
    general = find_general_pages(f"{SITE}feed.xml", SITE)
    for entries in (first, second, first):
        ids = []
        for found in EntryIdentifier(entries, f"{SITE}feed.xml", general, seen).identify():
            ids.append(found.mark.article_id or article_id(found.listed.url, found.listed.entry.body))
            seen.add(found.key, found.mark.encode())
        assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(("fragment", "is_place"), [("rssfeed", False), ("entry-1", True), ("!/news", True)])
def test_a_word_behind_several_pages_is_no_place(fragment: str, is_place: bool) -> None:
    links = [f"{SITE}news/{number}" for number in (1, 2)]
    found = read(
        *(entry(link, f"{link}#{fragment}", link, text) for link, text in zip(links, (SHIPS, FIRE), strict=True))
    )
    assert found == {link: article_id(f"{link}#{fragment}" if is_place else link, "") for link in links}
    alone = read(entry("Storm", f"{STORM}#{fragment}", "s1"))
    assert alone == {"Storm": article_id(f"{STORM}#{fragment}", "")}


def test_a_place_that_is_used_again_is_another_article() -> None:
    feed = PolledFeed()
    first = feed.poll(entry("One", f"{STORM}#e1", "g1"))
    second = feed.poll(entry("Two", f"{STORM}#e1", "g2"))
    assert first["One"] == article_id(f"{STORM}#e1", "")
    assert second["Two"] != first["One"]
    both = PolledFeed()
    both.poll(entry("One", f"{STORM}#e1", "g1"))
    assert both.poll(entry("One", f"{STORM}#e2", "g2"))["One"] == article_id(f"{STORM}#e2", "")
