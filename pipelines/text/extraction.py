"""The text side from end to end: a page in, articles with language, entities, figures and claims out."""

import os
from functools import cache

import msgspec

from pipelines.text.claims.finding import find_claims
from pipelines.text.dates.finding import find_date_spans, find_times
from pipelines.text.entities.finding import Tagger, find_entities
from pipelines.text.entities.spacy import load_tagger
from pipelines.text.figures.finding import find_figures
from pipelines.text.language.detection import detect
from pipelines.text.reading.page import read
from schemas.text import ArticleText, Page


def extract(page: Page) -> list[ArticleText]:
    """Reads one page and finds all that it says. Never raises for what is in the page.

    Raises `Permanent` where `configured_tagger` does.
    """
    return [find(with_language(article, page)) for article in read(page)]


SURE = 0.8
"""Confidence from which the text is believed before the page's own word: templates say `en` above French articles."""


def with_language(article: ArticleText, page: Page) -> ArticleText:
    """Adds the language of the body; where the text leaves doubt, it is what the page says."""
    language, confidence = detect(article.body, page.language)
    if page.language and page.language != "und" and confidence < SURE:
        language = page.language
    return msgspec.structs.replace(article, language=language, language_confidence=confidence)


def find(article: ArticleText) -> ArticleText:
    """Adds entities, times, figures and claims; the body is left as it is."""
    return with_claims(with_mentions(article))


@cache
def configured_tagger() -> Tagger | None:
    """The spaCy model that the environment variable NEWSCLAIMS_SPACY_MODEL names, loaded once; None where it is unset.

    Raises `Permanent` where it cannot be loaded.
    """
    model = os.environ.get("NEWSCLAIMS_SPACY_MODEL")
    return load_tagger(model) if model else None


def with_mentions(article: ArticleText) -> ArticleText:
    """Adds entities, times and figures, from body and title. Raises `Permanent` where `configured_tagger` does."""
    title, body, language, anchor = article.title or "", article.body, article.language, article.published_at
    figures = [
        *find_figures(title, "title", language, find_date_spans(title)),
        *find_figures(body, "body", language, find_date_spans(body)),
    ]
    return msgspec.structs.replace(
        article,
        entities=tuple(find_entities(article.title, body, language, configured_tagger())),
        times=(*find_times(title, anchor, "title"), *find_times(body, anchor, "body")),
        figures=tuple(figures),
    )


def with_claims(article: ArticleText) -> ArticleText:
    """Adds claims, from the entities, times and figures that are there."""
    return msgspec.structs.replace(article, claims=tuple(find_claims(article)))
