"""Runbooks: each alert has one, with all its parts, and they name only what exists."""

import re
from pathlib import Path

import pytest

from dashboards.boards import BOARDS
from docs.tools.commands import commands
from schemas.alerts import ALERTS
from schemas.errors import Reason
from tests.docs.pages import indented, inline_code

TEXT = (Path(__file__).parents[3] / "dashboards/RUNBOOKS.md").read_text("utf-8")
RUNBOOKS = dict(re.findall(r"^## (\S+)\n(.*?)(?=^## |\Z)", TEXT, re.M | re.S))
PARTS = ["What it means", "How to look", "What to do", "When to ignore it"]


def code(text: str) -> list[str]:
    """Returns what is in backticks or indented as code."""
    return [*inline_code(text), *indented(text)]


def test_every_alert_has_a_runbook_and_every_runbook_an_alert() -> None:
    assert list(RUNBOOKS) == list(ALERTS)


@pytest.mark.parametrize("alert", ALERTS)
def test_a_runbook_has_all_its_parts(alert: str) -> None:
    parts = re.findall(r"^\*\*([^*]+)\.\*\* (.+?)(?=\n\n|\Z)", RUNBOOKS[alert], re.M | re.S)
    assert [name for name, _ in parts] == PARTS
    assert all(len(words.split()) > 10 for _, words in parts)
    assert code(RUNBOOKS[alert]), "there is something to type"


def test_commands_that_runbooks_name_exist() -> None:
    named = {words for words in code(TEXT) if words.startswith("newsclaims ")}
    known = commands()
    unknown = [each for each in named if not any(f"{each} ".startswith(f"newsclaims {name} ") for name in known)]
    assert len(named) > 10
    assert not unknown


def test_boards_that_runbooks_name_exist() -> None:
    named = {" ".join(name.split()) for name in re.findall(r"\*\*([^*]+)\*\*", TEXT) if not name.endswith(".")}
    titles = {board.title for board in BOARDS.values()}
    assert len(named) >= 6
    assert named <= titles


def test_links_lead_to_runbooks() -> None:
    links = re.findall(r"\]\(#([^)]+)\)", TEXT)
    assert links
    assert set(links) <= set(RUNBOOKS)


def test_reasons_of_dead_letters_that_the_runbook_explains_exist() -> None:
    named = set(re.findall(r"`([a-z]+_[a-z]+|rejected)`", RUNBOOKS["dead_letter_share"]))
    assert len(named) >= 4
    assert named <= set(Reason)
