"""The job stops if too many of its recent messages become dead letters."""

import pytest

from pipelines.io.kafka.record import KafkaRecord
from pipelines.io.recent_input import LEAST, WINDOW, RecentInput
from schemas.errors import TooManyDeadLetters
from schemas.records import DeadLetter
from tests.pipelines.io.elasticsearch.test_sink import letter


def good(amount: int, first: int = 0) -> list[KafkaRecord]:
    return [KafkaRecord("raw-articles", 0, number, 0, None, None) for number in range(first, first + amount)]


def dead(amount: int, first: int = 50_000, **changes: object) -> list[DeadLetter]:
    return [letter(f"d{number}", offset=number, attempts=1, **changes) for number in range(first, first + amount)]


def stops(recent: RecentInput) -> bool:
    try:
        recent.check()
    except TooManyDeadLetters:
        return True
    return False


def filled(alive: int, died: int, share: float = 0.5) -> RecentInput:
    recent = RecentInput(share)
    recent.add(good(alive), [])
    recent.add([], dead(died))
    return recent


@pytest.mark.parametrize(
    ("alive", "died", "share", "stopped"),
    [
        (0, LEAST - 1, 0.5, False), (0, LEAST, 0.5, True), (LEAST, LEAST, 0.5, False), (LEAST - 1, LEAST, 0.5, True),
        (WINDOW, WINDOW // 2, 0.5, False), (WINDOW, WINDOW // 2 + 1, 0.5, True), (WINDOW, 150, 0.1, True),
        (WINDOW, 300, 0.5, False),
    ],
)  # fmt: skip
def test_share_of_the_last_messages_decides(alive: int, died: int, share: float, stopped: bool) -> None:
    assert stops(filled(alive, died, share)) is stopped


def test_message_of_many_articles_counts_once() -> None:
    recent = RecentInput(0.5)
    recent.add(good(1) * 500, dead(LEAST))
    assert stops(recent)


def test_message_whose_document_was_refused_counts_as_dead_and_not_as_written() -> None:
    sets = good(LEAST)
    recent = RecentInput(0.5)
    recent.add(sets, [letter(f"d{number}", offset=number, attempts=1) for number in range(LEAST)])
    assert len(recent.fates) == LEAST
    assert stops(recent)


def test_letters_that_were_sent_back_in_do_not_stop_the_job() -> None:
    recent = RecentInput(0.5)
    recent.add([], [letter(f"d{number}", offset=number, attempts=2) for number in range(LEAST * 2)])
    assert not stops(recent)


def test_error_names_the_most_frequent_reason_and_how_to_go_on() -> None:
    recent = RecentInput(0.5)
    recent.add([], [*dead(60), *dead(90, 60_000, step="normalize", error="the page\nhas no article")])
    with pytest.raises(TooManyDeadLetters) as raised:
        recent.check()
    said = str(raised.value)
    assert said.startswith("150 of the last 150 messages became dead letters, 90 of them with the reason ")
    assert "in the step normalize; last error: the page has no article." in said
    assert "nothing is lost" in said
    assert "--dead-letter-limit off" in said
    assert "\n" not in said
