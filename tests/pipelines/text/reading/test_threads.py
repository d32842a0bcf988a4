"""Forum threads: heads of posts, what is printed around posts, and posts without heads."""

import pytest

from pipelines.text.reading.lines import split_lines
from pipelines.text.reading.pieces import Piece
from pipelines.text.reading.scoring import mark_lines
from pipelines.text.reading.threads import find_headed_thread, find_syndicated_segments, find_unheaded_thread

POSTS = (
    "The late boat goes at nine and not a minute later.",
    "It went at ten on Monday, and the skipper laughed.",
    "Then the timetable is wrong again, as it was in spring.",
)


def find(*texts: str) -> Piece | None:
    return find_headed_thread(mark_lines(split_lines("\n".join(texts))[0]))


def make_text(words: int, name: str = "ferry") -> str:
    return " ".join([name.capitalize(), *[name] * (words - 1)]) + "."


@pytest.mark.parametrize(
    "head",
    [
        *(
            f"NAME {verb}"
            for verb in ("wrote", "said", "says", "writes", "commented", "replied", "posted", "schrieb", "a écrit")
        ),
        *("NAME escribió:", "NAME ha scritto:", "NAME написала:", "NAME wrote on Monday:", "NAME said at 14:05"),
        *(f"{word} by NAME" for word in ("Posted", "Submitted", "Comment", "Reply", "Message", "Beitrag", "Author")),
        *("Posted by u/NAME on Monday", "Commented from: NAME", "Post von NAME"),
        *("u/NAME 5 hours since", "/u/NAME", "[–] NAME 5 hours since", "@NAME · 5h", "NAME 214 points 5 hours ago"),
        *(
            "NAME · 1 point",
            "NAME 5 min ago",
            "NAME, 2 weeks ago",
            "NAME 1 year ago by the lake",
            "NAME · 5h",
            "NAME | 3d",
        ),
    ],
)
def test_head_of_a_post_gives_its_speaker(head: str) -> None:
    lines = [line for n, post in enumerate(POSTS) for line in (head.replace("NAME", f"tide_{'abc'[n]}"), post)]
    thread = find(*lines)
    assert thread
    assert [segment.speaker for segment in thread.segments] == ["tide_a", "tide_b", "tide_c"]
    assert [line.text for line in thread.lines] == list(POSTS)


def test_number_is_the_head_of_a_post_by_nobody() -> None:
    thread = find(*[line for n, post in enumerate(POSTS) for line in (f"#{n} in this thread", post)])
    assert thread
    assert [segment.speaker for segment in thread.segments] == [None] * 3


@pytest.mark.parametrize(
    "control",
    [
        *("Reply", "Quote", "Report", "Like", "Likes: 5", "Share", "Permalink", "Parent", "Context", "Save", "Embed"),
        *(
            "Edit",
            "Delete",
            "Up vote",
            "Downvote",
            "Best",
            "Top",
            "New",
            "Sort by date",
            "Joined: May 2011",
            "Posts: 1,200",
        ),
        *("Location: Lorve by the lake", "Member since May", "Registered in May", "Senior member", "Moderator"),
        *("Sent from my lovely telephone", "Last edited by the moderator", "5 points", "Thanks: 5", "Level 3"),
        *("Parent | Reply | Quote | Report | Like | Share | Permalink | Parent | Save",),
    ],
)
def test_controls_are_not_part_of_posts(control: str) -> None:
    lines = [line for n, post in enumerate(POSTS) for line in (f"tide_{'abc'[n]} wrote:", post, control)]
    thread = find(*lines)
    assert thread
    assert [line.text for line in thread.lines] == list(POSTS)


@pytest.mark.parametrize("control", ["reply", "quote", "report", "like", "share", "permalink", "parent", "save"])
def test_controls_follow_each_other_on_a_line(control: str) -> None:
    lines = [line for n, post in enumerate(POSTS) for line in (f"tide_{'abc'[n]} wrote:", post, f"Delete | {control}")]
    thread = find(*lines)
    assert thread
    assert [line.text for line in thread.lines] == list(POSTS)


@pytest.mark.parametrize("control", ["Like", "Share", "Save", "Top"])
def test_share_button_is_a_control_before_others(control: str) -> None:
    lines = [line for n, post in enumerate(POSTS) for line in (f"tide_{'abc'[n]} wrote:", post, f"{control} | Quote")]
    thread = find(*lines)
    assert thread
    assert [line.text for line in thread.lines] == list(POSTS)


def thread_lines(count: int, words: int = 10, head: str = "wrote:") -> list[str]:
    return [
        line for n in range(count) for line in (f"tide_{'abcdefghij'[n]} {head}", make_text(words, "abcdefghij"[n] * 4))
    ]


def test_three_posts_make_a_thread() -> None:
    assert find(*thread_lines(3))
    assert find(*thread_lines(2)) is None
    assert find(*thread_lines(2), "tide_c wrote:") is None


def test_posts_hold_half_of_the_prose() -> None:
    assert find(make_text(30), *thread_lines(3))
    assert find(make_text(31), *thread_lines(3)) is None


def test_posts_below_an_article_and_a_heading_are_its_comments() -> None:
    assert find(make_text(80), "Comments", *thread_lines(3, 40)) is None
    assert find(make_text(79), "Comments", *thread_lines(3, 40))
    assert find(make_text(80), "By the lake", *thread_lines(3, 40))


def test_names_below_headlines_are_bylines() -> None:
    def lines(headlines: int) -> list[str]:
        return [
            line
            for n, text in enumerate("abcde")
            for line in (
                *(["Town opens a pier"] if n < headlines else []),
                f"tide_{text} wrote:",
                make_text(20, text * 4),
            )
        ]

    assert find(*lines(3))
    assert find(*lines(4)) is None


def test_head_has_at_most_14_words() -> None:
    def lines(words: int) -> list[str]:
        on = " ".join(["on", *["a"] * (words - 4)])
        return thread_lines(3, head=f"wrote {on}")

    assert find(*lines(14))
    assert find(*lines(15)) is None


@pytest.mark.parametrize(
    ("topic", "is_one"),
    [
        ("Late boat today?", True),
        ("Late boat", False),
        ("boat " * 24 + "boat", True),
        ("boat " * 25 + "boat", False),
        ("Is it late? Is it not?", False),
        ("- Late boat today", False),
        *((f"Late boat today{end}", False) for end in (".", ":", ";", ",")),
        ("Lake > Boats > Late", False),
    ],
)
def test_topic_is_the_line_above_the_first_post(topic: str, is_one: bool) -> None:
    thread = find(topic, *thread_lines(3, 20))
    assert thread
    assert (thread.title is not None) is is_one


def test_opening_post_and_quoted_lines_have_segments_of_their_own() -> None:
    thread = find(
        "Late boat today?",
        make_text(12, "open"),
        "tide_a wrote:",
        "> The boat is late, they say.",
        *POSTS[:1],
        *thread_lines(3),
    )
    assert thread
    assert [(part.role, part.speaker, part.first, part.last) for part in thread.segments[:4]] == [
        ("post", None, 0, 1),
        ("quoted_report", None, 1, 2),
        ("post", "tide_a", 2, 3),
        ("post", "tide_a", 3, 4),
    ]


# Posts without heads

PLAIN = make_text(8, "boat")


def find_unheaded(*texts: str) -> Piece | None:
    return find_unheaded_thread(mark_lines(split_lines("\n".join(texts))[0]))


def voices(slang: int, person: int, other: int) -> list[str]:
    """Paragraphs in a poster's slang, a poster's own voice, and nobody's voice."""
    letters = "abcdefghijklmnopqrst"
    return [
        *(f"The {letters[n]}boat is kinda late on Mondays." for n in range(slang)),
        *(f"For {letters[n]}boat tours i take the early one." for n in range(person)),
        *(f"The {letters[n]}boat goes at nine on Mondays." for n in range(other)),
    ]


def test_slang_and_own_voices_make_a_thread() -> None:
    assert find_unheaded(*voices(2, 1, 0))
    assert find_unheaded(*voices(1, 2, 0)) is None
    assert find_unheaded(*voices(2, 0, 1)) is None
    assert find_unheaded(*voices(3, 0, 0))


def test_three_paragraphs_in_ten_are_in_a_writers_own_voice() -> None:
    assert find_unheaded(*voices(2, 1, 7))
    assert find_unheaded(*voices(2, 1, 8)) is None


def test_words_in_quotation_marks_are_not_the_writers() -> None:
    for left, right in ("“”", '""', "«»", "„“"):
        assert find_unheaded(*[f"The {n} said {left}i am kinda late lol{right} on Monday." for n in "abcd"]) is None


def test_page_with_a_byline_is_no_thread_without_heads() -> None:
    assert find_unheaded("By Greta Halm", *voices(3, 0, 0)) is None


def test_words_are_looked_for_in_the_first_4000_characters() -> None:
    def lines(length: int) -> list[str]:
        return [f"{n} {'x' * length} kinda late." for n in "abc"]

    assert find_unheaded(*lines(3990))
    assert find_unheaded(*lines(3994)) is None


REPORT = ("The council said the boat would sail.", "Officials confirmed it for Monday.")


def roles(*texts: str) -> str:
    thread = find_unheaded(*texts)
    assert thread
    return "".join(segment.role[0] * (segment.last - segment.first) for segment in thread.segments)


def test_two_paragraphs_of_a_newsroom_are_a_report() -> None:
    assert roles(*voices(3, 0, 0), *REPORT) == "pppqq"
    assert roles(*voices(3, 0, 0), REPORT[0]) == "pppp"


def test_report_goes_on_over_plain_paragraphs() -> None:
    assert roles(*voices(3, 0, 0), REPORT[0], *voices(0, 0, 2), REPORT[1]) == "pppqqqq"
    assert roles(*voices(3, 0, 0), REPORT[0], *voices(0, 0, 3), REPORT[1]) == "pppppppp"


@pytest.mark.parametrize("post", ["My boat is late on Mondays.", "The boat is kinda slow."])
def test_report_goes_on_over_a_post_only_if_it_is_long(post: str) -> None:
    def reports(letters: str) -> list[str]:
        return [f"The {letter} said the boat would sail." for letter in letters]

    assert roles(*voices(4, 0, 0), *reports("abc"), post, *reports("defgh")) == "p" * 8 + "q" * 5
    assert roles(*voices(4, 0, 0), *reports("abcd"), post, *reports("efgh")) == "p" * 4 + "q" * 9


def test_agency_of_a_report_is_named_near_it() -> None:
    def speaker(*texts: str) -> str | None:
        thread = find_unheaded(*texts)
        assert thread
        return next(segment.speaker for segment in thread.segments if segment.role == "quoted_report")

    slang = voices(3, 0, 0)
    assert speaker(*slang[:2], "From Reuters, lol.", *REPORT) == "Reuters"
    assert speaker("From Reuters, lol.", *slang[:2], *REPORT) == "Reuters"
    assert speaker("From Reuters, lol.", *slang, *REPORT) is None
    assert speaker("From the New York Times, lol.", *slang[:2], *REPORT) == "New York Times"


AGENCIES = [
    *("AP", "Associated Press", "Reuters", "AFP", "Agence France-Presse", "dpa", "EFE", "ANSA", "TASS", "Interfax"),
    *("RIA Novosti", "Ukrinform", "Xinhua", "Yonhap", "Kyodo", "KCNA", "PTI", "ANI", "Anadolu", "Bloomberg", "BBC"),
    *("CNN", "NPR", "PBS", "Al Jazeera", "New York Times", "Washington Post", "Wall Street Journal", "Financial Times"),
    *(
        "Guardian",
        "Politico",
        "Axios",
        "Sky News",
        "Fox News",
        "NBC",
        "CBS",
        "ABC",
        "Der Spiegel",
        "Le Monde",
        "El País",
    ),
    *("Kyiv Independent", "Kyiv Post", "Moscow Times", "Daily Mail", "Telegraph", "Newsweek", "The Hill"),
]


@pytest.mark.parametrize("agency", AGENCIES)
def test_agency_is_known(agency: str) -> None:
    thread = find_unheaded(*voices(3, 0, 0), *REPORT, f"It said so to the {agency}.")
    assert thread
    assert thread.segments[-1].speaker == agency


SLANG = """
imo imho tbh lol lmao rofl wtf omg duh btw afaik iirc ngl smh fwiw tldr ffs kinda sorta gonna wanna gotta
y'all dunno nah yeah yep nope meh bruh bro dude dont doesnt didnt isnt arent wasnt werent wont cant couldnt
wouldnt shouldnt havent hasnt thats theyre theyll theyve youre youve youll whats theres heres ive im upvoted
downvoted subreddit reposted shitpost copium clickbait edit: ninja'd screenshotted paywalled fucking fuck shit
bullshit crap damn idiots morons clowns libs commies shills
"""
PERSON = [
    *(
        "I",
        "I'm",
        "I’ve",
        "I'd",
        "me",
        "my",
        "myself",
        "for anyone wondering",
        "you guys",
        "anyone else",
        "does anyone",
    ),
    "can someone",
]
NEWSROOM = [
    *("said", "says", "told", "according to", "reported", "announced", "noted", "added", "confirmed", "declared"),
    *("warned", "stated", "spokesman", "officials", "reporters", "news conference", "statement"),
]
SUMMARY = [
    *("Some people", "Many commenters", "A lot of users", "Some seem", "Others argue", "People are", "Commenters"),
    *("A comment section", "The discussion", "There's a general mood", "It sparked much debate", "Terms like"),
    *("Questions are being raised", "It's being noted", "It sees boats being thrown around", "The usual questions"),
]


@pytest.mark.parametrize("word", [*SLANG.split(), "op is", "this sub", "the mods", "archived this"])
def test_word_that_newsrooms_do_not_print(word: str) -> None:
    assert find_unheaded(*[f"The {letter} boat {word} late on Mondays." for letter in "abc"])


@pytest.mark.parametrize("word", PERSON)
def test_words_of_a_writers_own_voice(word: str) -> None:
    assert find_unheaded(*voices(2, 0, 0), f"The boat {word} was late on Mondays.")


@pytest.mark.parametrize("word", NEWSROOM)
def test_words_of_a_newsroom(word: str) -> None:
    assert roles(*voices(3, 0, 0), *[f"The {letter} boat {word} was late on Monday." for letter in "ab"]) == "pppqq"


@pytest.mark.parametrize("phrase", SUMMARY)
def test_words_of_a_summary(phrase: str) -> None:
    thread = find_unheaded(*[f"{phrase} about the {letter} boat on Mondays." for letter in "abc"])
    assert thread
    assert [(segment.role, segment.first, segment.last) for segment in thread.segments] == [("comment", 0, 3)]


def summary(count: int, plain: int) -> list[str]:
    return [
        *(f"Some people like the {n} boat on Mondays." for n in "abcdefgh"[:count]),
        *(f"The {n} boat goes at nine on Mondays." for n in "abcdefgh"[:plain]),
    ]


def test_summary_has_three_such_paragraphs_and_four_in_ten() -> None:
    assert find_unheaded(*summary(3, 0))
    assert find_unheaded(*summary(2, 0)) is None
    assert find_unheaded(*summary(2, 1)) is None
    assert find_unheaded(*summary(4, 6))
    assert find_unheaded(*summary(4, 7)) is None
    assert find_unheaded("By Greta Halm", *summary(3, 0)) is None


def test_report_above_a_summary_ends_with_a_link_to_the_rest() -> None:
    thread = find_unheaded(*summary(0, 2), "Read more", *summary(4, 0))
    assert thread
    assert [(segment.role, segment.first, segment.last) for segment in thread.segments] == [
        ("quoted_report", 0, 2),
        ("comment", 2, 6),
    ]


def test_link_below_most_of_a_summary_ends_no_report() -> None:
    thread = find_unheaded(*summary(4, 0), "Read more", "Some people like it as it is.")
    assert thread
    assert [segment.role for segment in thread.segments] == ["comment"]


@pytest.mark.parametrize(
    ("text", "outlet"),
    [
        ("The boat is late. (Northern Post)", "Northern Post"),
        ("“It is late.” (Post of the North)", "Post of the North"),
        ("The boat is late (Northern Post)", None),
        ("The boat is late. (see the map)", None),
    ],
)
def test_outlet_in_brackets_at_the_end_of_a_paragraph(text: str, outlet: str | None) -> None:
    segments = find_syndicated_segments(split_lines(text)[0])
    assert [segment.speaker for segment in segments] == ([outlet] if outlet else [])
