"""The façade: which language an article gets."""

import pytest

from pipelines.text import extraction
from pipelines.text.language.detection import SURE
from schemas.text import ArticleText, Page

PLAIN = "The council met in the old harbour town and spoke at length about the weather, the roads and the winter."
DOUBTFUL = "Taxi Radio Hotel"


@pytest.mark.parametrize(("body", "language"), [(PLAIN, "en"), (DOUBTFUL, "fr")])
def test_the_page_gives_the_language_only_if_the_text_leaves_doubt(body: str, language: str) -> None:
    page = Page(id="a", text=body, language="fr")
    (article,) = extraction.add_languages([ArticleText(body=body)], page)
    assert article.language == language
    assert article.language_confidence is not None
    assert (article.language_confidence >= SURE) == (language == "en")


def detect_language(body: str, declared: str | None, title: str | None = None) -> str | None:
    """Returns the language that an article gets."""
    page = Page(id="a", text=body, language=declared)
    return extraction.add_languages([ArticleText(title=title, body=body)], page)[0].language


@pytest.mark.parametrize("declared", ["gl", "eu", "ms-MY"])
def test_language_that_the_detector_does_not_know_is_believed(declared: str) -> None:
    assert detect_language("O ministro dixo que a nova ponte non estará lista ata o ano que vén.", declared) == declared


def test_serbian_of_a_serbian_feed_stays_serbian() -> None:
    text = (
        "Градоначелник је рекао у уторак да се број повређених попео на 31. Више од 200 људи смештено је у хале, "
        "саопштила је полиција. Потрага за несталима се наставља."
    )
    assert [detect_language(text, declared) for declared in ("sr", "sr-Cyrl-RS", "mk", None)] == ["sr"] * 4


@pytest.mark.parametrize("declared", ["xx", "utf-8", "{{ lang }}", ""])
def test_declaration_that_names_no_language_counts_for_nothing(declared: str) -> None:
    assert detect_language("Jørgen Håkonsen, Mehmet Yıldızoğlu", declared) == "und"
    assert detect_language(PLAIN, declared) == "en"


@pytest.mark.parametrize(("declared", "language"), [("english", "en"), ("pt_BR", "pt-BR"), ("iw", "he"), ("IN", "id")])
def test_declaration_is_given_in_the_usual_form(declared: str, language: str) -> None:
    assert detect_language("12:30" if language == "he" else "Jørgen Håkonsen", declared) == language


def test_page_declares_a_language_where_the_feed_does_not() -> None:
    text = "O ministro dixo que a nova ponte non estará lista ata o ano que vén, e que as obras seguen no porto."
    markup = f'<html lang="gl"><body><article><h1>A nova ponte</h1><p>{text}</p></article></body></html>'

    assert [article.language for article in extraction.extract(Page(id="a", html=markup))] == ["gl"]
    assert [article.language for article in extraction.extract(Page(id="a", html=markup, language="pt"))] == ["pt"]


def test_names_leave_the_language_to_the_page() -> None:
    assert detect_language("Jørgen Håkonsen, Mehmet Yıldızoğlu", "fr") == "fr"
    assert detect_language("Jørgen Håkonsen, Mehmet Yıldızoğlu", None) == "und"
    assert detect_language(PLAIN, "und") == "en"


def test_language_of_another_script_is_not_believed() -> None:
    assert detect_language("нож", None) == "uk"
    assert detect_language("нож", "en") == "uk"
    assert detect_language("нож", "ru") == "ru"


def test_title_counts_where_the_body_is_short() -> None:
    names = "Jørgen Håkonsen, Mehmet Yıldızoğlu, "

    assert detect_language(names, None, "The minister said that the bridge would not be ready") == "en"
    assert detect_language(PLAIN * 2, None, "Ministeren sa at den nye broen ikke blir ferdig før neste år") == "en"


def test_title_counts_where_the_body_decides_nothing() -> None:
    names = "Jørgen Håkonsen, Mehmet Yıldızoğlu, " * 6

    assert detect_language(names, None, "The minister said that the bridge would not be ready") == "en"
    assert detect_language(names, None, "Jørgen Håkonsen") == "und"


def test_other_articles_of_the_page_help_where_one_decides_nothing() -> None:
    names = ArticleText(body="Jørgen Håkonsen, Mehmet Yıldızoğlu")
    page = Page(id="a", text="")

    found = extraction.add_languages([names, ArticleText(body=PLAIN)], page)
    assert [article.language for article in found] == ["en", "en"]
    found = extraction.add_languages([names, names], page)
    assert [article.language for article in found] == ["und", "und"]


@pytest.mark.parametrize(
    ("title", "body", "figures"),
    [
        ("Yıldızoğlu says 40 dead", "Mehmet Yıldızoğlu, Wołodymyr Brennick: 12 killed", {"40", "12"}),
        ("Holm: 31,000 soldiers killed", "Jørgen Holm, Ulvaren", {"31,000"}),
        ("Brenničk warns of 300 job cuts", "Brenničk, Håkonsen, Ulvar", {"300"}),
        ("Quake kills 12", "Ulvaren: 12 killed, Håkonsen says", {"12"}),
    ],
)
def test_headlines_of_names_and_figures_have_claims(title: str, body: str, figures: set[str]) -> None:
    (article,) = extraction.extract(Page(id="a", title=title, text=body))

    assert article.language == "en"
    assert figures <= {figure.text for figure in article.figures}
    assert {claim.field for claim in article.claims} >= {"title"}


def test_headline_says_who_counts() -> None:
    (article,) = extraction.extract(
        Page(id="a", title="Yıldızoğlu says 40 dead", text="Mehmet Yıldızoğlu, Wołodymyr Brennick: 12 killed")
    )

    told = [(claim.field, claim.claimant and claim.claimant.name, len(claim.figures)) for claim in article.claims]
    assert told == [("title", "Mehmet Yıldızoğlu", 1), ("body", "Mehmet Yıldızoğlu", 1)]


@pytest.mark.parametrize("declared", ["da", "es", "de"])
def test_headline_of_names_follows_the_declaration(declared: str) -> None:
    assert detect_language("Real Ulvaren, Jørgen Brennick: 2-1", declared) == declared
    assert detect_language("Real Ulvaren sign Jørgen Brennick for 103m euros", "en") == "en"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Volodymyr Zelenskyy, Donald Tusk and Emmanuel Macron met Recep Tayyip Erdogan in Ankara.", "en"),
        ("Real Madrid sign Jude Bellingham for 103m euros", "en"),
        ("Jens Stoltenberg, Mette Frederiksen and Ulf Kristersson visited Gotland", "en"),
        ("Zelenskyy: 31,000 soldiers killed", "en"),
        ("Erdogan: 40 dead in Diyarbakir", "en"),
        ("Hamas: 71 dead in al-Mawasi", "en"),
        ("Hi, I am good", "en"),
        # "met … in" is Dutch as well.
        ("Nguyen Phu Trong met Xi Jinping in Hanoi", "und"),
        ("Luis Inacio Lula da Silva met Javier Milei in Sao Paulo", "und"),
    ],
)
def test_headlines_of_names_that_were_taken_for_other_languages(text: str, language: str) -> None:
    assert detect_language(text, None) == language
    assert detect_language(text, "en") == "en"
    assert detect_language(text, "en-GB") in ("en", "en-GB")
