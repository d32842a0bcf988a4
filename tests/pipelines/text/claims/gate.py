"""The gold of the claims and how they are scored: sentences with one attribution each, and articles.

The gold is this project's own writing, see the heads of its files.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipelines.text.claims.finding import find_claims
from pipelines.text.dates.finding import find_date_spans
from pipelines.text.figures.finding import find_figures
from schemas.text import ArticleText, ClaimText

GOLD = Path(__file__).parent / "gold"
FILES = sorted(GOLD.iterdir())


@dataclass(frozen=True)
class GoldSentence:
    """A sentence with its attribution: the words of source, cue and content, and the status."""

    form: str
    status: str
    source: str
    cue: str
    content: str
    text: str


def read_sentences() -> list[GoldSentence]:
    """Returns the gold sentences; those of the form `none` hold no attribution."""
    lines = (GOLD / "sentences.psv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("|") for line in lines if not line.startswith("#")]
    return [GoldSentence(*(part.strip() for part in row)) for row in rows]


def read_articles() -> list[dict[str, Any]]:
    """Returns the gold articles: `title`, `body`, and `claims` as claimant, status and words of the content."""
    articles = yaml.safe_load((GOLD / "articles.yaml").read_text(encoding="utf-8"))
    assert isinstance(articles, list)
    return articles


def english_article(body: str, title: str | None = None) -> ArticleText:
    """Returns an English article with its figures, as the claims need it."""
    figures = [*find_figures(title or "", "title", "en", find_date_spans(title or ""))]
    figures += find_figures(body, "body", "en", find_date_spans(body))
    return ArticleText(title=title, body=body, language="en", figures=tuple(figures))


def find_attributed(text: str) -> list[ClaimText]:
    """Returns the claims of a text that have a cue or a claimant: not those that the text makes itself."""
    return [claim for claim in find_claims(english_article(text)) if claim.cue or claim.claimant]


def locate(part: str, text: str) -> tuple[int, int]:
    """Returns the span of the words `part` in `text`, without regard to case."""
    left, right = (r"\b" if character.isalnum() else "" for character in (part[0], part[-1]))
    found = re.search(left + re.escape(part.lower()) + right, text.lower())
    assert found is not None, f"{part!r} is not in {text!r}"
    return found.span()


def overlaps(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Returns whether two spans share a character."""
    return one[0] < other[1] and other[0] < one[1]


def matches(claim: ClaimText, gold: GoldSentence) -> bool:
    """Returns whether a claim has the cue, the content and the source of a gold sentence."""
    if claim.cue is None or not overlaps((claim.cue.start, claim.cue.end), locate(gold.cue, gold.text)):
        return False
    if not any(overlaps(one, locate(gold.content, gold.text)) for one in claim.content):
        return False
    if claim.claimant is None or claim.claimant.start is None or claim.claimant.end is None:
        return not gold.source
    source = (claim.claimant.start, claim.claimant.end)
    return bool(gold.source) and overlaps(source, locate(gold.source, gold.text))


def content_words(claim: ClaimText, article: ArticleText) -> str:
    """Returns the words of a claim's content, with straight quotation marks."""
    source = article.title if claim.field == "title" else article.body
    return " ".join((source or "")[start:end] for start, end in claim.content).replace("”", '"').replace("“", '"')


def measure() -> tuple[dict[str, float], list[str]]:
    """Returns the shares that the floors hold, and a line for each mistake."""
    sentences, mistakes = _measure_sentences()
    articles, more = _measure_articles()
    return sentences | articles, mistakes + more


def _measure_sentences() -> tuple[dict[str, float], list[str]]:
    sentences = read_sentences()
    gold = [one for one in sentences if one.form != "none"]
    found = [(one, [claim for claim in find_attributed(one.text) if matches(claim, one)]) for one in gold]
    missed = [f"missed: {one.text}" for one, claims in found if not claims]
    wrong = [f"{claims[0].status}: {one.text}" for one, claims in found if claims and claims[0].status != one.status]
    silent = [one.text for one in sentences if one.form == "none"]
    loud = [f"not silent: {text}" for text in silent if find_attributed(text)]
    return {
        "sentences found": 1 - len(missed) / len(gold),
        "sentences with status": 1 - (len(missed) + len(wrong)) / len(gold),
        "sentences silent": 1 - len(loud) / len(silent),
    }, missed + wrong + loud


def _measure_articles() -> tuple[dict[str, float], list[str]]:
    want = found = claimants = statuses = predicted = 0
    mistakes: list[str] = []
    for row in read_articles():
        article = english_article(str(row["body"]), str(row["title"]))
        left = find_claims(article)
        predicted += len(left)
        for who, status, words in row["claims"]:
            want += 1
            claim = next((one for one in left if words.lower() in content_words(one, article).lower()), None)
            if claim is None:
                mistakes.append(f"missed: {who} | {words}")
                continue
            left.remove(claim)
            found += 1
            name = claim.claimant.name if claim.claimant else ""
            is_right = (who.lower() in name.lower() or name.lower() in who.lower()) if who and name else who == name
            claimants += is_right
            statuses += claim.status == status
            if not is_right or claim.status != status:
                mistakes.append(f"{who}, {status} | {words} | got {name}, {claim.status}")
        mistakes.extend(f"extra: {content_words(one, article)}" for one in left)
    return {
        "articles found": found / want,
        "articles claimants": claimants / want,
        "articles statuses": statuses / want,
        "articles precision": found / predicted,
    }, mistakes
