"""The bounded memory of delivered entries."""

from connectors.kit import Seen
from connectors.kit.seen import KEPT, MOST


def test_memory_is_bounded_and_keeps_what_the_feed_shows() -> None:
    seen = Seen({})
    for number in range(MOST + 5_000):
        seen.add(str(number), "v")
    present = {str(number) for number in range(100)}
    kept = seen.select_kept(present)
    assert len(kept) == KEPT + 100
    assert present <= kept.keys()
    assert len(seen.select_kept({str(number) for number in range(MOST + 5_000)})) == MOST
