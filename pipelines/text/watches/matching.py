"""Which watches an article, its claims and its figures match, and why. `schemas.watches` defines what matches.

Measured on the sample feed: most claims do not repeat whom the article is about, so entities count anywhere in the
article (of 532 claims in articles that name North Korea, 206 name it themselves). Words elsewhere in the article say
little about a claim (of 15 such claims, 2 were about the losses in question); words of the title do (6 of 12).
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

from pipelines.text.watches.parts import Part, Span, find_article_names, find_parts, get_span
from pipelines.text.watches.words import WordIndex, simplify_name
from schemas.fields import Field
from schemas.matches import Hit, Match
from schemas.text import ArticleText
from schemas.watches import ListName, Watch

OF_PARTS: Final[tuple[ListName, ...]] = ("words", "unit_classes", "statuses")
"""Lists that a claim or figure must match by itself."""


Places = dict[str, list[Hit]]
"""The hits in an article by the name of the watch."""


@dataclass(frozen=True, slots=True)
class Matches:
    """What matches in one article. `claims` and `figures` have the order of the article's."""

    article: tuple[Match, ...] = ()
    claims: tuple[tuple[Match, ...], ...] = ()
    figures: tuple[tuple[Match, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Tags:
    """The names of the watches that match, as documents store them, in the order of `Matches`."""

    article: tuple[str, ...] = ()
    claims: tuple[tuple[str, ...], ...] = ()
    figures: tuple[tuple[str, ...], ...] = ()


class Watchlist:
    """Watches, prepared once for many articles."""

    def __init__(self, watches: Sequence[Watch]) -> None:
        self.watches = tuple(watches)
        self._words = WordIndex(entry for watch in watches for entry in watch.words)
        self._by_word: dict[str, list[str]] = defaultdict(list)
        self._by_name: dict[str, list[tuple[str, str]]] = defaultdict(list)
        """Watches and their entries, by the plain name to find."""
        self._by_beginning: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        """Beginnings of names with their watches and entries, by their first two letters."""
        for watch in watches:
            for entry in watch.words:
                self._by_word[entry].append(watch.name)
            for entry in watch.entities:
                name = simplify_name(entry.removesuffix("*"))
                if entry.endswith("*"):
                    self._by_beginning[name[:2]].append((name, watch.name, entry))
                else:
                    self._by_name[name].append((watch.name, entry))

    def tag(self, article: ArticleText) -> Tags:
        """Returns the names of the watches that the article, its claims and its figures match, in order."""
        whole: list[str] = []
        claims: list[list[str]] = [[] for _ in article.claims]
        figures: list[list[str]] = [[] for _ in article.figures]
        for found, parts in self._find_candidates(article):
            name, amount = found.watch.name, len(claims)
            whole.append(name)
            for number in parts:
                (claims[number] if number < amount else figures[number - amount]).append(name)
        return Tags(tuple(whole), tuple(map(tuple, claims)), tuple(map(tuple, figures)))

    def match(self, article: ArticleText) -> Matches:
        """Returns all matches of the article, its claims and its figures, with their reasons."""
        whole: list[Match] = []
        below: list[list[Match]] = [[] for _ in (*article.claims, *article.figures)]
        every = find_parts(article)
        for found, numbers in self._find_candidates(article):
            hits = list(found.hits) if found.concerns_article else []
            for number in numbers:
                reasons = found.find_reasons(every[number])
                below[number].append(Match(watch=found.watch.name, hits=reasons))
                hits += reasons
            whole.append(Match(watch=found.watch.name, hits=_drop_repeated(hits)))
        amount = len(article.claims)
        return Matches(tuple(whole), tuple(map(tuple, below[:amount])), tuple(map(tuple, below[amount:])))

    def find_missing(self, article: ArticleText) -> dict[str, tuple[ListName, ...]]:
        """Returns the lists without a hit for each watch that the article does not match.

        If every list has a hit, but no claim or figure has them all, these are the lists that it must match.
        """
        entities, words = self._find_names(article), self._find_words(article)
        matched = self.tag(article).article
        return {
            watch.name: _find_missing(watch, article, bool(entities.get(watch.name)), bool(words.get(watch.name)))
            for watch in self.watches
            if watch.name not in matched
        }

    def _find_candidates(self, article: ArticleText) -> "Iterator[tuple[_Candidate, list[int]]]":
        """Yields the watches that match the article, with the numbers of the claims and then the figures that match."""
        if not self.watches:
            return
        entities, words = self._find_names(article), self._find_words(article)
        parts: list[Part] = []
        for watch in self.watches:
            names, places = entities.get(watch.name, []), words.get(watch.name, [])
            if (
                (watch.entities and not names)
                or (watch.words and not places)
                or not has_language(article, watch.languages)
            ):
                continue
            found = _Candidate(watch, article.language, names, places)
            parts = parts or find_parts(article)
            numbers = [number for number, part in enumerate(parts) if found.accepts(part)]
            if numbers or found.concerns_article:
                yield found, numbers

    def _find_names(self, article: ArticleText) -> Places:
        found: Places = defaultdict(list)
        if not (self._by_name or self._by_beginning):
            return found
        for name, place in find_article_names(article):
            plain = simplify_name(name)
            for watch, entry in self._by_name.get(plain, ()):
                found[watch].append(_make_hit("entities", entry, name, place))
            for start, watch, entry in self._by_beginning.get(plain[:2], ()):
                if plain.startswith(start):
                    found[watch].append(_make_hit("entities", entry, name, place))
        return found

    def _find_words(self, article: ArticleText) -> Places:
        found: Places = defaultdict(list)
        texts: tuple[tuple[Field, str], ...] = (("title", article.title or ""), ("body", article.body))
        for part, text in texts if self._by_word else ():
            for entry, start, end in sorted(self._words.find(text), key=itemgetter(1, 2)):
                hit = _make_hit("words", entry, text[start:end], (part, start, end))
                for watch in self._by_word[entry]:
                    found[watch].append(hit)
        return found


class _Candidate:
    """A watch in an article that meets its conditions for the article as a whole."""

    def __init__(self, watch: Watch, language: str, entities: list[Hit], words: list[Hit]) -> None:
        self.watch = watch
        self.language = language
        self.entities = entities
        self.words = words
        self.in_title = any(hit.field == "title" for hit in words)
        self.starts = [hit.start for hit in words if hit.field == "body" and hit.start is not None]

    @property
    def concerns_article(self) -> bool:
        """Whether the article is watched regardless of its claims and figures."""
        return not (self.watch.statuses or self.watch.unit_classes)

    def accepts(self, part: Part) -> bool:
        """Whether a claim or figure meets the conditions of the watch."""
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
        """The hits in the article as a whole."""
        return (*self._find_common_hits(), *_drop_repeated(self.words))

    def _find_common_hits(self) -> Iterator[Hit]:
        yield from (
            _make_hit("languages", code, self.language)
            for code in self.watch.languages
            if matches_code(self.language, code)
        )
        yield from _drop_repeated(self.entities)

    def find_reasons(self, part: Part) -> tuple[Hit, ...]:
        """Returns why a claim or figure matches the watch."""
        hits = [
            *self._find_common_hits(),
            *(hit for hit in self.words if hit.field == "title" or _is_within(hit, part.span)),
        ]
        if part.claim and part.claim.status in self.watch.statuses:
            cue = part.claim.cue
            place: Span | None = (part.claim.field, cue.start, cue.end) if cue else None
            hits.append(_make_hit("statuses", part.claim.status, part.claim.status, place))
        for figure in part.figures:
            if figure.unit_class in self.watch.unit_classes:
                counted = f" {figure.unit}" if figure.kind == "count" and figure.unit else ""
                hits.append(_make_hit("unit_classes", figure.unit_class, figure.text + counted, get_span(figure)))
        return _drop_repeated(hits)


def _find_missing(watch: Watch, article: ArticleText, has_entities: bool, has_words: bool) -> tuple[ListName, ...]:
    there: dict[ListName, bool] = {
        "languages": has_language(article, watch.languages),
        "entities": has_entities,
        "words": has_words,
        "unit_classes": any(figure.unit_class in watch.unit_classes for figure in article.figures),
        "statuses": any(claim.status in watch.statuses for claim in article.claims),
    }
    lacking = tuple(name for name, is_there in there.items() if getattr(watch, name) and not is_there)
    return lacking or tuple(name for name in OF_PARTS if getattr(watch, name))


def has_language(article: ArticleText, codes: Sequence[str]) -> bool:
    """Whether the article is in one of the languages. Without codes, any language will do."""
    return not codes or any(matches_code(article.language, code) for code in codes)


def matches_code(language: str, code: str) -> bool:
    """Whether a language has the code; `pt` includes `pt-BR`."""
    language, code = language.casefold(), code.casefold()
    return language == code or language.startswith(code + "-")


def _is_within(hit: Hit, span: Span) -> bool:
    part, start, end = span
    return hit.field == part and hit.start is not None and start <= hit.start < end


def _make_hit(name: ListName, wanted: str, found: str, place: Span | None = None) -> Hit:
    part, start, end = place or (None, None, None)
    return Hit(list=name, wanted=wanted, found=found, field=part, start=start, end=end)


def _drop_repeated(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """Returns the first hit of each entry."""
    first: dict[tuple[str, str], Hit] = {}
    for hit in hits:
        first.setdefault((hit.list, hit.wanted), hit)
    return tuple(first.values())
