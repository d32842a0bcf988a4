"""The file that says how far a re-processing has come."""

from pathlib import Path

import pytest

from pipelines.reprocess.progress import ProgressFile
from schemas.errors import Permanent


def test_next_run_goes_on_and_keeps_what_was_read(tmp_path: Path) -> None:
    file = tmp_path / "data" / "progress.sqlite"
    with ProgressFile(file) as progress:
        progress.begin({"topic/0": (10, 90), "topic/1": (0, 5)})
        progress.advance({"topic/0": 30}, [("a", 1), ("a", 2)], [("a", 2), ("b", 1)], {"read": 2})
    with ProgressFile(file) as progress:
        progress.begin({"topic/0": (10, 200), "topic/2": (0, 1)})  # the end of the first run counts
        assert progress.read_positions() == {"topic/0": (30, 90), "topic/1": (0, 5), "topic/2": (0, 1)}
        assert progress.was_read("a", 1)
        assert not progress.was_read("a", 3)
        assert not progress.was_read("b", 1)
        progress.advance({}, [("a", 2)], [("a", 1), ("b", 4)], {"read": 1, "failed": 0})
        progress.note_written([("c", 7)])
        assert dict(progress.iterate_written()) == {"a": 2, "b": 4, "c": 7}
        assert progress.read_counts() == {"read": 3, "failed": 0}


def test_only_one_run_has_the_file(tmp_path: Path) -> None:
    file = tmp_path / "progress.sqlite"
    with ProgressFile(file) as progress:
        progress.begin({"topic/0": (0, 1)})
        with pytest.raises(Permanent, match="another `newsclaims reprocess` runs"):
            ProgressFile(file)
    with ProgressFile(file):
        pass


def test_broken_file_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "progress.sqlite"
    file.write_bytes(b"not a database, but long enough to be read as one" * 100)
    with pytest.raises(Permanent, match="delete it to read everything again"):
        ProgressFile(file)
