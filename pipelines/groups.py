"""Splits what comes one after the other into groups that are handled together."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def split_groups(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yields the items in order, in groups of this size; the last one may be smaller."""
    waiting = iter(items)
    while group := list(islice(waiting, size)):
        yield group
