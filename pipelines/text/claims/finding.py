"""The claims of an article: who says what, with which figures, how sure."""

import re
from bisect import bisect_left
from functools import partial

import msgspec

from pipelines.text.claims.assertions import assertion_id, event_of
from pipelines.text.claims.attribution import find_attributions
from pipelines.text.claims.claimants import Claimants
from pipelines.text.claims.narration import Statement, body_statements, title_statements
from pipelines.text.claims.negated_subjects import bare_subject
from pipelines.text.claims.status import attributed_status, content_status
from pipelines.text.claims.venues import venue_after
from pipelines.text.english.clauses import Attribution
from pipelines.text.english.quotes import Quotation, find_quotations
from pipelines.text.english.sentences import split_sentences
from schemas.fields import Field, Quote, Status
from schemas.text import ArticleText, Claimant, ClaimText, Cue, Entity, FigureText, Party, TimeReference

_HEAD = 500
"""Characters of a content that its status and event are read from."""
_PLACE = re.compile(r"\b(?:in|at|near|from|across|inside|around|outside)\s+(?:the\s+)?\Z")


def find_claims(article: ArticleText) -> list[ClaimText]:
    """Claims of title and body in reading order; of English articles only. Never raises for what the text is."""
    if article.language.split("-")[0] != "en":
        return []
    return [*_Field(article, article.title or "", "title").claims(), *_Field(article, article.body, "body").claims()]


class _Field:
    """One text of the article with what was found in it, ordered by place."""

    def __init__(self, article: ArticleText, text: str, field: Field) -> None:
        self.article, self.text, self.field = article, text, field
        self.quotations = find_quotations(text)
        self.spans = split_sentences(text, self.quotations)
        self.figures = sorted((one for one in article.figures if one.field == field), key=lambda one: one.start)
        self.times = sorted((one for one in article.times if one.field == field), key=lambda one: one.start)
        self.mentions = sorted(
            (
                (start, end, number)
                for number, entity in enumerate(article.entities)
                for start, end in (entity.title_mentions if field == "title" else entity.mentions)
            )
        )
        self.claimants = Claimants(article, text, field)

    def claims(self) -> list[ClaimText]:
        found, sentences = find_attributions(self.text, self.spans, self.quotations)
        claims = [self._attributed(one) for one in found]
        taken = {number for one in found for number in range(one.first, one.sentence + 1)}
        if self.field == "title":
            statements = title_statements(sentences, taken)
        else:
            statements = body_statements(sentences, taken, self.figures, self.text)
        claims.extend(self._stated(one) for one in statements)
        return sorted(claims, key=lambda claim: (claim.start, claim.cue.start if claim.cue else claim.start))

    def _attributed(self, one: Attribution) -> ClaimText:
        content = self.text[one.content[0][0] : one.content[0][1]][:_HEAD]
        cue = Cue(text=self.text[one.cue[0] : one.cue[1]], start=one.cue[0], end=one.cue[1]) if one.cue else None
        bare = self._bare_subject(one)
        claimant = self._claimant(one, bare)
        quote = self._quote(one)
        mention = self.text[one.source[0] : one.source[1]] if one.source else ""
        status = attributed_status(
            one.cue_word, one.construction, cue.text if cue else "", content, mention, quote, bare is not None
        )
        via = venue_after(self.text, cue.end, self.spans[one.first][1]) if cue else None
        return self._claim(self.spans[one.first], one.content, status, claimant, cue, quote, via)

    def _bare_subject(self, one: Attribution) -> int | None:
        """Where the subject of "no government has said" begins without its negation; None where nothing negates it."""
        if one.source is None or one.antecedent is not None:
            return None
        return bare_subject(self.text, self.spans[one.first][0], *one.source)

    def _claimant(self, one: Attribution, bare: int | None) -> Claimant | None:
        if one.source is None or bare == one.source[1]:
            return None
        if bare is not None:
            return msgspec.structs.replace(self.claimants.resolve(bare, one.source[1]), start=one.source[0])
        if one.antecedent is None:
            return self.claimants.resolve(*one.source)
        claimant = self.claimants.resolve(*one.antecedent)
        return msgspec.structs.replace(claimant, start=one.source[0], end=one.source[1])

    def _stated(self, one: Statement) -> ClaimText:
        status = content_status(self.text[one.start : one.end][:_HEAD])
        return self._claim(self.spans[one.sentence], [(one.start, one.end)], status)

    def _claim(
        self,
        span: tuple[int, int],
        content: list[tuple[int, int]],
        status: Status,
        claimant: Claimant | None = None,
        cue: Cue | None = None,
        quote: Quote = "none",
        via: str | None = None,
    ) -> ClaimText:
        words = " ".join(self.text[start:end] for start, end in content)[:_HEAD]
        figures = self._figures(content)
        entities = self._entities(content)
        event = event_of(words)
        said = partial(assertion_id, words, event, parties=[entity for entity, _, _ in entities], figures=figures)
        return ClaimText(
            text=self.text[span[0] : span[1]],
            field=self.field,
            start=span[0],
            end=span[1],
            content=tuple(content),
            claimant=claimant,
            via=via,
            cue=cue,
            status=status,
            quote=quote,
            parties=self._parties(entities),
            event=event,
            time=self._time(span, content),
            figures=figures,
            assertion_id=said(status),
            denies=said("asserted") if status == "denied" else None,
        )

    def _quote(self, one: Attribution) -> Quote:
        inside = [q for q in self._quotations_in(one.content) if not q.single or one.quoted]
        quoted = sum(q.length for q in inside)
        total = sum(end - start for start, end in one.content)
        if not quoted:
            return "none"
        return "direct" if quoted >= 0.8 * total - 4 else "partial"

    def _quotations_in(self, content: list[tuple[int, int]]) -> list[Quotation]:
        found = []
        for start, end in content:
            index = bisect_left(self.quotations, start, key=lambda q: q.start)
            while index < len(self.quotations) and self.quotations[index].start < end:
                found.append(self.quotations[index])
                index += 1
        return found

    def _figures(self, content: list[tuple[int, int]]) -> tuple[FigureText, ...]:
        found: list[FigureText] = []
        for start, end in content:
            index = bisect_left(self.figures, start, key=lambda f: f.start)
            while index < len(self.figures) and self.figures[index].start < end:
                found.append(self.figures[index])
                index += 1
        return tuple(found)

    def _entities(self, content: list[tuple[int, int]]) -> list[tuple[Entity, int, int]]:
        """Entities of the content, each once, with their first mention there."""
        found: dict[int, tuple[Entity, int, int]] = {}
        for start, end in content:
            index = bisect_left(self.mentions, (start, 0, 0))
            while index < len(self.mentions) and self.mentions[index][0] < end:
                at, stop, number = self.mentions[index]
                found.setdefault(number, (self.article.entities[number], at, stop))
                index += 1
        return list(found.values())

    def _parties(self, entities: list[tuple[Entity, int, int]]) -> tuple[Party, ...]:
        parties = []
        for order, (entity, at, _) in enumerate(entities):
            place = entity.kind == "location" and _PLACE.search(self.text, max(0, at - 16), at)
            role = "place" if place else "agent" if not order else "target"
            parties.append(Party(name=entity.name, kind=entity.kind, role=role))
        return tuple(parties)

    def _time(self, span: tuple[int, int], content: list[tuple[int, int]]) -> TimeReference | None:
        """The first time inside the content, else the first of the sentence outside it."""
        near = None
        index = bisect_left(self.times, span[0], key=lambda time: time.start)
        while index < len(self.times) and self.times[index].start < max(span[1], content[-1][1]):
            one = self.times[index]
            if any(start <= one.start < end for start, end in content):
                return one.time
            near = near or one.time
            index += 1
        return near
