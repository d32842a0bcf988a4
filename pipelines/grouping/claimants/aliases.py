"""Decisions about claimants that are stored, as the naming of claimants uses them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipelines.grouping.claimants.known import CanonicalName
from pipelines.grouping.claimants.spelling import clean, make_slug

_LONGEST_CHAIN = 10
"""Merges that follow each other at most: a circle ends here."""


@dataclass(frozen=True)
class Aliases:
    """Merges: the claimant that another id stands for. Splits: written forms that name somebody of their own."""

    merges: Mapping[str, CanonicalName] = field(default_factory=dict)
    splits: frozenset[str] = frozenset()

    def apply(self, written: str, found: CanonicalName) -> CanonicalName:
        """Returns the claimant after all merges, or the written form by itself if it was split off."""
        if not self.merges and not self.splits:
            return found
        if self.splits and make_form_key(written) in self.splits:
            found = name_apart(written)
        for _ in range(_LONGEST_CHAIN):
            following = self.merges.get(found.id)
            if following is None:
                break
            found = following
        return found


NO_ALIASES = Aliases()


def make_form_key(written: str) -> str:
    """Returns the key of a written form, by which it is split off."""
    return make_slug(clean(written))


def name_apart(written: str) -> CanonicalName:
    """Returns the claimant that a form is by itself."""
    return CanonicalName(f"form/{make_form_key(written)}", written)


def read_aliases(sources: Iterable[Mapping[str, Any]]) -> Aliases:
    """Reads the stored documents of the family `aliases`."""
    merges: dict[str, CanonicalName] = {}
    splits: set[str] = set()
    for each in sources:
        if each["decision"] == "split":
            splits.add(make_form_key(each["form"]))
        else:
            merges[each["from_id"]] = CanonicalName(each["to_id"], each["to_name"])
    return Aliases(merges, frozenset(splits))
