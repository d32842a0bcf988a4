"""What `read` makes of a page beyond its text: sources, dates, items of markup, notes on quality."""

import json
import textwrap
from datetime import UTC, datetime

import pytest

from pipelines.text.reading.page import explain, read
from pipelines.text.reading.recurring import RecurringLines
from schemas.text import ArticleText, Page

FETCHED = datetime(2024, 3, 6, 8, 0, tzinfo=UTC)
REPORT = (
    "The council of Brennick approved a second bridge over the Tarn on Monday night, by eleven votes to four.",
    "Work will begin in spring and take two years, the town's engineer told the meeting on the same evening.",
    "Residents of the eastern bank had asked for the bridge since the flood, when the old crossing was shut.",
)
HEADLINE = "Council of Brennick approves second bridge"


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def document(body: str, head: str = "") -> str:
    title = f"<title>{HEADLINE} | The Brennick Post</title>"
    return f"<!DOCTYPE html><html><head>{title}{head}</head><body>{body}</body></html>"


def article_html(head: str = "") -> str:
    return document(f"<article><h1>{HEADLINE}</h1>{paragraphs(*REPORT)}</article>", head)


def plain(*lines: str) -> str:
    return "\n\n".join(lines)


def test_as_is_text_is_taken_byte_for_byte():
    text = "\ufeff  By Ann Lee\r\n\r\nShare\u00ad this   \u201cline\u201d\x00 caf\u00c3\u00a9 \n\n"
    (article,) = read(Page(id="1", text=text, as_is=True, title="As given ", feed="f"), RecurringLines())
    assert (article.body, article.title) == (text, "As given ")


@pytest.mark.parametrize("text", ["", " \n\t\n", "\u200b", "***\n---\n"])
def test_page_without_words_has_no_article(text):
    assert read(Page(id="1", text=text)) == []


def test_given_title_goes_before_the_one_on_the_page():
    (article,) = read(Page(id="1", text=plain(HEADLINE, *REPORT), title="  Bridge approved\u00ad "))
    assert article.title == "Bridge approved"
    assert article.body == plain(*REPORT)


def test_byline_and_date_are_read_from_text():
    text = plain(HEADLINE, "By Mara Quill", "March 5, 2024 4:10 pm GMT", *REPORT)
    (article,) = read(Page(id="1", text=text, fetched_at=FETCHED))
    assert article.author == "Mara Quill"
    assert article.published_at == datetime(2024, 3, 5, 16, 10, tzinfo=UTC)
    assert article.published_source == "text"


@pytest.mark.parametrize(
    ("byline", "name"),
    [
        ("By Mara Quill Updated March 5, 2024", "Mara Quill"),
        ("By Karin May | The Post", "Karin May"),
        ("By Mara Quill March 5, 2024", "Mara Quill"),
        ("Von Greta Halm", "Greta Halm"),
        ("By Mara Quill Mara Quill", "Mara Quill"),
        ("By our staff", None),
    ],
)
def test_byline_gives_the_name_alone(byline, name):
    (article,) = read(Page(id="1", text=plain(HEADLINE, byline, *REPORT)))
    assert article.author == name


def test_date_above_the_headline_is_not_the_article_s():
    (article,) = read(Page(id="1", text=plain("January 3, 2016", HEADLINE, "March 5, 2024", *REPORT)))
    assert article.published_at == datetime(2024, 3, 5, tzinfo=UTC)


def test_lines_with_numbers_are_no_posts():
    steps = [
        line for step in range(1, 6) for line in (f"Rest {step * 5} minutes", REPORT[step % 3].replace("on", str(step)))
    ]
    (article,) = read(Page(id="1", text=plain(HEADLINE, *steps)))
    assert article.kind == "article"


def test_date_of_feed_goes_before_the_one_on_the_page():
    given = datetime(2024, 3, 4, tzinfo=UTC)
    (article,) = read(Page(id="1", text=plain(HEADLINE, "March 5, 2024", *REPORT), published_at=given))
    assert (article.published_at, article.published_source) == (given, "feed")


@pytest.mark.parametrize("stamp", ["January 1, 1970", "March 5, 2031"])
def test_impossible_date_is_refused_and_flagged(stamp):
    (article,) = read(Page(id="1", text=plain(HEADLINE, stamp, *REPORT), fetched_at=FETCHED))
    assert article.published_at is None
    assert "date_refused" in article.quality


def test_ambiguous_date_is_not_guessed():
    (article,) = read(Page(id="1", text=plain(HEADLINE, "Published 03/04/2024", *REPORT), fetched_at=FETCHED))
    assert article.published_at is None


def test_metadata_of_html_are_read():
    record = {"@type": "NewsArticle", "datePublished": "2024-03-05T18:30:00+02:00"}
    head = (
        '<meta property="og:site_name" content="The Brennick Post"><meta name="author" content="Mara Quill">'
        '<link rel="canonical" href="/news/bridge"><script type="application/ld+json">'
        + json.dumps(record)
        + "</script>"
    )
    page = Page(id="1", html=article_html(head), url="https://post.example/news/bridge?utm=1", fetched_at=FETCHED)
    (article,) = read(page)
    assert article.title == HEADLINE
    assert article.body == plain(*REPORT)
    assert article.author == "Mara Quill"
    assert article.publisher == "The Brennick Post"
    assert article.canonical_url == "https://post.example/news/bridge"
    assert article.published_at == datetime(2024, 3, 5, 16, 30, tzinfo=UTC)
    assert article.published_source == "page"


def test_category_page_of_html_becomes_items_with_links():
    stories = {f"Town number {index} opens its harbour": REPORT[index] for index in range(3)}
    cards = "".join(
        f"<div class='card'><h2><a href='/s/{index}'>{title}</a></h2><p>{text}</p></div>"
        for index, (title, text) in enumerate(stories.items())
    )
    page = Page(id="1", html=document(f"<h1>Harbours</h1>{cards}"), url="https://post.example/harbours")
    found = read(page)
    assert [article.title for article in found] == list(stories)
    assert [article.body for article in found] == list(stories.values())
    assert [article.item_url for article in found] == [f"https://post.example/s/{index}" for index in range(3)]
    assert {article.kind for article in found} == {"digest_item"}
    assert {article.canonical_url for article in found} == {None}


def test_article_with_linked_teasers_below_is_not_split():
    teasers = "".join(f"<div><h3><a href='/t/{n}'>Another town opens pier {n}</a></h3></div>" for n in range(6))
    html = document(f"<article><h1>{HEADLINE}</h1>{paragraphs(*REPORT * 3)}</article><aside>{teasers}</aside>")
    assert len(read(Page(id="1", html=html))) == 1


def test_forum_in_html_gives_posts_with_speakers():
    posts = {
        "tidewater": "Does the late boat go tonight? I have no car and no wish to swim.",
        "mossback": "It does not.",
    }
    rows = [*posts.items(), ("tidewater", "Then I sleep in the cannery once more, it seems.")]
    cells = "".join(f"<div><b>{name} wrote:</b><div>{text}</div><a href='#'>Reply</a></div>" for name, text in rows)
    (thread,) = read(Page(id="1", html=document(f"<h1>Will the ferries run tonight?</h1>{cells}")))
    assert (thread.kind, thread.title) == ("forum", "Will the ferries run tonight?")
    spoken = [(part.speaker, thread.body[part.start : part.end]) for part in thread.segments]
    assert spoken == rows


def test_live_blog_declared_in_json_gives_its_updates():
    updates = [
        {"headline": "Polls close", "articleBody": f"<p>{REPORT[0]}</p>", "datePublished": "2024-03-05T21:02:00Z"},
        {"articleBody": REPORT[1], "url": "/live#2"},
    ]
    record = {"@type": "LiveBlogPosting", "liveBlogUpdate": updates}
    head = f'<script type="application/ld+json">{json.dumps(record)}</script>'
    found = read(Page(id="1", html=article_html(head), url="https://post.example/live"))
    assert [article.title for article in found] == ["Polls close", None]
    assert [article.body for article in found] == [REPORT[0], REPORT[1]]
    assert found[0].published_at == datetime(2024, 3, 5, 21, 2, tzinfo=UTC)
    assert found[1].item_url == "https://post.example/live#2"


@pytest.mark.parametrize(
    "last",
    [
        "Subscribe to continue reading",
        "Already a subscriber? Log in",
        "The council also heard from the owners of both ferries that […]",
    ],
)
def test_article_that_breaks_off_is_partial(last):
    long = [f"{text[:-1]}, {said}." for text in REPORT for said in ("it was said", "a clerk wrote", "all agreed")]
    (article,) = read(Page(id="1", text=plain(HEADLINE, *long, last)))
    assert article.content_scope == "partial"
    (whole,) = read(Page(id="1", text=plain(HEADLINE, *long)))
    assert whole.content_scope == "full"


TEASER = "A town far away opened its harbour to ships of every size on Sunday."


@pytest.mark.parametrize(
    "extra",
    [
        [line for n in range(4) for line in (f"Another town opens its pier {n}", TEASER, "Read more")],
        [line for n in range(4) for line in (f"Another town opens its pier {n}", f"March {n + 1}, 2024", TEASER)],
        [line for n in range(4) for line in (f"reader{n} wrote:", f"I saw pier {n} myself, and it is a fine one.")],
        [line for n in range(4) for line in (f"1{n}:30", f"The barge number {n} is seen near the old bridge.")],
        [line for n in range(4) for line in (f"Question {n} of the evening", TEASER)],
        [f"{n}. {TEASER}" for n in range(1, 6)],
    ],
    ids=["links", "dated", "posts", "timeline", "subheads", "numbered"],
)
def test_article_with_other_parts_below_is_not_split(extra):
    long = [f"{text[:-1]}, {said}." for text in REPORT for said in ("it was said", "a clerk wrote", "all agreed")]
    found = read(Page(id="1", text=plain(HEADLINE, "By Mara Quill", *long, *extra)))
    assert [(article.title, article.item_position, article.kind) for article in found] == [(HEADLINE, None, "article")]
    assert set(long) <= set(found[0].body.split("\n\n"))


def test_cut_off_items_are_partial():
    items = [plain(f"{HEADLINE} number {index}", f"{REPORT[index]}… Continue reading") for index in range(3)]
    found = read(Page(id="1", text=plain(*items)))
    assert [article.body for article in found] == list(REPORT)
    assert {article.content_scope for article in found} == {"teaser"}


@pytest.mark.parametrize(
    "markup", ["<div>" * 5000 + " ".join(REPORT), "<p" * 1000, "plain " + REPORT[0], "<!--", "\ud800<p>x y"]
)
def test_broken_markup_is_read_as_far_as_it_goes(markup):
    for article in read(Page(id="1", html=markup)):
        assert article.body


def test_mojibake_is_mended_and_flagged_and_quotes_stay_curly():
    text = plain(HEADLINE, *REPORT, "The café “Lune” stays – for now – in Mill Street, its owner said on Monday.")
    broken = text.encode().decode("cp1252", "replace").replace("\ufffd", "\x9d")
    (article,) = read(Page(id="1", text=broken))
    assert "“Lune” stays – for now" in article.body
    assert "mojibake_repaired" in article.quality
    (sound,) = read(Page(id="1", text=text))
    assert "mojibake_repaired" not in sound.quality


def test_text_broken_at_a_margin_is_joined():
    long = [f"{text[:-1]}, and {other[0].lower()}{other[1:]}" for text in REPORT for other in REPORT if other != text]
    wrapped = "\n\n".join(textwrap.fill(text, 66) for text in long)
    (article,) = read(Page(id="1", text=f"{HEADLINE}\n\n{wrapped}\n"))
    assert article.title == HEADLINE
    assert article.body == plain(*long)


def test_outlet_in_brackets_marks_what_it_wrote():
    lines = (REPORT[0], f"{REPORT[1]} (Northern Post)", REPORT[2])
    (article,) = read(Page(id="1", text=plain(HEADLINE, *lines)))
    parts = [(part.role, part.speaker, article.body[part.start : part.end]) for part in article.segments]
    assert parts == [("syndicated", "Northern Post", plain(*lines[:2])), ("own_text", None, lines[2])]


def test_recurring_lines_are_dropped_once_they_are_known():
    memory = RecurringLines()
    motto = "The Brennick Post has told the valley what it needs to know since the year of the great frost."
    for number in range(8):
        own = [f"{text[:-1]}, a {number}th time." for text in REPORT]
        page = Page(id=str(number), text=plain(HEADLINE, *own[:2], motto, own[2]), feed="post")
        (article,) = read(page, memory)
    assert motto not in article.body
    assert ("recurring", motto) in [(line.reason, line.text) for line in article.removed]
    assert article.body == plain(*own)


def test_explain_accounts_for_every_line():
    text = plain("Home", HEADLINE, "By Mara Quill", *REPORT, "Join the conversation")
    lines = explain(Page(id="1", text=text))
    assert [(line.part, line.reason) for line in lines] == [
        ("removed", "navigation"),
        ("title", None),
        ("removed", "byline_or_date"),
        *[("body", None)] * 3,
        ("removed", "comment_prompt"),
    ]
    assert [line.text for line in lines] == text.split("\n\n")


def test_removed_share_says_how_much_of_page_is_gone():
    (whole,) = read(Page(id="1", text=plain(HEADLINE, *REPORT)))
    (half,) = read(
        Page(id="1", text=plain(HEADLINE, *REPORT, "Most read", *["Other town opens its harbour at last"] * 9))
    )
    assert whole.removed_share == 0
    assert 0.3 < half.removed_share < 0.7


LIVE = (
    ("20:41 Quiet evening in Brennick", "After three alarms the evening has been quiet, the council says in a note."),
    ("18:05 NATO delegation leaves: no statement", "The delegation left the town hall at five without a word to us."),
    ("15:30 Some 40 residents return", "About 40 people were let back into the eastern bank for two hours of work."),
)


@pytest.mark.parametrize("title", [None, "Live: the flood in Brennick"])
def test_entries_of_a_live_page_are_items_and_their_titles_have_no_time(title: str | None) -> None:
    text = "The Brennick Post Live\nEvery minute\n\n" + "\n\n".join("\n".join(entry) for entry in LIVE)
    found = read(Page(id="1", text=text, title=title))
    assert [article.title for article in found] == [entry[0].partition(" ")[2] for entry in LIVE]
    assert [article.body for article in found] == [entry[1] for entry in LIVE]


def test_a_path_through_the_site_is_no_title_of_a_thread() -> None:
    posts = "\n\n".join(
        f"{name} wrote:\n{text}" for name, text in zip(("anna_k", "tarn77", "old_mill"), REPORT, strict=True)
    )
    (thread,) = read(Page(id="1", text=f"Brennick Forum > Town > Bridges and roads\n\n{posts}"))
    assert (thread.kind, thread.title) == ("forum", None)


@pytest.mark.parametrize("between", ["\n", "\n\n", "\nShare this article\n"])
def test_a_page_that_repeats_one_sentence_is_an_article_with_it_once(between: str) -> None:
    (article,) = read(Page(id="1", text=between.join([REPORT[0]] * 10)))
    assert article.body == REPORT[0]
    assert "repeated" in article.quality


def test_a_page_that_repeats_two_sentences_keeps_their_order_and_headline() -> None:
    (article,) = read(Page(id="1", text=plain(HEADLINE, *REPORT[:2] * 5)))
    assert (article.title, article.body) == (HEADLINE, plain(*REPORT[:2]))


STANDFIRST = "Forty tonnes burn in one night, and the owner of the silo blames the port"
FIRE = (
    "Fire destroys grain silo in the port of Lorve",
    STANDFIRST,
    "By Mara Quill",
    "Lorve, 3 March 2024",
    "The fire destroyed the grain silo in the port of Lorve on Sunday night, the fire service said on Monday.",
    "Nobody was hurt, but forty tonnes of grain were lost, and the harbour stays closed until Friday, the mayor said.",
)


def read_fire(*lines: str) -> ArticleText:
    (found,) = read(Page(id="a", text="\n".join(lines)))
    return found


@pytest.mark.parametrize("standfirst", [STANDFIRST, f"{STANDFIRST}.", "Forty tonnes burn, the owner says."])
def test_standfirst_between_headline_and_byline_is_text(standfirst: str) -> None:
    found = read_fire("Home", FIRE[0], standfirst, *FIRE[2:])
    assert found.title == FIRE[0]
    assert found.body.split("\n\n") == [standfirst, *FIRE[4:]]


@pytest.mark.parametrize(
    "line",
    ["Region and port of Lorve", "Fire destroys silo with grain in the port of Lorve", FIRE[4]],
)
def test_other_line_below_the_headline_is_no_standfirst(line: str) -> None:
    assert read_fire("Home", FIRE[0], line, *FIRE[2:]).body.split("\n\n") == [*FIRE[4:]]


def test_line_without_byline_is_no_standfirst() -> None:
    found = read_fire("Home", FIRE[0], STANDFIRST, "Photos", "Videos", "Sport", *FIRE[4:])
    assert STANDFIRST not in found.body
