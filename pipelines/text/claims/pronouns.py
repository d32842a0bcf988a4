"""Whom a pronoun means: somebody mentioned before it, the author of a post, or nobody in particular."""

from bisect import bisect_right

from pipelines.text.claims.mentions.antecedents import Antecedents
from pipelines.text.claims.mentions.referents import make_claimant
from pipelines.text.tables import load_words
from schemas.fields import ClaimantKind, Field
from schemas.text import ArticleText, Claimant, Segment

_TABLE = "pronouns.yaml"
_PERSON = load_words(__package__, _TABLE, "person")
_SEVERAL = load_words(__package__, _TABLE, "several")
_THING = load_words(__package__, _TABLE, "thing")
_AUTHOR = load_words(__package__, _TABLE, "author")
_NOBODY = load_words(__package__, _TABLE, "nobody")
_RELATIVE = load_words(__package__, _TABLE, "relative")
POSSESSIVES = load_words(__package__, _TABLE, "possessives")
_PRONOUNS = _PERSON | _SEVERAL | _THING | _AUTHOR | _NOBODY


def is_pronoun(words: str) -> bool:
    """Whether a mention is one pronoun."""
    return words.lower() in _PRONOUNS and words != "US"


class Pronouns:
    """Resolves the pronouns of one field, in reading order."""

    def __init__(self, article: ArticleText, field: Field, antecedents: Antecedents) -> None:
        self._article, self._antecedents = article, antecedents
        self._segments = sorted(article.segments, key=lambda one: one.start) if field == "body" else []
        self._segment: Segment | None = None

    def enter(self, start: int) -> None:
        """Goes on to a place: a pronoun in another post or report means nobody from the one before."""
        index = bisect_right(self._segments, start, key=lambda one: one.start) - 1
        segment = self._segments[index] if index >= 0 and start < self._segments[index].end else None
        if segment is not self._segment:
            self._segment = segment
            self._antecedents.start_at(segment.start if segment else start)

    def resolve(self, pronoun: str, start: int, end: int) -> Claimant | None:
        """Returns whom a pronoun means; None if nobody speaks: "you", or "I" where no author is known.

        The place must have been entered. A pronoun that means nobody known is a claimant of its own.
        """
        word = pronoun.lower()
        if word in _AUTHOR:
            author = self._author()
            return Claimant(name=author, kind="person", start=start, end=end) if author else None
        if word in _NOBODY:
            return None
        referent = self._antecedents.find(word, start)
        if referent is not None:
            return make_claimant(referent, self._antecedents.claimant_of(referent), start, end)
        kind: ClaimantKind = "person" if word in _PERSON else "group"
        return Claimant(name=pronoun, kind=kind, start=start, end=end)

    def _author(self) -> str | None:
        if self._segment is None:
            return self._article.author
        return self._segment.speaker or "the poster"
