"""The reference pages follow from the code, and what is named elsewhere is in them."""

import re
import shutil
from pathlib import Path

import pytest

from deploy.settings import VARIABLES
from docs import generate
from docs.tools.commands import commands
from docs.tools.markdown import code_blocks, table
from schemas.alerts import ALERTS
from schemas.errors import Reason
from schemas.fields import Status
from schemas.generate import RECORDS
from schemas.metrics import METRICS
from schemas.topics import load_topics
from tests.docs.pages import HISTORY, PAGES, ROOT, SITE, TOP, fences

REFERENCE = SITE / "reference"
OTHER_VARIABLES = {
    "NEWSCLAIMS_SETTINGS", "NEWSCLAIMS_BROWSER_TESTS", "NEWSCLAIMS_OPS_EMAIL", "NEWSCLAIMS_ANALYSTS_EMAIL",
    "NEWSCLAIMS_PUSH_TOKEN", "NEWSCLAIMS_WORKERS", "NEWSCLAIMS_FLINK_HEAP",
}  # fmt: skip
"""Environment variables that are not settings of the program: of tests, Grafana, compose, a connector, and Flink."""


def page(name: str) -> str:
    return (REFERENCE / f"{name}.md").read_text("utf-8")


def test_reference_is_fresh() -> None:
    assert generate.COMMITTED.find_stale(generate.FOLDER) == [], f"run `{generate.COMMAND}`"


def test_a_stale_page_is_noticed(tmp_path: Path) -> None:
    shutil.copytree(generate.FOLDER, tmp_path / "reference")
    (tmp_path / "reference" / "settings.md").write_text("old")
    (tmp_path / "reference" / "left-over.md").write_text("nothing generates this")
    assert generate.COMMITTED.find_stale(tmp_path / "reference") == ["left-over.md", "settings.md"]


@pytest.mark.parametrize(
    ("name", "documented"),
    [
        ("settings", list(VARIABLES)),
        ("metrics", list(METRICS)),
        ("alerts", list(ALERTS)),
        ("dead-letter-reasons", [reason.value for reason in Reason]),
    ],
)
def test_every_row_is_in_its_table(name: str, documented: list[str]) -> None:
    assert [each for each in documented if f"`{each}`" not in page(name)] == []


@pytest.mark.parametrize("name", ["settings", "metrics", "alerts", "dead-letter-reasons", "records"])
def test_every_row_has_a_meaning(name: str) -> None:
    """A meaning is the last cell of its row, or the third of an alert."""
    rows = re.findall(r"^\| .+ \|$", page(name), re.M)
    assert len(rows) > 10
    assert [row for row in rows if row.endswith("|  |")] == []


def test_every_command_topic_record_and_runbook_has_a_heading() -> None:
    def headings(name: str) -> set[str]:
        return set(re.findall(r"^#+ (.+)$", page(name), re.M))

    assert commands().keys() <= headings("commands")
    assert load_topics().keys() <= headings("topics")
    assert {record.__name__ for record in RECORDS} <= headings("records")
    assert ALERTS.keys() <= headings("runbooks")


def test_every_option_is_in_the_reference() -> None:
    text = page("commands")
    missing = [
        f"{name} {option}" for name, command in commands().items() for each in command.params for option in each.opts
        if option.startswith("--") and f"`{option}`" not in text
    ]  # fmt: skip
    assert missing == []


@pytest.mark.parametrize("path", [*TOP, *PAGES], ids=lambda path: str(path.relative_to(ROOT)))
def test_metrics_settings_and_alerts_that_are_named_exist(path: Path) -> None:
    text = path.read_text("utf-8")
    assert set(re.findall(r"\bnewsclaims_[a-z_]+", text)) <= METRICS.keys()
    settings = set(re.findall(r"\b(?:KAFKA|ELASTICSEARCH|GRAFANA|KIBANA|NEWSCLAIMS)_[A-Z_]+\b", text))
    assert settings <= VARIABLES.keys() | OTHER_VARIABLES
    if path not in HISTORY:
        assert set(re.findall(r"runbooks\.md#(\w+)", text)) <= ALERTS.keys()


def test_statuses_in_concepts_and_glossary_are_those_of_the_records() -> None:
    statuses = set(Status.__args__)
    rows = set(re.findall(r"^\| `(\w+)` \|", (SITE / "concepts" / "claims.md").read_text("utf-8"), re.M))
    assert rows == statuses
    (listed,) = re.findall(r"said to be: ([\w, ]+)\.", (SITE / "glossary.md").read_text("utf-8"))
    assert set(listed.split(", ")) == statuses


def test_alerts_in_the_guide_are_sorted_by_audience() -> None:
    guide = (SITE / "guides" / "monitoring.md").read_text("utf-8")
    for title, audience in (("operations", "ops"), ("analysts", "analysts")):
        (row,) = re.findall(rf"^\| {title} \| (.+) \|$", guide, re.M)
        assert re.findall(r"`(\w+)`", row) == [alert.name for alert in ALERTS.values() if alert.audience == audience]


def test_retention_in_the_guide_is_that_of_the_topics() -> None:
    guide = (SITE / "guides" / "retention.md").read_text("utf-8")
    for name, topic in load_topics().items():
        (row,) = re.findall(rf"^\| topic `{name}` \|.*\|$", guide, re.M)
        assert (f"{topic.retention_days} days" if topic.retention_days else "without limit") in row


def test_tables_take_any_text() -> None:
    assert table(("a",), [("x | y\nz",), (None,)]) == "| a |\n| --- |\n| x \\| y z |\n|  |"


def test_indented_blocks_become_fenced() -> None:
    text = "Intro:\n\n    newsclaims up\n\n    newsclaims down\n\nMore:\n\n    a: 1\n\n* item\n\n    in the list\n"
    assert fences(code_blocks(text), "sh") == ["newsclaims up\n\nnewsclaims down"]
    assert fences(code_blocks(text), "text") == ["a: 1"]
    assert "    in the list" in code_blocks(text)
