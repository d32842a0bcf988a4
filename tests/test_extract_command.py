"""`newsclaims extract` as its users call it: a filter between JSON lines, and files on the command line."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TEXT = "HARLOW BAY - At least 3,000 residents have come, the port authority said on Monday."


def extract(*arguments: object, lines: str = "") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "newsclaims", "extract", *map(str, arguments)]
    return subprocess.run(command, input=lines.encode(), capture_output=True, check=False)


def answers(run: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run.stdout.splitlines()]


def test_line_in_line_out_with_offsets_in_the_text_as_it_is() -> None:
    run = extract(
        lines=json.dumps({"id": "a", "text": f"  {TEXT}", "as_is": True, "published_at": "2024-11-05"}) + "\n"
    )
    assert run.returncode == 0, run.stderr
    (answer,) = answers(run)
    (article,) = answer["articles"]
    assert answer["id"] == "a"
    assert article["body"] == f"  {TEXT}"
    assert article["language"] == "en"
    figure = article["figures"][0]
    assert (figure["low"], figure.get("high"), figure["unit_class"]) == (3000, None, "people")
    assert article["body"][figure["start"] : figure["end"]] == figure["text"]
    claim = article["claims"][0]
    assert claim["status"] == "asserted"
    assert "port authority" in claim["claimant"]["name"].lower()
    for start, end in claim["content"]:
        assert "3,000 residents" in article["body"][start:end]


def test_every_field_of_the_specified_line_is_there() -> None:
    (answer,) = answers(extract(lines='{"id": "a", "text": "Mein Haus.", "as_is": true}\n'))
    assert {"title", "body", "kind", "language", "language_confidence", "figures", "claims", "entities"} <= set(
        answer["articles"][0]
    )
    assert "removed" not in answer["articles"][0] or answer["articles"][0]["removed"] == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "not JSON"),
        ('{"id": "b"}', "exactly one of `text` and `html`"),
        ('{"id": 5, "text": "x"}', "$.id"),
        ('{"id": "b", "text": "x", "published_at": "soon"}', "$.published_at"),
    ],
)
def test_bad_line_is_named_and_the_next_is_answered(line: str, words: str) -> None:
    run = extract(lines=line + '\n{"id": "good", "text": "Fine."}\n')
    assert run.returncode == 1
    assert [answer["id"] for answer in answers(run)] == ["good"]
    assert run.stderr.decode().startswith("stdin:1: ")
    assert words in run.stderr.decode()
    assert "Traceback" not in run.stderr.decode()


def test_files_are_read_by_their_kind(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    (tmp_path / "b.html").write_text(f"<html><body><article><p>{TEXT}</p></article></body></html>", "utf-8")
    (tmp_path / "c.jsonl").write_text(json.dumps({"id": "c", "text": TEXT}), "utf-8")
    found = answers(extract(tmp_path / "a.txt", tmp_path / "b.html", tmp_path / "c.jsonl"))
    assert [len(answer["articles"]) for answer in found] == [1, 1, 1]
    assert all("3,000 residents" in answer["articles"][0]["body"] for answer in found)
    run = extract(tmp_path / "missing.txt")
    assert run.returncode == 1
    assert "missing.txt: no such file" in run.stderr.decode()


def test_explain_tells_what_was_removed_and_why(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text(f"<html><body><nav>Home Weather</nav><article><p>{TEXT}</p></article></body></html>", "utf-8")
    plain = tmp_path / "b.txt"
    plain.write_text(
        f"{TEXT}\n\nThe mayor thanked them at the town hall in the evening.\n\nShare this article\n", "utf-8"
    )
    (_, answer) = answers(extract("--explain", page, plain))
    removed = answer["articles"][0]["removed"]
    assert [line["text"] for line in removed] == ["Share this article"]
    assert removed[0]["reason"]


def test_declared_language_wins_on_text_too_short_to_tell_and_loses_on_plain_evidence() -> None:
    german = "Der Bürgermeister sagte am Montag, dass die Brücke erst im Herbst wieder geöffnet werde. " * 3
    lines = [
        {"id": "short", "text": "Sales reached 3.5M units.", "as_is": True, "language": "en"},
        {"id": "plain", "text": german, "as_is": True, "language": "en"},
    ]
    found = answers(extract(lines="".join(json.dumps(line) + "\n" for line in lines)))
    assert [answer["articles"][0]["language"] for answer in found] == ["en", "de"]
