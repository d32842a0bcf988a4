"""The source of an attribution: who says it, and through whom or what."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from pipelines.text.claims.claimants import Claimants
from pipelines.text.claims.sentence_attributions import Attribution
from pipelines.text.claims.subjects import find_negated_subject
from pipelines.text.claims.via.chains import find_report, only_quotes, only_repeats, set_quoted_source
from pipelines.text.claims.via.venues import find_venue
from schemas.text import Claimant

_NEAR = 2
"""Attributions before and after one among which another that repeats it is looked for."""


class Source(NamedTuple):
    """Who says something; `claimant` is None if nobody in particular does."""

    claimant: Claimant | None
    via: str | None
    is_negated: bool
    """Whether the subject says who did not: "no government has said"."""


NO_SOURCE = Source(None, None, False)
"""That of a statement that nobody in particular makes."""


class Sources:
    """Reads the sources of the attributions of one field, in reading order."""

    def __init__(self, text: str, spans: Sequence[tuple[int, int]], claimants: Claimants) -> None:
        """`spans` are the sentences of the field."""
        self._text, self._spans, self._claimants = text, spans, claimants

    def read(self, one: Attribution) -> Source | None:
        """Returns the source of an attribution; None if its words are nobody who could speak, or it says nothing."""
        if only_quotes(self._text, one):
            return None
        set_quoted_source(self._text, one, self._spans[one.first][0])
        noun = self._negated_noun(one)
        relay = self._claimants.resolve(*one.relay) if one.relay else None
        if relay is not None and relay.kind == "person" and " " in relay.name:
            return Source(relay, self._venue(one), False)  # only an outlet passes on what others say
        claimant = self._claimant(one, noun)
        if claimant is None and one.source is not None and noun != one.source[1]:
            return None
        via = relay.name if relay else self._cut_report(one) or self._venue(one)
        return Source(claimant, via, noun is not None)

    def _venue(self, one: Attribution) -> str | None:
        if one.cue is None:
            return None
        return find_venue(self._text, one.cue[1], self._spans[one.first][1], self._claimants.mentions)

    def _cut_report(self, one: Attribution) -> str | None:
        """Takes ", Orbis News reports" off the content. Returns the outlet; None if the content does not end so."""
        report = find_report(self._text, *one.content[-1]) if one.source and one.content else None
        if report is None:
            return None
        one.content[-1] = one.content[-1][0], report.start
        return report.outlet

    def _negated_noun(self, one: Attribution) -> int | None:
        """Returns where the noun of "no government has said" begins; None if the subject is not negated."""
        if one.source is None or one.antecedent is not None:
            return None
        return find_negated_subject(self._text, self._spans[one.first][0], *one.source)

    def _claimant(self, one: Attribution, negated_noun: int | None) -> Claimant | None:
        if one.source is None or negated_noun == one.source[1]:
            return None
        start = one.source[0] if negated_noun is None else negated_noun
        claimant = self._claimants.resolve(*(one.antecedent or (start, one.source[1])))
        return claimant and msgspec.structs.replace(claimant, start=one.source[0], end=one.source[1])


def join_repeated(read: list[tuple[Attribution, Source]]) -> list[tuple[Attribution, Source]]:
    """Returns the attributions without those that only repeat another, which become what the other was said through."""
    through: dict[int, str] = {}
    repeating: set[int] = set()
    for number, (inner, _) in enumerate(read):
        for other in range(max(0, number - _NEAR), min(len(read), number + _NEAR + 1)):
            outer, source = read[other]
            if source.claimant is None or source.claimant.kind == "person":
                continue
            if only_repeats(outer, inner) and not _is_same(source, read[number][1]):
                through[number] = source.claimant.name
                repeating.add(other)
    return [
        (one, source._replace(via=source.via or through.get(number)))
        for number, (one, source) in enumerate(read)
        if number not in repeating
    ]


def _is_same(one: Source, other: Source) -> bool:
    """Whether two sources are one: "The bank said it had found that …"."""
    return one.claimant is not None and other.claimant is not None and one.claimant.name == other.claimant.name
