"""The claims of an article: who says what, with which figures, how sure."""

from pipelines.text.attribution import Attribution, find_attributions
from pipelines.text.quotes import find_quotations
from pipelines.text.sentences import split_sentences
from schemas.fields import Field
from schemas.text import ArticleText, Claimant, ClaimText, Cue


def find_claims(article: ArticleText) -> list[ClaimText]:
    """Claims of title and body in reading order; of English articles only. Never raises for what the text is."""
    if article.language.split("-")[0] != "en":
        return []
    return [*_field_claims(article, article.title or "", "title"), *_field_claims(article, article.body, "body")]


def _field_claims(article: ArticleText, text: str, field: Field) -> list[ClaimText]:
    quotations = find_quotations(text)
    spans = split_sentences(text, quotations)
    attributions, _ = find_attributions(text, spans, quotations)
    return [_claim(article, text, field, one, spans[one.sentence]) for one in attributions]


def _claim(article: ArticleText, text: str, field: Field, one: Attribution, span: tuple[int, int]) -> ClaimText:
    claimant = None
    if one.source is not None:
        start, end = one.source
        claimant = Claimant(name=text[start:end], kind="person", start=start, end=end)
    cue = Cue(text=text[one.cue[0] : one.cue[1]], start=one.cue[0], end=one.cue[1]) if one.cue else None
    return ClaimText(
        text=text[span[0] : span[1]],
        field=field,
        start=span[0],
        end=span[1],
        content=tuple(one.content),
        claimant=claimant,
        cue=cue,
        status=one.cue_word.status,
        figures=tuple(f for f in article.figures if f.field == field and any(s <= f.start < e for s, e in one.content)),
    )
