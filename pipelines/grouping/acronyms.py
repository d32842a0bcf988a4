"""Finds short forms that articles define ("National Intelligence Service (NIS)"), and decides which of them to trust.

Pure functions of the text.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from pipelines.grouping.claimants.bodies import read_form
from pipelines.grouping.claimants.known import CanonicalName
from pipelines.grouping.claimants.naming import name_unlisted
from pipelines.grouping.claimants.spelling import clean

_DEFINED: Final = re.compile(r"\(([A-Z][A-Za-z]{0,6}[A-Z])\)")
"""A short form in brackets: two to eight letters, the first and the last of which are capitals."""
_NAME: Final = re.compile(r"(?:[^\W\d_][\w.’'&-]*[ \u00a0]){1,12}$")
"""The words before the bracket, in one line."""
_REACH: Final = 160
"""Characters before the bracket in which the long form is looked for."""
_SMALL: Final = frozenset(("of", "for", "and", "the", "in", "on", "de", "&"))
"""Words of a long form that may have no letter in the short form."""
_SHORTEST: Final = 2
"""Words of a long form at least."""

LEAST_PUBLISHERS: Final = 2
LEAST_STORIES: Final = 2
MOST_EVIDENCE: Final = 20
"""Articles that are named as evidence."""


class Definition(NamedTuple):
    """A short form that a text defines: its letters, the long form, and the words of both."""

    short: str
    long: str
    words: str


def find_definitions(text: str) -> Iterator[Definition]:
    """Yields the short forms that a text defines in brackets after a name whose words begin with its letters."""
    for found in _DEFINED.finditer(text):
        before = _NAME.search(text, max(0, found.start() - _REACH), found.start())
        long = before and match_initials(found[1], before[0].split())
        if long:
            yield Definition(found[1], long, f"{long} ({found[1]})")


def match_initials(short: str, words: list[str]) -> str | None:
    """Returns the last words that begin with the letters of a short form, each with a capital; None if none do.

    Small words may be left out of the short form, and the first word of a name is never one.
    """
    letters, taken = list(short.upper()), 0
    for word in reversed(words):
        if not letters:
            break
        is_small = word.lower() in _SMALL
        parts = [part for part in word.split("-") if part]
        initials = [part[0].upper() for part in parts] if word[:1].isupper() else []
        if initials and letters[-len(initials) :] == initials:
            del letters[-len(initials) :]
        elif is_small and letters[-1] == word[0].upper() and len(letters) > 1:
            letters.pop()
        elif not is_small:
            return None
        taken += 1
    long = words[-taken:] if taken else []
    return clean(" ".join(long)) if not letters and len(long) >= _SHORTEST else None


def name_body(form: str) -> CanonicalName | None:
    """Returns the id and name of a body by its words alone, as the claimants of articles are named.

    None for a body that every country has: "Ministry of Defence (MoD)" is short for another body in each article.
    """
    read = read_form(clean(form), "organisation")
    if read.role and not read.named:
        return None
    return read.named or name_unlisted(clean(form), read)


def is_listed(short: str) -> bool:
    """Returns whether the tables know a short form, so that nothing is to be learned."""
    read = read_form(short, "organisation")
    return bool(read.named or read.role)


class DefiningArticle(NamedTuple):
    """The article that a definition was found in."""

    article_id: str
    publisher: str
    story: str
    published_at: str


@dataclass
class LearnedForm:
    """What articles say that a short form means: the sources for each long form, by the id of the body."""

    short: str
    meanings: dict[str, list[tuple[DefiningArticle, Definition]]] = field(default_factory=lambda: defaultdict(list))

    def find_meaning(self) -> str | None:
        """Returns the id of the one body that the form is short for.

        None if articles use it for several, or if fewer than two publishers or two stories define it.
        """
        if len(self.meanings) != 1:
            return None
        ((id, found),) = self.meanings.items()
        publishers = {source.publisher for source, _ in found if source.publisher}
        stories = {source.story for source, _ in found}
        return id if len(publishers) >= LEAST_PUBLISHERS and len(stories) >= LEAST_STORIES else None


def collect(texts: Iterable[tuple[DefiningArticle, str]]) -> dict[str, LearnedForm]:
    """Returns the short forms that texts define and no table knows, with what they mean and where."""
    learned: dict[str, LearnedForm] = {}
    for source, text in texts:
        for each in find_definitions(text):
            body = name_body(each.long)
            if body and not is_listed(each.short):
                form = learned.setdefault(each.short, LearnedForm(each.short))
                form.meanings[body.id].append((source, each))
    return learned
