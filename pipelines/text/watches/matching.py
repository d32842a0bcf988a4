"""Which watches an article, its claims and its figures match, and why. `schemas.watches` says what matches.

Measured on the sample feed: most claims of an article do not name again whom it is about, so entities count anywhere in
it (of 532 claims in articles that name North Korea, 206 name it themselves). Words that stand only elsewhere in the
article say little about a claim (of 15 such claims looked at, 2 were about the losses looked for); words of its title
do (6 of 12).
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

from pipelines.text.watches.words import WordIndex, plain_name
from schemas.fields import Field
from schemas.matches import Hit, Match
from schemas.text import ArticleText, ClaimText, FigureText
from schemas.watches import ListName, Watch

REACH: Final = 300
"""Characters on each side that count as the sentence of a figure that no claim holds, within its line."""

OF_PARTS: Final[tuple[ListName, ...]] = ("words", "unit_classes", "statuses")
"""Lists that a claim or figure must meet by itself."""

Span = tuple[Field, int, int]
"""A stretch of the title or the body, its end exclusive."""


Places = dict[str, list[Hit]]
"""What was found in an article for each watch, by the watch's name."""


@dataclass(frozen=True, slots=True)
class Matches:
    """What matches in one article; `claims` and `figures` are in the order of the article's."""

    article: tuple[Match, ...] = ()
    claims: tuple[tuple[Match, ...], ...] = ()
    figures: tuple[tuple[Match, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Tags:
    """The names of the watches that match, as documents carry them; ordered as in `Matches`."""

    article: tuple[str, ...] = ()
    claims: tuple[tuple[str, ...], ...] = ()
    figures: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """A claim or figure as watches see it: where its sentence stands, the claim and the figures that are asked."""

    span: Span
    claim: ClaimText | None
    figures: Sequence[FigureText]
    status: str | None
    classes: frozenset[str]


class Watchlist:
    """Watches, made ready once for many articles."""

    def __init__(self, watches: Sequence[Watch]) -> None:
        self.watches = tuple(watches)
        self._words = WordIndex(entry for watch in watches for entry in watch.words)
        self._by_word: dict[str, list[str]] = defaultdict(list)
        self._by_name: dict[str, list[tuple[str, str]]] = defaultdict(list)
        """Watches and their entries, by the plain name looked for."""
        self._by_beginning: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        """Beginnings of names with their watches and entries, by their first two letters."""
        for watch in watches:
            for entry in watch.words:
                self._by_word[entry].append(watch.name)
            for entry in watch.entities:
                name = plain_name(entry.removesuffix("*"))
                if entry.endswith("*"):
                    self._by_beginning[name[:2]].append((name, watch.name, entry))
                else:
                    self._by_name[name].append((watch.name, entry))

    def tags(self, article: ArticleText) -> Tags:
        """The names of the watches that the article, its claims and its figures match, in the order of the watches."""
        whole: list[str] = []
        claims: list[list[str]] = [[] for _ in article.claims]
        figures: list[list[str]] = [[] for _ in article.figures]
        for found, parts in self._candidates(article):
            name, amount = found.watch.name, len(claims)
            whole.append(name)
            for number in parts:
                (claims[number] if number < amount else figures[number - amount]).append(name)
        return Tags(tuple(whole), tuple(map(tuple, claims)), tuple(map(tuple, figures)))

    def match(self, article: ArticleText) -> Matches:
        """All matches of the article, its claims and its figures, with their reasons."""
        whole: list[Match] = []
        below: list[list[Match]] = [[] for _ in (*article.claims, *article.figures)]
        every = _parts(article)
        for found, numbers in self._candidates(article):
            hits = list(found.hits) if found.is_of_whole else []
            for number in numbers:
                reasons = found.reasons(every[number])
                below[number].append(Match(watch=found.watch.name, hits=reasons))
                hits += reasons
            whole.append(Match(watch=found.watch.name, hits=_each_once(hits)))
        amount = len(article.claims)
        return Matches(tuple(whole), tuple(map(tuple, below[:amount])), tuple(map(tuple, below[amount:])))

    def missing(self, article: ArticleText) -> dict[str, tuple[ListName, ...]]:
        """Of each watch that the article does not match, the lists that nothing was found of.

        Where each is found somewhere, but never together in one claim or figure, these are all that must be there.
        """
        entities, words = self._find_names(article), self._find_words(article)
        matched = self.tags(article).article
        return {
            watch.name: _missing(watch, article, bool(entities.get(watch.name)), bool(words.get(watch.name)))
            for watch in self.watches
            if watch.name not in matched
        }

    def _candidates(self, article: ArticleText) -> "Iterator[tuple[_Candidate, list[int]]]":
        """The watches that match the article, with the numbers of the claims and, behind them, figures that match."""
        if not self.watches:
            return
        entities, words = self._find_names(article), self._find_words(article)
        parts: list[_Part] = []
        for watch in self.watches:
            names, places = entities.get(watch.name, []), words.get(watch.name, [])
            if (watch.entities and not names) or (watch.words and not places) or not speaks(article, watch.languages):
                continue
            found = _Candidate(watch, article.language, names, places)
            parts = parts or _parts(article)
            numbers = [number for number, part in enumerate(parts) if found.takes(part)]
            if numbers or found.is_of_whole:
                yield found, numbers

    def _find_names(self, article: ArticleText) -> Places:
        found: Places = defaultdict(list)
        if not (self._by_name or self._by_beginning):
            return found
        for name, place in named(article):
            plain = plain_name(name)
            for watch, entry in self._by_name.get(plain, ()):
                found[watch].append(_hit("entities", entry, name, place))
            for start, watch, entry in self._by_beginning.get(plain[:2], ()):
                if plain.startswith(start):
                    found[watch].append(_hit("entities", entry, name, place))
        return found

    def _find_words(self, article: ArticleText) -> Places:
        found: Places = defaultdict(list)
        texts: tuple[tuple[Field, str], ...] = (("title", article.title or ""), ("body", article.body))
        for part, text in texts if self._by_word else ():
            for entry, start, end in sorted(self._words.find(text), key=itemgetter(1, 2)):
                hit = _hit("words", entry, text[start:end], (part, start, end))
                for watch in self._by_word[entry]:
                    found[watch].append(hit)
        return found


class _Candidate:
    """A watch in an article that has what the watch wants of the article as a whole."""

    def __init__(self, watch: Watch, language: str, entities: list[Hit], words: list[Hit]) -> None:
        self.watch = watch
        self.language = language
        self.entities = entities
        self.words = words
        self.in_title = any(hit.field == "title" for hit in words)
        self.starts = [hit.start for hit in words if hit.field == "body" and hit.start is not None]

    @property
    def is_of_whole(self) -> bool:
        """Whether the article is watched whatever its claims and figures are."""
        return not (self.watch.statuses or self.watch.unit_classes)

    def takes(self, part: _Part) -> bool:
        """Whether a claim or figure has what the watch wants of it."""
        watch = self.watch
        return (
            (not watch.statuses or part.status in watch.statuses)
            and (not watch.unit_classes or not part.classes.isdisjoint(watch.unit_classes))
            and (not watch.words or self.in_title or self._has_words(part.span))
        )

    def _has_words(self, span: Span) -> bool:
        field, start, end = span
        first = bisect_left(self.starts, start)
        return field == "body" and first < len(self.starts) and self.starts[first] < end

    @property
    def hits(self) -> tuple[Hit, ...]:
        """What was found in the article as a whole."""
        return (*self._of_all(), *_each_once(self.words))

    def _of_all(self) -> Iterator[Hit]:
        yield from (
            _hit("languages", code, self.language) for code in self.watch.languages if is_of(self.language, code)
        )
        yield from _each_once(self.entities)

    def reasons(self, part: _Part) -> tuple[Hit, ...]:
        """Why a claim or figure that the watch takes matches it."""
        hits = [*self._of_all(), *(hit for hit in self.words if hit.field == "title" or _within(hit, part.span))]
        if part.claim and part.claim.status in self.watch.statuses:
            cue = part.claim.cue
            place: Span | None = (part.claim.field, cue.start, cue.end) if cue else None
            hits.append(_hit("statuses", part.claim.status, part.claim.status, place))
        for figure in part.figures:
            if figure.unit_class in self.watch.unit_classes:
                counted = f" {figure.unit}" if figure.kind == "count" and figure.unit else ""
                hits.append(_hit("unit_classes", figure.unit_class, figure.text + counted, _span(figure)))
        return _each_once(hits)


def _parts(article: ArticleText) -> list[_Part]:
    """The article's claims, then its figures; a figure that a claim holds has its sentence and its status."""
    owners = {(each.field, each.start, each.end): claim for claim in article.claims for each in claim.figures}
    parts = [
        _Part(_span(claim), claim, claim.figures, claim.status, frozenset(each.unit_class for each in claim.figures))
        for claim in article.claims
    ]
    for figure in article.figures:
        owner = owners.get((figure.field, figure.start, figure.end))
        span, status = (_span(owner), owner.status) if owner else (sentence_of(article, figure), None)
        parts.append(_Part(span, owner, (figure,), status, frozenset((figure.unit_class,))))
    return parts


def _missing(watch: Watch, article: ArticleText, has_entities: bool, has_words: bool) -> tuple[ListName, ...]:
    there: dict[ListName, bool] = {
        "languages": speaks(article, watch.languages),
        "entities": has_entities,
        "words": has_words,
        "unit_classes": any(figure.unit_class in watch.unit_classes for figure in article.figures),
        "statuses": any(claim.status in watch.statuses for claim in article.claims),
    }
    lacking = tuple(name for name, is_there in there.items() if getattr(watch, name) and not is_there)
    return lacking or tuple(name for name in OF_PARTS if getattr(watch, name))


def speaks(article: ArticleText, codes: Sequence[str]) -> bool:
    """Whether the article is in one of the languages; in any where none is given."""
    return not codes or any(is_of(article.language, code) for code in codes)


def is_of(language: str, code: str) -> bool:
    """Whether a language is the one of the code: `pt` takes `pt-BR` too."""
    language, code = language.casefold(), code.casefold()
    return language == code or language.startswith(code + "-")


def sentence_of(article: ArticleText, figure: FigureText) -> Span:
    """The line that a figure stands in, cut to `REACH` characters each side."""
    text = (article.title or "") if figure.field == "title" else article.body
    start = max(text.rfind("\n", 0, figure.start) + 1, figure.start - REACH)
    end = text.find("\n", figure.end)
    return figure.field, start, min(len(text) if end < 0 else end, figure.end + REACH)


def named(article: ArticleText) -> Iterator[tuple[str, Span | None]]:
    """Every name in the article, with a place where it is mentioned: entities, claimants, outlets, parties."""
    for entity in article.entities:
        if entity.title_mentions:
            yield entity.name, ("title", *entity.title_mentions[0])
        else:
            yield entity.name, ("body", *entity.mentions[0]) if entity.mentions else None
    for claim in article.claims:
        if claim.claimant:
            start, end = claim.claimant.start, claim.claimant.end
            yield claim.claimant.name, (claim.field, start, end) if start is not None and end is not None else None
        if claim.via:
            yield claim.via, None
        for party in claim.parties:
            yield party.name, None


def _span(part: ClaimText | FigureText) -> Span:
    return part.field, part.start, part.end


def _within(hit: Hit, span: Span) -> bool:
    part, start, end = span
    return hit.field == part and hit.start is not None and start <= hit.start < end


def _hit(name: ListName, wanted: str, found: str, place: Span | None = None) -> Hit:
    part, start, end = place or (None, None, None)
    return Hit(list=name, wanted=wanted, found=found, field=part, start=start, end=end)


def _each_once(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """The first hit of each entry."""
    first: dict[tuple[str, str], Hit] = {}
    for hit in hits:
        first.setdefault((hit.list, hit.wanted), hit)
    return tuple(first.values())
