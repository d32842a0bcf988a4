"""Which generations of the indices there are: the document `current` of the index `generations`."""

from collections.abc import Iterator

import msgspec

from schemas.elasticsearch.indices import FAMILIES, Family
from schemas.errors import Permanent
from schemas.records import GenerationState

CURRENT = "current"
"""Id of the document."""

UNFINISHED = ("building", "switching", "switched", "rolled_back")
"""States in which there may be a second generation."""


def convert_state(source: object) -> GenerationState:
    """Returns the state of a stored document; None is one generation. Raises `Permanent` for another release's."""
    if source is None:
        return GenerationState()
    try:
        return msgspec.convert(source, GenerationState)
    except msgspec.ValidationError as error:
        raise Permanent(
            f"The index generations belongs to another release ({error}): use that release, or run `newsclaims init`"
        ) from error


def list_families(state: GenerationState) -> Iterator[Family]:
    """Yields every family once for each generation that is written. Only the live one is behind the alias."""
    for family in FAMILIES.values():
        if not family.reprocessed:
            yield family
            continue
        for generation in state.written:
            yield family.at(generation, is_live=generation == state.live)
