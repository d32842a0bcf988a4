"""Reads the names of indices: the reverse of `Family.index`."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from schemas.elasticsearch.buckets import find_period
from schemas.elasticsearch.indices import FAMILIES, Family

STEP_SEPARATOR: Final = "-"
"""Between the bucket of an index and the step of its samples, if they are thinned: `health-g1-2026.10-1m`."""

_NAME = re.compile(rf"({'|'.join(map(re.escape, FAMILIES))})-g(\d+)(?:-(.+))?")


@dataclass(frozen=True, slots=True)
class IndexName:
    """What the name of an index says. `bucket` is empty for a family without buckets.

    `step` is empty unless its samples are thinned; `end` is the first moment after the bucket.
    """

    family: Family
    generation: int
    bucket: str = ""
    step: str = ""
    end: datetime | None = None


def parse_index(index: str) -> IndexName | None:
    """Returns what the name of an index says, or None if it is not a name of ours."""
    found = _NAME.fullmatch(index)
    if not found:
        return None
    family, generation = FAMILIES[found[1]], int(found[2])
    if not family.bucketed:
        return None if found[3] else IndexName(family, generation)
    bucket, _, step = (found[3] or "").partition(STEP_SEPARATOR)
    period = find_period(bucket)
    return IndexName(family, generation, bucket, step, period[1]) if period else None
