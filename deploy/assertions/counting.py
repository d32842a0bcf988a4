"""Counts the claims of an assertion. Pure functions of the claims: their order plays no part."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final, NamedTuple

from schemas.fields import MarkedChoice
from schemas.identity import digest

COPIED: Final = (
    "text", "claimant.name", "claimant.kind", "claimant.id", "status", "event", "unit_classes", "disputes", "entities",
    "watches", "feed", "publisher", "url", "title", "language", "ingest_mode",
)  # fmt: skip
"""Fields of the first claim that describe the assertion."""
_DESCRIBES: Final = tuple(dict.fromkeys(name.partition(".")[0] for name in COPIED))
_ENDINGS: Final[dict[tuple[MarkedChoice, ...], str]] = {
    ("out", "also"): "", ("out",): "", ("also", "only"): "-marked", ("only",): "-marked", ("also",): "-all",
}  # fmt: skip
"""What the ids of documents end with, by the choices about marked claims that they are for."""


class ClaimRow(NamedTuple):
    """What a claim adds to its assertion. `written` is where the claim is, with the number of its last write."""

    assertion_id: str
    published_at: int
    """In milliseconds since 1970."""
    is_copy: bool
    claim_id: str
    article_id: str
    publisher: str
    story: str
    claimant: str
    retracted: bool
    stored_in: str
    written: int
    marked: bool = False
    """Whether an analyst marked it."""

    @property
    def position(self) -> tuple[int, bool, str]:
        """What decides which claim is the first: the time, then an original before a copy, then the id."""
        return self.published_at, self.is_copy, self.claim_id


@dataclass(frozen=True)
class Tally:
    """The claims of one assertion, counted. `marked` are the choices about marked claims for which they count."""

    assertion_id: str
    marked: tuple[MarkedChoice, ...]
    first: ClaimRow
    last_seen: int
    claims: int
    articles: tuple[str, ...]
    publishers: int
    stories: int
    claimants: int
    retracted: int

    @property
    def id(self) -> str:
        """Id of its document: that of the assertion, with an ending if marked claims count."""
        return self.assertion_id + _ENDINGS[self.marked]

    @cached_property
    def digest(self) -> str:
        """Hash of all of it, and of the state of the first claim."""
        counts = (self.last_seen, self.claims, self.publishers, self.stories, self.claimants, self.retracted)
        return digest("tally", *self.marked, *map(str, self.first), *map(str, counts), *self.articles)


def count_rows(rows: Iterable[ClaimRow]) -> list[Tally]:
    """Returns the tallies of each assertion that the rows have, by its id."""
    found: dict[str, list[ClaimRow]] = {}
    for row in rows:
        found.setdefault(row.assertion_id, []).append(row)
    return [tally for id in sorted(found) for tally in count_choices(found[id])]


def count_choices(rows: list[ClaimRow]) -> Iterator[Tally]:
    """Yields the tallies of one assertion: one that counts for each choice about marked claims, if there are any.

    Without marked claims, or with only those, two choices have the same tally and the third has none.
    """
    marked = [row for row in rows if row.marked]
    if not marked:
        yield count_claims(rows, ("out", "also"))
    elif len(marked) == len(rows):
        yield count_claims(rows, ("also", "only"))
    else:
        yield count_claims([row for row in rows if not row.marked], ("out",))
        yield count_claims(rows, ("also",))
        yield count_claims(marked, ("only",))


def count_claims(rows: list[ClaimRow], choices: tuple[MarkedChoice, ...]) -> Tally:
    """Returns the tally of some claims of one assertion."""
    first = min(rows, key=lambda row: row.position)
    return Tally(
        first.assertion_id,
        choices,
        first,
        last_seen=max(row.published_at for row in rows),
        claims=len(rows),
        articles=tuple(sorted({row.article_id for row in rows})),
        publishers=len({row.publisher for row in rows}),
        stories=len({row.story for row in rows}),
        claimants=len({row.claimant for row in rows if row.claimant}),
        retracted=sum(row.retracted for row in rows),
    )


def make_assertion(tally: Tally, claim: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Returns the document of an assertion, with the fields of its first claim. `at` is when it was counted."""
    times = {"first_seen_at": tally.first.published_at, "last_seen_at": tally.last_seen}
    return {
        "assertion_id": tally.assertion_id,
        "marked": tally.marked,
        **{name: convert_time(value) for name, value in times.items()},
        "claims": tally.claims,
        "repeats": tally.claims - 1,
        "articles": len(tally.articles),
        "publishers": tally.publishers,
        "stories": tally.stories,
        "claimants": tally.claimants,
        "retracted": tally.retracted,
        "first_claim_id": tally.first.claim_id,
        "first_article_id": tally.first.article_id,
        **{name: claim[name] for name in _DESCRIBES if name in claim},
        "article_ids": tally.articles,
        "digest": tally.digest,
        "counted_at": at.isoformat(),
    }


def convert_time(milliseconds: int) -> str:
    """Returns a time as documents have it."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat()
