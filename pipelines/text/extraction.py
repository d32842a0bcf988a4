"""The façade of the text side: turns a page into articles with language, entities, times, figures and claims."""

import os
from collections.abc import Sequence
from functools import cache
from itertools import chain

import msgspec

from pipelines.text.claims.finding import find_claims
from pipelines.text.dates.finding import find_date_spans, find_times
from pipelines.text.entities.finding import Tagger, find_entities
from pipelines.text.entities.spacy import load_tagger
from pipelines.text.figures.finding import find_figures
from pipelines.text.language.codes import parse_language
from pipelines.text.language.declaration import choose_language
from pipelines.text.reading.page import read
from schemas.fields import Field
from schemas.text import ArticleText, Page


def extract(page: Page) -> list[ArticleText]:
    """Reads one page and finds everything in it. No content of a page raises an error.

    Raises `Permanent` if the configured spaCy model cannot be loaded.
    """
    return [add_findings(article) for article in add_languages(read(page), page)]


_SHORT_BODY = 200
"""Characters of a body below which the title helps to tell the language."""


def add_languages(articles: Sequence[ArticleText], page: Page) -> list[ArticleText]:
    """Adds the language of each text; if that leaves doubt or is not known, it is the language that the page gives.

    The title helps where the body is short or decides nothing, and then the other articles of the page do.
    """
    bodies = "\n".join(article.body for article in articles)
    return [_add_language(article, page, bodies) for article in articles]


def _add_language(article: ArticleText, page: Page, bodies: str) -> ArticleText:
    whole = f"{article.title}\n{article.body}" if article.title else article.body
    texts = [whole, bodies] if len(article.body) < _SHORT_BODY else [article.body, whole, bodies]
    declared = parse_language(page.language) or parse_language(article.language)
    language, confidence = choose_language(dict.fromkeys(texts), declared)
    return msgspec.structs.replace(article, language=language, language_confidence=confidence)


def add_findings(article: ArticleText) -> ArticleText:
    """Adds entities, times, figures and claims."""
    return add_claims(add_mentions(article))


@cache
def load_configured_tagger() -> Tagger | None:
    """Loads the spaCy model in the environment variable NEWSCLAIMS_SPACY_MODEL once; None if it is unset.

    Raises `Permanent` if it cannot be loaded.
    """
    model = os.environ.get("NEWSCLAIMS_SPACY_MODEL")
    return load_tagger(model) if model else None


def add_mentions(article: ArticleText) -> ArticleText:
    """Adds entities, times and figures of body and title. Raises `Permanent` as `load_configured_tagger` does."""
    fields: tuple[tuple[Field, str], ...] = (("title", article.title or ""), ("body", article.body))
    texts = [(field, text) for field, text in fields if text]
    figures = [find_figures(text, field, article.language, find_date_spans(text)) for field, text in texts]
    times = [find_times(text, article.published_at, field) for field, text in texts]
    return msgspec.structs.replace(
        article,
        entities=tuple(find_entities(article.title, article.body, article.language, load_configured_tagger())),
        times=tuple(chain.from_iterable(times)),
        figures=tuple(chain.from_iterable(figures)),
    )


def add_claims(article: ArticleText) -> ArticleText:
    """Adds claims, which are found from the entities, times and figures."""
    return msgspec.structs.replace(article, claims=tuple(find_claims(article)))
