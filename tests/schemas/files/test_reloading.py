"""Files that are read again when they have changed."""

import logging
import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from schemas.errors import NewsclaimsError, Permanent
from schemas.files.reloading import ReloadedFile

SECONDS: Iterator[int] = count(1_700_000_000)


def write(file: Path, text: str) -> None:
    """Writes the file with a time of change of its own."""
    file.write_text(text)
    os.utime(file, (moment := next(SECONDS), moment))


def load(file: Path) -> list[str]:
    text = file.read_text() if file.exists() else "wrong"
    if "wrong" in text:
        raise Permanent(f"{file.name} is wrong")
    return text.split()


def test_file_is_read_only_after_a_change(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    write(file := tmp_path / "names", "a b")
    names = ReloadedFile(file, load, "names")
    assert names.content is None
    assert [names.reload(), names.content] == [True, ["a", "b"]]
    assert not names.reload()
    write(file, "c d")
    assert [names.reload(), names.content] == [True, ["c", "d"]]
    assert [each.getMessage() for each in caplog.records] == [f"{file} was read again: 2 names"]


def test_error_keeps_the_content_and_is_logged_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write(file := tmp_path / "names", "a")
    names = ReloadedFile(file, load, "names")
    names.reload()
    write(file, "wrong")
    assert [names.reload(), names.reload(), names.content] == [False, False, ["a"]]
    file.unlink()
    assert [names.reload(), names.reload(), names.content] == [False, False, ["a"]]
    assert [each.getMessage() for each in caplog.records] == ["The names stay as they were: names is wrong"] * 2
    write(file, "b")
    assert [names.reload(), names.content] == [True, ["b"]]


def test_first_error_is_raised_again_until_the_file_is_valid(tmp_path: Path) -> None:
    names = ReloadedFile(file := tmp_path / "names", load, "names")
    for _ in range(2):
        with pytest.raises(Permanent, match="names is wrong"):
            names.reload()
    write(file, "a")
    assert names.reload()


def test_there_may_be_content_to_begin_with(tmp_path: Path) -> None:
    def fall_back(_error: NewsclaimsError) -> list[str]:
        return ["kept"]

    names = ReloadedFile(tmp_path / "names", load, "names", fall_back)
    assert [names.reload(), names.content, names.reload()] == [True, ["kept"], False]
