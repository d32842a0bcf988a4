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
