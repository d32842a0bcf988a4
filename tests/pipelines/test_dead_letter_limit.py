"""A job that gets poison stops, loses nothing, stops again after a restart, and goes on with the limit off."""

import re

import pytest

from schemas.errors import TooManyDeadLetters
from tests.conftest import Stack
from tests.pipelines.messages import message
from tests.pipelines.run.running import command, count, emptied, send

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

POISON = 150


def test_poison_stops_the_job_until_the_limit_is_off(stack: Stack) -> None:
    emptied(stack)
    send(stack, *(b"{poison" for _ in range(POISON)), *(message(number) for number in range(1, 4)))
    for _ in range(2):
        stopped = command(stack, "run", "--until-caught-up")
        assert stopped.returncode == TooManyDeadLetters.exit_code, stopped.stderr
        said = stopped.stderr.strip().splitlines()[-1]
        assert re.search(
            r"\d+ of the last \d+ messages became dead letters, \d+ of them with the reason not_json", said
        )
        assert "in the step decode" in said
    assert 100 <= count(stack, "dead-letters") <= POISON
    finished = command(stack, "run", "--until-caught-up", "--dead-letter-limit", "off")
    assert finished.returncode == 0, finished.stderr
    assert count(stack, "dead-letters") == POISON
    assert count(stack, "articles") == 3
    refused = command(stack, "run", "--dead-letter-limit", "200%")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
