"""`newsclaims capacity`: what it prints, its JSON, errors that name the option, and the table that is renewed."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from deploy.capacity import renew
from deploy.capacity.figures import ARTICLE, PROCESSES, load_figures, parse_figures
from newsclaims import app
from schemas.errors import Permanent
from schemas.topics import load_topics


def call(*arguments: object) -> Any:
    return CliRunner().invoke(app, ["capacity", *map(str, arguments)])


def plan(*arguments: object) -> dict[str, Any]:
    result = call(*arguments, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.output)
    return found


def test_it_says_what_to_run_it_on_and_what_breaks_first() -> None:
    result = call("--articles-per-day", "1e6")
    assert result.exit_code == 0
    text = " ".join(result.output.split())
    assert "1,000,000 articles a day of 3.8 kB: 11.57 a second on average, 23.15 at the busiest moment" in text
    for word in ("workers", "partitions", "elasticsearch", "kafka", "* breaks first: ", "A burst makes"):
        assert word in text


def test_more_articles_need_more() -> None:
    few, many = (plan("--articles-per-day", number) for number in ("100,000", "1e7"))
    assert few["needs"][0]["size"] == 1
    assert many["needs"][0]["size"] > 1
    assert many["index_bytes"] == pytest.approx(100 * few["index_bytes"])


def test_the_slowest_is_named() -> None:
    assert (
        plan("--articles-per-day", 1e5, "--workers", 4, "--elasticsearch-cores", 0.1, "--kafka-cores", 50)[
            "breaks_first"
        ]
        == "elasticsearch"
    )
    assert (
        plan("--articles-per-day", 1e5, "--workers", 1, "--elasticsearch-cores", 50, "--kafka-cores", 50)[
            "breaks_first"
        ]
        == "workers"
    )
    full = " ".join(call("--articles-per-day", 1e7, "--workers", 1, "--disk-gb", 500).output.split())
    assert "The mean of a day is more than it takes: the lag grows every day." in full
    assert "The disk is full after" in full


def test_defaults_are_those_of_the_topic() -> None:
    options = plan("--articles-per-day", 1000)["options"]
    raw = load_topics()["raw-articles"]
    assert (options["partitions"], options["raw_days"]) == (raw.partitions, raw.retention_days)


@pytest.mark.parametrize("text", ["many", "0", "-5", "nan", "inf", "1e12", ""])
def test_a_wrong_number_of_articles_names_the_option(text: str) -> None:
    assert str(call(f"--articles-per-day={text}").exception).startswith(f"--articles-per-day is {text!r}: it must be ")


@pytest.mark.parametrize("option", ["--peak", "--burst", "--utilisation", "--article-kb", "--disk-gb"])
def test_what_is_not_a_number_names_the_option(option: str) -> None:
    for value in ("nan", "inf", 0, "many"):
        result = call("--articles-per-day", 1, option, value)
        assert result.exit_code == 2
        assert option in result.output


def test_the_table_has_what_is_needed_and_grows_with_the_text() -> None:
    figures = load_figures()
    small, large = figures.sizes
    assert all(large.cpu_ms[name] > small.cpu_ms[name] > 0 for name in ("workers", "elasticsearch"))
    assert set(small.cpu_ms) == set(PROCESSES)
    assert all(large.index_bytes[name] >= small.index_bytes[name] * 0.8 > 0 for name in ARTICLE)
    assert sum(small.step_share.values()) == pytest.approx(1, abs=0.01)


def measured() -> dict[str, Any]:
    def size(factor: float) -> dict[str, Any]:
        families = [*ARTICLE, "health"]
        return {
            "message_bytes": 1000 * factor,
            "cpu_ms": dict.fromkeys(renew.NAMES, 10 * factor),
            "step_ms": {"decode": 1.0, "claims": 3.0, "write": 900.0},
            "topics": {"raw-articles": 1000 * factor, "claims": 2000 * factor},
            "indices": dict.fromkeys(families, 500.4 * factor),
            "documents": dict.fromkeys(families, 2 * factor),
        }

    return {"commit": "abc1234", "date": "2026-12-01", "articles": 50, "sizes": {"850": size(1), "3400": size(3)}}


def test_the_table_is_renewed_from_a_benchmark(tmp_path: Path) -> None:
    table, file = tmp_path / "figures.yaml", tmp_path / "measured.json"
    table.write_text(renew.TABLE.read_text("utf-8"), "utf-8")
    file.write_text(json.dumps(measured()))
    renew.write_table(file, table)
    found = parse_figures(table.read_bytes())
    assert (found.commit, found.date, found.articles) == ("abc1234", "2026-12-01", 50)
    assert (found.busy_share, found.memory_mb) == (load_figures().busy_share, load_figures().memory_mb)
    small, large = found.sizes
    assert (small.message_bytes, large.cpu_ms["elasticsearch"], small.index_bytes["ledger"]) == (1000, 30, 500)
    assert small.step_share == {"decode": 0.25, "claims": 0.75}, "writing is mostly waiting"
    assert table.read_text("utf-8").startswith("# ")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"commit": "a", "date": "b", "articles": 1, "sizes": {"1": {}}}'])
def test_a_table_is_kept_when_the_file_is_not_usable(tmp_path: Path, text: str) -> None:
    table, file = tmp_path / "figures.yaml", tmp_path / "measured.json"
    before = renew.TABLE.read_text("utf-8")
    table.write_text(before, "utf-8")
    file.write_text(text)
    with pytest.raises(Permanent):
        renew.write_table(file, table)
    assert table.read_text("utf-8") == before


def test_renewing_is_one_sentence_without_a_usable_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert renew.main([str(tmp_path / "none.json")]) == 1
    assert "none.json cannot be read" in capsys.readouterr().err
    assert renew.main([]) == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda table: table.pop("busy_share"), "busy_share"),
        (lambda table: table["sizes"].reverse(), "sizes must begin with the smaller articles"),
        (lambda table: table["sizes"][1]["cpu_ms"].pop("kafka"), "cpu_ms has no kafka"),
        (lambda table: table["sizes"][1]["topic_bytes"].pop("claims"), "topic_bytes has no claims"),
    ],
)
def test_a_wrong_table_names_the_field(change: Any, message: str) -> None:
    table = yaml.safe_load(renew.TABLE.read_text("utf-8"))
    change(table)
    with pytest.raises(Permanent, match=message):
        parse_figures(yaml.safe_dump(table))
