"""`newsclaims watches` as its users call it, without servers."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from newsclaims import app
from schemas.errors import Permanent

WATCHES = """watches:
  flood:
    title: Flood defence
    entities: [Ines Okafor]
    words: [volunteer*, boats]
  denials: {statuses: [denied]}
  money: {unit_classes: [money], languages: [en]}
  lost: {unit_classes: [people], statuses: [denied]}
"""
TEXT = """Port authority counts volunteers

HARLOW BAY - About 3,000 people joined the flood defence, the port authority said on Monday.

Its director, Ines Okafor, told reporters that up to 40 boats would follow. The mayor denied that any were lost.
"""


def watches(*arguments: object, stdin: str | None = None) -> Any:
    return CliRunner().invoke(app, ["watches", *map(str, arguments)], input=stdin, env={"COLUMNS": "160"})


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with watches.yaml and a text, and no Elasticsearch."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSCLAIMS_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("ELASTICSEARCH_URL", "http://127.0.0.1:9")
    (tmp_path / "watches.yaml").write_text(WATCHES, "utf-8")
    (tmp_path / "flood.txt").write_text(TEXT, "utf-8")
    return tmp_path


def test_check_names_all_problems(place: Path) -> None:
    result = watches("check")
    assert (result.exit_code, result.output) == (0, "4 watches are valid\n")
    (place / "other.yaml").write_text("watches:\n  a: {word: [x]}\n  b: {statuses: [denid]}\n  c: {words: [x]}\n")
    result = watches("check", "-f", "other.yaml")
    assert result.exit_code == 1
    assert "other.yaml, line 2, watches.a.word: unknown field; did you mean words?" in result.output
    assert "other.yaml, line 3, watches.b.statuses.0: 'denid' is not a status; did you mean denied?" in result.output
    assert "1 watches are valid, 2 problems" in result.output


def test_file_is_the_one_that_the_setting_names(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / "named.yaml").write_text("watches: {one: {words: [x]}}")
    monkeypatch.setenv("NEWSCLAIMS_WATCHES", "named.yaml")
    assert "1 watches are valid" in watches("check").output
    monkeypatch.setenv("NEWSCLAIMS_WATCHES", "none.yaml")
    assert isinstance(watches("check").exception, Permanent)


@pytest.mark.usefixtures("place")
def test_test_shows_what_matches_and_why_and_why_not() -> None:
    result = watches("test", "flood.txt")
    assert result.exit_code == 0, result.output
    assert (
        "✓ flood  4 of 4 claims, 2 of 2 figures: Ines Okafor (entities), volunteers (words volunteer*)" in result.output
    )
    assert "✓ denials  1 of 4 claims, 0 of 2 figures: denied (statuses)" in result.output
    assert "✗ money  none of its unit classes" in result.output
    assert "✗ lost  none of its unit classes and statuses together in one claim or figure" in result.output
    assert "names: Ines Okafor" in result.output


@pytest.mark.usefixtures("place")
def test_test_gives_json_lines_with_offsets() -> None:
    line = json.dumps({"id": "one", "text": TEXT.partition("\n\n")[2], "title": "No words here", "as_is": True})
    result = watches("test", "--json", stdin=line + "\n" + line)
    first, again = (json.loads(each) for each in result.output.splitlines())
    assert first == again
    (article,) = first["articles"]
    flood, denials = article["matches"]
    assert (flood["watch"], denials["watch"]) == ("flood", "denials")
    assert article["missing"] == {"money": ["unit_classes"], "lost": ["unit_classes", "statuses"]}
    body = json.loads(line)["text"]
    found = {hit["found"]: body[hit["start"] : hit["end"]] for hit in flood["hits"]}
    assert found == {"Ines Okafor": "Ines Okafor", "boats": "boats"}
    assert [claim["status"] for claim in article["claims"]] == ["predicted", "denied"]
    assert [figure["text"] for figure in article["figures"]] == ["up to 40"]


def test_test_matches_the_usual_name_as_the_job_does(place: Path) -> None:
    (place / "named.yaml").write_text("watches: {one: {entities: [Volodymyr Zelenskyy]}}")
    line = json.dumps(
        {"id": "one", "text": "Vladimir Zelensky denied on Monday that 40 boats were lost.", "as_is": True}
    )
    result = watches("test", "--json", "-f", "named.yaml", stdin=line)
    (article,) = json.loads(result.output)["articles"]
    assert [each["watch"] for each in article["matches"]] == ["one"]
    assert {"Volodymyr Zelenskyy", "Vladimir Zelensky"} <= set(article["entities"])


@pytest.mark.usefixtures("place")
def test_test_names_what_it_cannot_read() -> None:
    result = watches("test", "flood.txt", "nowhere.txt")
    assert result.exit_code == 1
    assert "nowhere.txt" in result.output
    assert "flood" in result.output


@pytest.mark.usefixtures("place")
def test_list_shows_watches_without_counts_if_elasticsearch_is_unreachable() -> None:
    result = watches("list")
    assert result.exit_code == 0
    assert "The counts are unknown: Elasticsearch does not answer" in result.output
    assert "Flood defence" in result.output
    assert "words volunteer*, boats" in result.output
