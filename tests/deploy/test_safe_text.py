"""A terminal or a log shows text of the stream and does not obey it, whatever prints it."""

import ast
import io
import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector, CollectorRegistry
from rich.style import Style
from rich.text import Text

from connectors.kit import RefusedItem
from connectors.polling.feed_tables import render_healths
from connectors.polling.preview import render_preview
from dashboards.report.rows import is_web_address
from dashboards.terminal.article_view import LineView, render_article, render_explanation
from dashboards.terminal.dead_letters import render_dead_letter, render_dead_letters
from dashboards.terminal.takedowns import render_takedowns
from deploy import doctor
from deploy.command_line import say, show_json
from deploy.monitoring.alert_list import AlertStatus, render
from deploy.monitoring.conditions.readings import Reading
from deploy.safe_console import SafeConsole
from deploy.safe_text import LineFormatter, escape_json, escape_line, remove_controls
from schemas.elasticsearch.takedowns import Takedown
from schemas.operations.records import FeedHealth
from schemas.text import ArticleText, Claimant, ClaimText
from tests.checkout import ROOT, list_files, needs_checkout
from tests.deploy.hostile_texts import HOSTILE

NOW = datetime(2026, 3, 2, tzinfo=UTC)
UNSAFE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\ufeff\ud800-\udfff]")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
"""What rich itself writes for colours; a reset of the cursor or a link would be something else."""
everything = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())


def printed(renderable: Any, **options: Any) -> str:
    """What the terminal gets."""
    out = io.StringIO()
    SafeConsole(file=out, width=200, **options).print(renderable)
    return out.getvalue()


def build_article(text: str) -> ArticleText:
    claim = ClaimText(
        assertion_id="a", text=text, field="body", start=0, end=len(text), content=((0, len(text)),), status="asserted",
        claimant=Claimant(name=text, kind="person", role=text), via=text,
    )  # fmt: skip
    return ArticleText(title=text, body=text, language="en", claims=(claim,))


def list_views(text: str) -> list[Any]:
    """Everything that a command renders from text of the stream."""
    health = FeedHealth(
        feed=text, connector="syndication", since=NOW, polled_at=NOW, next_poll_at=NOW, failures=1, error=text,
        warning=text, moved_to=text,
    )  # fmt: skip
    letter = {"dead_letter_id": text, "failed_at": "2026-03-02T00:00:00Z", "topic": text, "partition": 0, "offset": 1,
              "step": text, "reason": text, "error": text}  # fmt: skip
    alert = AlertStatus(
        name="a", title=text, number="n", unit="s", threshold=1.0, minutes=1, severity="critical", audience="ops",
        state="firing", value=2.0, readings=(Reading("a", 2.0, text, text),), error=None,
    )  # fmt: skip
    takedown = Takedown(takedown_id="t", url=text, reason=text, by=text, at=NOW, updated_at=NOW, lifted_by=text)
    return [
        render_article(build_article(text)),
        render_explanation([LineView(1, text, None), LineView(2, text, text)]),
        render_healths([(text, health)], NOW, {text: text}),
        render_preview([text, RefusedItem(text, text), (text, 2)]),
        render_dead_letters([letter]),
        render_dead_letter(letter, [], text.encode("utf-8", "surrogatepass"), is_cut=False),
        render([alert]),
        render_takedowns([takedown]),
        doctor.render([doctor.Finding(text, "warn", text, text)]),
        text,
        Text(text, style=Style(link="https://evil.example")),
    ]


@everything
def test_no_view_lets_text_command_the_terminal(text: str) -> None:
    for view in list_views(text):
        assert not UNSAFE.search(printed(view))
        assert not UNSAFE.search(COLOURS.sub("", printed(view, force_terminal=True, color_system="truecolor")))


def test_markup_and_names_of_emoji_are_shown_as_written() -> None:
    for name in ("markup of rich", "emoji name", "markdown link"):
        assert HOSTILE[name] in printed(HOSTILE[name])


@everything
def test_printed_lines_json_and_refusals_are_safe(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    say(text, err=True)
    show_json({"text": text.encode("utf-8", "replace").decode()})
    out, err = capsys.readouterr()
    assert not UNSAFE.search(out)
    assert not UNSAFE.search(err)
    assert json.loads(out) == {"text": text.encode("utf-8", "replace").decode()}


@given(st.text())
def test_escaped_line_is_one_line_without_controls(text: str) -> None:
    assert not UNSAFE.search(escape_line(text))
    assert len(escape_line(text).splitlines()) <= 1


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_escaped_json_means_the_same(text: str) -> None:
    escaped = escape_json(msgspec.json.encode(text).decode())
    assert json.loads(escaped) == text
    assert not UNSAFE.search(escaped)


def test_joiners_that_languages_need_stay() -> None:
    for text in ("می\u200cخواهم", "क्\u200dष", "👨\u200d👩\u200d👧", "שלום\u200f!", "a\tb\nc"):
        assert remove_controls(text) == text


def test_log_record_is_one_line_and_a_traceback_below_it_is_safe() -> None:
    try:
        raise ValueError("\x1b]0;owned\x07")
    except ValueError as error:
        trace = (ValueError, error, error.__traceback__)
    record = logging.LogRecord("pipelines", logging.ERROR, "f", 1, "%s failed", ("a\nERROR forged\x1b[2J",), trace)
    first, *rest = LineFormatter("%(levelname)s %(message)s").format(record).split("\n")
    assert first == r"ERROR a\nERROR forged\x1b[2J failed"
    assert rest[0].startswith("Traceback")
    assert not UNSAFE.search("\n".join(rest))


def test_label_of_a_metric_stays_one_label() -> None:
    class One(Collector):
        def collect(self) -> Any:
            found = GaugeMetricFamily("a", "b", labels=("feed",))
            found.add_metric(('x"} 1\nforged{feed="y',), 2)
            yield found

    registry = CollectorRegistry(auto_describe=False)
    registry.register(One())
    lines = [line for line in generate_latest(registry).decode().splitlines() if not line.startswith("#")]
    assert len(lines) == 1


@pytest.mark.parametrize("text", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "https://[", "", "\x00"])
def test_link_of_the_report_is_a_page_or_nothing(text: str) -> None:
    assert not is_web_address(text)
    assert is_web_address("https://harbour-post.example/1")


PRINTERS = {"deploy/command_line.py", "deploy/safe_console.py"}
PRINTS = {"print", "typer.echo", "typer.secho", "Console"}
PROGRAMS = {
    "connectors/reference.py",
    "dashboards/kibana/searches_page.py",
    "deploy/capacity/renew.py",
    "deploy/flink/relock.py",
    "deploy/local/relock.py",
    "schemas/files/committed.py",
}
"""Programs of developers, which print nothing of the stream."""


@needs_checkout
def test_nothing_prints_past_the_safe_functions() -> None:
    files = [path for path in list_files() if path.suffix == ".py" and path.parts[0] not in ("tests", "docs")]
    files = [path for path in files if "training" not in path.parts and str(path) not in PRINTERS | PROGRAMS]
    assert [call for path in files for call in find_prints(path)] == []


def find_prints(path: Any) -> list[str]:
    """The calls in a file that print, with their lines."""
    calls = (node for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))) if isinstance(node, ast.Call))
    return [f"{path}:{call.lineno}" for call in calls if ast.unparse(call.func) in PRINTS]
