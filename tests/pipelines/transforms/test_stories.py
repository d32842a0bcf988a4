"""The step `stories`: how much it collects before it looks articles up."""

from typing import Any

from pipelines.transforms.articles import Normalize, decode
from pipelines.transforms.parcel import Parcel
from pipelines.transforms.stories import GroupStories, add_fingerprints
from tests.pipelines.messages import message, record


def make_parcels(count: int, body: str) -> list[Any]:
    """Returns parcels as they reach the step."""
    elements: list[Any] = [Parcel(record(message(number, body=body), number)) for number in range(count)]
    for rule in (decode, Normalize(), add_fingerprints):
        elements = [result for element in elements for result in rule(element)]
    return elements


def collect(step: GroupStories, parcels: list[Any]) -> list[int]:
    """Returns how many parcels came out for each that went in, and at the end of the bundle."""
    step.setup()
    step.start_bundle()
    given = [len(list(step.process(each))) for each in parcels]
    return [*given, len(list(step.finish_bundle()))]


def test_articles_are_looked_up_together() -> None:
    parcels = make_parcels(5, "The port authority counted 41 boats on Monday.")
    assert collect(GroupStories(batch=3), parcels) == [0, 0, 3, 0, 0, 2]


def test_large_articles_are_not_collected_until_memory_is_full() -> None:
    parcels = make_parcels(5, "The port authority counted 41 boats on Monday. " * 20)
    size = len(parcels[0].origin.value)
    assert collect(GroupStories(batch=50, batch_bytes=2 * size), parcels) == [0, 2, 0, 2, 0, 1]
