"""The façade: which language an article gets."""

import pytest

from pipelines.text import extraction
from schemas.text import ArticleText, Page

PLAIN = "The council met in the old harbour town and spoke at length about the weather, the roads and the winter."
DOUBTFUL = "Taxi Radio Hotel"


@pytest.mark.parametrize(("body", "language"), [(PLAIN, "en"), (DOUBTFUL, "fr")])
def test_the_page_gives_the_language_only_if_the_text_leaves_doubt(body: str, language: str) -> None:
    page = Page(id="a", text=body, language="fr")
    article = extraction.add_language(ArticleText(body=body), page)
    assert article.language == language
    assert article.language_confidence is not None
    assert (article.language_confidence >= extraction.SURE) == (language == "en")


def detect_language(body: str, declared: str | None, title: str | None = None) -> str | None:
    """Returns the language that an article gets."""
    return extraction.add_language(
        ArticleText(title=title, body=body), Page(id="a", text=body, language=declared)
    ).language


@pytest.mark.parametrize("declared", ["gl", "eu", "ms-MY"])
def test_language_that_the_detector_does_not_know_is_believed(declared: str) -> None:
    assert detect_language("O ministro dixo que a nova ponte non estará lista ata o ano que vén.", declared) == declared


def test_sure_answer_overrules_a_known_language() -> None:
    assert detect_language(PLAIN, "de") == "en"
    assert detect_language("Председник је рекао да није тако.", "mk") == "sr"
    assert detect_language("Председник је рекао да није тако.", "sr") == "sr"


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
    assert detect_language(names * 6, None, "The minister said that the bridge would not be ready") == "und"
