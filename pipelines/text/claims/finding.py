"""The claims of an article: who says what, with which figures, how sure."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import partial
from operator import attrgetter
from typing import Protocol, TypeVar

from pipelines.text.claims.assertions import assertion_id, event_of
from pipelines.text.claims.attribution import find_attributions
from pipelines.text.claims.claimants import Claimants
from pipelines.text.claims.layout.introductions import join_introductions
from pipelines.text.claims.layout.notes import leave_out_notes
from pipelines.text.claims.mentions.referents import Referents
from pipelines.text.claims.narration import find_body_statements, find_title_statements
from pipelines.text.claims.sentence_attributions import Attribution
from pipelines.text.claims.status.attributed import CueUse, attributed_status
from pipelines.text.claims.status.statement import judge_statement
from pipelines.text.claims.status.tagged_words import TaggedWords, slice_sentence, tag_statements
from pipelines.text.claims.via.sources import NO_SOURCE, Source, Sources, join_repeated
from pipelines.text.english.negation import is_denied
from pipelines.text.english.quotes import find_quotations
from pipelines.text.english.sentences import split_sentences
from pipelines.text.english.tagging import Sentence
from pipelines.text.tables import load_words
from schemas.fields import Field, Quote, Status
from schemas.text import ArticleText, ClaimText, Cue, Entity, Party, TimeReference

_HEAD = 500
"""Characters of a content that its status and event are read from."""
_PLACE_PREPOSITIONS = "|".join(sorted(load_words(__package__, "assertions.yaml", "place_prepositions")))
_PLACE = re.compile(rf"\b(?:{_PLACE_PREPOSITIONS})\s+(?:the\s+)?\Z")
_PLACE_REACH = 16
"""Characters before an entity in which the preposition of a place is searched for."""
_DIRECT = 0.8
"""Share of a content from which quoted words make it a direct quotation."""
_UNQUOTED = 4
"""Characters of a direct quotation that may be outside the marks: the marks themselves and a comma."""

_FIELDS: tuple[Field, ...] = ("title", "body")

Spans = Sequence[tuple[int, int]]


class _Placed(Protocol):
    @property
    def start(self) -> int: ...


_Item = TypeVar("_Item", bound=_Placed)


def find_claims(article: ArticleText) -> list[ClaimText]:
    """Returns the claims of title and body in reading order; none if the article is not in English.

    Never raises, whatever the text.
    """
    if article.language.split("-")[0] != "en":
        return []
    referents = Referents(article)
    fields = (_Field(referents, name) for name in _FIELDS if referents.text_of(name))
    return [claim for field in fields for claim in field.claims()]


class _Field:
    """The title or the body of an article with what was found in it, in reading order."""

    def __init__(self, referents: Referents, field: Field) -> None:
        article, text = referents.article, referents.text_of(field)
        self._article, self._text, self._field = article, text, field
        quotations = find_quotations(text)
        spans = leave_out_notes(text, split_sentences(text, quotations))
        self._spans, self._quotations = join_introductions(text, spans, quotations)
        figures = (one for one in article.figures if one.field == field and not is_denied(text, one.start))
        self._figures = sorted(figures, key=lambda one: one.start)
        self._times = sorted((one for one in article.times if one.field == field), key=lambda one: one.start)
        self._sentences: list[Sentence] = []
        claimants = Claimants(referents, field, self._spans, self._quotations)
        self._mentions = claimants.mentions
        self._sources = Sources(text, self._spans, claimants)

    def claims(self) -> list[ClaimText]:
        """Returns the claims; an attribution that only repeats another is what that was said through."""
        found, self._sentences = find_attributions(self._text, self._spans, self._quotations)
        read = [(one, source) for one in found if (source := self._sources.read(one)) is not None]
        kept = list(join_repeated(read))
        taken = {number for one in found for number in range(one.first, one.sentence + 1)}
        if self._field == "title":
            statements = find_title_statements(self._sentences, taken)
        else:
            statements = find_body_statements(self._sentences, taken, self._figures, self._text)
        said = [(one.first, one.content) for one, _ in kept]
        stated = [(one.sentence, [(one.start, one.end)]) for one in statements]
        tagged = iter(self._tag([*said, *stated]))
        claims = [self._attributed(one, source, next(tagged)) for one, source in kept]
        claims.extend(
            self._claim(self._spans[number], content, judge_statement(next(tagged))) for number, content in stated
        )
        return sorted(claims, key=lambda claim: (claim.start, claim.cue.start if claim.cue else claim.start))

    def _attributed(self, one: Attribution, source: Source, words: TaggedWords) -> ClaimText:
        cue = Cue(text=self._text[one.cue[0] : one.cue[1]], start=one.cue[0], end=one.cue[1]) if one.cue else None
        use = CueUse(
            cue=one.cue_word,
            construction=one.construction,
            text=cue.text if cue else "",
            content=self._words(one.content),
            words=words,
            claimant=self._text[one.source[0] : one.source[1]] if one.source else "",
            quote=self._quote(one),
            is_negated=source.is_negated,
            is_doubted=one.doubted,
        )
        status = attributed_status(use)
        return self._claim(self._spans[one.first], one.content, status, source=source, cue=cue, quote=use.quote)

    def _tag(self, contents: Sequence[tuple[int, Spans]]) -> list[TaggedWords]:
        """Returns the words of contents, each with the number of its sentence.

        A content of one part has the tags that it has in its sentence, all others are tagged by themselves, together.
        """
        sliced = [
            slice_sentence(self._sentences[number], *content[0]) if len(content) == 1 else None
            for number, content in contents
        ]
        alone = iter(
            tag_statements(
                [self._words(content) for (_, content), words in zip(contents, sliced, strict=True) if words is None]
            )
        )
        return [next(alone) if words is None else words for words in sliced]

    def _words(self, content: Spans) -> str:
        return " ".join([self._text[start:end] for start, end in content])[:_HEAD]

    def _claim(
        self,
        span: tuple[int, int],
        content: Spans,
        status: Status,
        source: Source = NO_SOURCE,
        cue: Cue | None = None,
        quote: Quote = "none",
    ) -> ClaimText:
        """Returns the claim of a sentence."""
        words = self._words(content)
        figures = _within(self._figures, content)
        entities = list(self._mentions.entities(content).values())
        event = event_of(words)
        said = partial(assertion_id, words, event, parties=[entity for entity, _ in entities], figures=figures)
        return ClaimText(
            text=self._text[span[0] : span[1]],
            field=self._field,
            start=span[0],
            end=span[1],
            content=tuple(content),
            claimant=source.claimant,
            cue=cue,
            quote=quote,
            via=source.via,
            status=status,
            parties=self._parties(entities),
            event=event,
            time=self._time(span, content),
            figures=tuple(figures),
            assertion_id=said(status),
            denies=said("asserted") if status == "denied" else None,
        )

    def _quote(self, one: Attribution) -> Quote:
        """Returns how much of the content is quoted. Single marks count only if the attribution itself is quoted."""
        inside = [q for q in _within(self._quotations, one.content) if not q.single or one.quoted]
        quoted = sum(quotation.length for quotation in inside)
        if not quoted:
            return "none"
        total = sum(end - start for start, end in one.content)
        return "direct" if quoted >= _DIRECT * total - _UNQUOTED else "partial"

    def _parties(self, entities: list[tuple[Entity, int]]) -> tuple[Party, ...]:
        parties = []
        for order, (entity, at) in enumerate(entities):
            place = entity.kind == "location" and _PLACE.search(self._text, max(0, at - _PLACE_REACH), at)
            role = "place" if place else "agent" if not order else "target"
            parties.append(Party(name=entity.name, kind=entity.kind, role=role))
        return tuple(parties)

    def _time(self, span: tuple[int, int], content: Spans) -> TimeReference | None:
        """Returns the first time inside the content, else the first of the sentence."""
        times = _within(self._times, [(span[0], max(span[1], content[-1][1]))])
        inside = (one for one in times if any(start <= one.start < end for start, end in content))
        first = next(inside, None) or next(iter(times), None)
        return first.time if first else None


def _within(items: Sequence[_Item], spans: Spans) -> list[_Item]:
    """Returns the items, sorted by `start`, that start inside the spans."""
    found: list[_Item] = []
    for start, end in spans if items else ():
        first = bisect_left(items, start, key=_start)
        found.extend(items[first : bisect_left(items, end, lo=first, key=_start)])
    return found


_start = attrgetter("start")
