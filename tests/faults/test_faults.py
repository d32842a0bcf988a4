"""The short form of the fault suite. `make faults` runs all of it."""

import pytest

from pipelines.stories.grouping import Story
from tests.conftest import Stack
from tests.faults.articles import expect, make_broken, make_message
from tests.faults.groups import expect_assertions, expect_stories
from tests.faults.scenarios import SCENARIOS
from tests.faults.suite import run_scenario

SHORT = {"everything": 0.1}
"""Scenarios of the short form, with their scale."""


@pytest.mark.integration
@pytest.mark.timeout(400)
@pytest.mark.parametrize("name", SHORT)
def test_nothing_is_lost_or_doubled(stack: Stack, name: str) -> None:
    (scenario,) = [each for each in SCENARIOS if each.name == name]
    result = run_scenario(scenario, stack, seed=14, scale=SHORT[name])
    assert result.is_good, "\n".join(result.notes)
    assert result.found == result.articles > 0
    assert result.claims > result.articles
    assert result.dead_letters > 0


def test_copies_are_expected_in_one_story_and_their_assertions_once() -> None:
    messages = [make_message(number) for number in (4, 3)]
    expected = expect(messages)
    stories = expect_stories(expected)
    copy, first = (str(each.article) for each in messages)
    assert stories == {first: Story(first), copy: Story(first, first)}
    assertions = expect_assertions(expected, stories)
    assert {counts[1:] for counts in assertions.values()} >= {(2, 2, 1)}


def test_newest_revision_is_expected_and_broken_messages_are_dead_letters() -> None:
    old, new, broken = make_message(1, 1), make_message(1, 2), make_broken(2)
    expected = expect([new, old, new, broken])
    (article,) = expected.articles
    assert expected.documents["articles", article]["body"] == expect([new]).documents["articles", article]["body"]
    assert expected.documents == expect([new]).documents
    assert expected.broken == {broken.value}
    assert sum(family == "claims" for family, _ in expected.documents) > 1
