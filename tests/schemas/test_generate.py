"""What is generated from the records is committed and current."""

from pathlib import Path

import pytest

from schemas import generate


def test_committed_files_are_current() -> None:
    assert generate.find_stale() == []
    assert generate.main(["--check"]) == 0


def test_check_names_the_stale_file_and_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    generate.main([], tmp_path)
    (tmp_path / "jsonschema/claim.schema.json").write_text("{}")
    (tmp_path / "elasticsearch/nobody.json").write_text("{}")
    assert generate.main(["--check"], tmp_path) == 1
    said = capsys.readouterr().err
    assert "schemas/generated/jsonschema/claim.schema.json is stale" in said
    assert "elasticsearch/nobody.json" in said
    assert "python -m schemas.generate" in said


def test_writing_mends_what_is_stale_and_removes_what_nothing_generates(tmp_path: Path) -> None:
    generate.write(tmp_path)
    (tmp_path / "jsonschema/claim.schema.json").unlink()
    (tmp_path / "elasticsearch/nobody.json").write_text("{}")
    assert generate.find_stale(tmp_path) == ["elasticsearch/nobody.json", "jsonschema/claim.schema.json"]
    assert generate.write(tmp_path) == ["elasticsearch/nobody.json", "jsonschema/claim.schema.json"]
    assert generate.find_stale(tmp_path) == []
