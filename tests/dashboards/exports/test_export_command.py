"""`newsclaims export` as users call it: files, pipes, terminals and messages."""

import csv
import io
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from dashboards.exports.columns import build_columns
from dashboards.output_files import open_output
from newsclaims import app
from schemas.errors import Permanent
from schemas.records import Claim
from tests.conftest import Stack
from tests.pipelines.run.running import command, count


@pytest.fixture
def export(demo_data: Stack, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs `newsclaims export` in this process."""
    for name, value in demo_data.environ.items():
        monkeypatch.setenv(name, value)

    def call(*arguments: object) -> Any:
        return CliRunner().invoke(app, ["export", *map(str, arguments)])

    return call


@pytest.mark.usefixtures("demo_data")
def test_csv_goes_to_standard_output(export: Any) -> None:
    result = export("claims", "--status", "denied", "--status", "confirmed", "--since", "2024-10", "--until", "2024-11")
    assert result.exit_code == 0
    found = list(csv.DictReader(io.StringIO(result.stdout)))
    assert {row["status"] for row in found} == {"denied", "confirmed"}
    assert all(row["published_at"].startswith("2024-10") for row in found)
    assert not result.stderr


@pytest.mark.parametrize("index", ["claims", "figures", "articles"])
def test_file_gets_the_format_of_its_ending_and_stderr_tells(
    export: Any, demo_data: Stack, tmp_path: Path, index: str
) -> None:
    file = tmp_path / "all.parquet"
    result = export(index, "--output", file)
    there = count(demo_data, index)
    assert result.exit_code == 0
    assert f"{there:,} {index} written to {file}" in result.stderr
    assert not result.stdout
    assert pq.read_metadata(file).num_rows == there


@pytest.mark.parametrize("format", ["csv", "jsonl", "parquet"])
def test_nothing_found_is_an_empty_file_and_a_sentence(export: Any, tmp_path: Path, format: str) -> None:
    file = tmp_path / f"none.{format}"
    result = export("claims", "--since", "2090", "-o", file)
    assert result.exit_code == 0
    assert "no claims match" in result.stderr
    names = [column.name for column in build_columns(Claim)]
    match format:
        case "csv":
            assert file.read_text() == ",".join(names) + "\n"
        case "jsonl":
            assert file.read_bytes() == b""
        case _:
            table = pq.read_table(file)
            assert (table.num_rows, table.schema.names) == (0, names)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["claims", "--status", "confirmd"], "--status 'confirmd' is unknown: did you mean confirmed?"),
        (["figures", "--unit-class", "military personell"], "did you mean military_personnel?"),
        (["figures", "--unit-class", "xyzzy"], "is unknown: there are animals, area"),
        (["articles", "--status", "denied"], "articles have no status: leave out --status"),
        (["articles", "--claimant", "NATO"], "articles have no claimant"),
        (["claims", "--format", "xls"], "--format 'xls' is unknown: there are csv, jsonl, parquet"),
        (["claims", "--since", "soon"], "--since is 'soon'"),
        (["claims", "-o", "/nowhere/at/all.csv"], "/nowhere/at/all.csv cannot be written: No such file or directory"),
        (["claims", "-o", "/tmp"], "/tmp cannot be written: it is a folder"),
        (["assertion", "nix"], "no claim without an analyst's mark has the assertion_id 'nix'"),
        (["assertion", "--claim", "nix"], "no claim has the claim_id 'nix'"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(export: Any, arguments: list[str], words: str) -> None:
    result = export(*arguments)
    assert isinstance(result.exception, Permanent)
    assert words in str(result.exception)
    assert not result.stdout


def test_value_that_nothing_has_is_noted_with_what_was_probably_meant(export: Any) -> None:
    result = export("claims", "--publisher", "northgate wier", "--publisher", "Meridian Post", "--watch", "zzz")
    assert result.exit_code == 0
    assert "none of the claims has the publisher 'northgate wier': did you mean Northgate Wire?" in result.stderr
    assert "none of the claims has the watch 'zzz'" in result.stderr
    assert "Meridian Post" not in result.stderr
    assert "no claims match" in result.stderr


def test_assertion_wants_one_id(export: Any) -> None:
    assert export("assertion").exit_code == 2
    assert export("assertion", "a", "--claim", "b").exit_code == 2


def test_server_that_is_away_is_told_in_a_sentence_and_leaves_no_file(demo_data: Stack, tmp_path: Path) -> None:
    file = tmp_path / "claims.csv"
    run = command(demo_data, "export", "claims", "-o", file, ELASTICSEARCH_URL="http://127.0.0.1:1")
    assert run.returncode == 1
    assert run.stderr.startswith("newsclaims: Elasticsearch does not answer")
    assert len(run.stderr.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_parquet_goes_through_a_pipe_and_not_into_a_terminal(demo_data: Stack) -> None:
    call = [sys.executable, "-m", "newsclaims", "export", "figures", "--format", "parquet"]
    environ = {**os.environ, **demo_data.environ}
    piped = subprocess.run(call, env=environ, capture_output=True, timeout=280, check=True)
    assert pq.read_table(io.BytesIO(piped.stdout)).num_rows == count(demo_data, "figures")
    terminal, inside = pty.openpty()
    with os.fdopen(terminal), os.fdopen(inside, "wb") as stdout:
        refused = subprocess.run(
            call, env=environ, stdout=stdout, stderr=subprocess.PIPE, text=True, timeout=280, check=False
        )
    assert refused.returncode == 1
    assert "write it to a file with --output" in refused.stderr


def test_reader_that_has_enough_ends_the_export_quietly(demo_data: Stack) -> None:
    call = f"{sys.executable} -m newsclaims export claims --format jsonl | head -c 100"
    run = subprocess.run(
        call, shell=True, env={**os.environ, **demo_data.environ}, capture_output=True, timeout=280, check=True
    )
    assert len(run.stdout) == 100
    assert run.stderr == b""


def test_file_has_the_rights_of_any_other_and_a_link_goes_on_leading(tmp_path: Path) -> None:
    target, link = tmp_path / "folder" / "target", tmp_path / "link"
    target.parent.mkdir()
    link.symlink_to(target)
    mask = os.umask(0o027)
    try:
        with open_output(str(link)) as stream:
            stream.write(b"new")
            assert not target.exists()
    finally:
        os.umask(mask)
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o640


def test_device_is_written_to_and_stays_a_device() -> None:
    with open_output("/dev/null") as stream:
        stream.write(b"x")
    assert Path("/dev/null").is_char_device()


def test_block_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def interrupted() -> None:
        with open_output(str(tmp_path / "x")) as stream:
            stream.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not list(tmp_path.iterdir())


def test_full_disk_is_told_in_a_sentence() -> None:
    def fill() -> None:
        with open_output("/dev/full") as stream:
            stream.write(b"x")

    with pytest.raises(Permanent, match="/dev/full cannot be written: No space left on device"):
        fill()
