"""Limits that are a percentage or off."""

import pytest

from deploy.settings import Settings
from deploy.settings.limits import parse_dead_letter_limit
from schemas.errors import Permanent


@pytest.mark.parametrize(
    ("text", "share"), [("50%", 0.5), ("80", 0.8), (" 2.5 % ", 0.025), ("off", None), ("OFF", None), ("99%", 0.99)]
)
def test_percentage_is_a_share(text: str, share: float | None) -> None:
    assert parse_dead_letter_limit(text, "--dead-letter-limit") == share


@pytest.mark.parametrize("text", ["0", "100", "-1", "half", "", "1e1"])
def test_anything_else_is_refused_by_name(text: str) -> None:
    with pytest.raises(Permanent, match=r"--dead-letter-limit is .*must be a percentage"):
        parse_dead_letter_limit(text, "--dead-letter-limit")


def test_setting_has_a_default_and_can_be_off() -> None:
    assert Settings.load({}).dead_letter_limit == 0.5
    assert Settings.load({"NEWSCLAIMS_DEAD_LETTER_LIMIT": "off"}).dead_letter_limit is None
