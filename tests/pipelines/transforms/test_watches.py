"""The step `watches` and its file: the tags of documents, and a file that changes, breaks or disappears."""

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from deploy.settings import Settings
from pipelines.io.elasticsearch.ledger import decide, make_entry
from pipelines.run.options import make_run_options
from pipelines.transforms.watches import CHECK_SECONDS, WatchesFile
from schemas.errors import Permanent
from tests.pipelines.messages import message
from tests.pipelines.tagging import BOATS, BOTH, DENIALS, documents, watched, written


class Clock:
    """A clock that a test moves on."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def passes(self) -> None:
        self.now += CHECK_SECONDS


def test_documents_carry_the_watches_that_they_match(tmp_path: Path) -> None:
    found = documents(WatchesFile(written(tmp_path / "w.yaml", BOTH)))
    tags = watched(found)
    assert tags["articles"] == [["denials", "boats"]]
    for document in found.documents:
        source = json.loads(document.source)
        assert source["rules_version"] == found.rules_version
        if document.family == "claims":
            assert ("denials" in source["watches"]) == (source["status"] == "denied")
            assert ("boats" in source["watches"]) == ("boats" in source["text"])
    assert ["boats"] in tags["figures"]
    assert [] in tags["claims"]


def test_rules_version_tells_which_documents_are_tagged_how(tmp_path: Path) -> None:
    none = documents(WatchesFile(tmp_path / "none.yaml"))
    elsewhere = documents(WatchesFile(written(tmp_path / "a.yaml", "watches: {other: {words: [elsewhere]}}")))
    denials = documents(WatchesFile(written(tmp_path / "b.yaml", DENIALS)))
    both = documents(WatchesFile(written(tmp_path / "c.yaml", BOTH)))
    again = documents(WatchesFile(written(tmp_path / "d.yaml", DENIALS.replace("denials:", "denials:  "))))
    assert none.rules_version == elsewhere.rules_version
    assert "+" not in none.rules_version
    assert len({none.rules_version, denials.rules_version, both.rules_version}) == 3
    assert denials.rules_version == again.rules_version
    assert denials.rules_version.startswith(none.rules_version + "+")


@pytest.mark.parametrize(
    ("before", "after", "changes", "decision"),
    [
        ("watches: {}", DENIALS, {}, "write"),  # delivered again, after the watches have changed
        (DENIALS, "watches: {}", {}, "write"),
        (DENIALS, DENIALS, {}, "unchanged"),
        (DENIALS, DENIALS + "  x: {words: [elsewhere]}\n", {}, "unchanged"),  # a watch that has nothing here
        (DENIALS, "watches: {}", {"revision": 1730793699999}, "unchanged"),  # only fetched again
        (DENIALS, "watches: {}", {"revision": 1730793699999, "content_hash": "new"}, "write"),
        (DENIALS, BOATS, {"revision": 1}, "older"),
    ],
)
def test_ledger_writes_again_what_is_tagged_otherwise(
    tmp_path: Path, before: str, after: str, changes: dict[str, Any], decision: str
) -> None:
    first = documents(WatchesFile(written(tmp_path / "a.yaml", before)))
    second = documents(WatchesFile(written(tmp_path / "b.yaml", after)), message(1, **changes))
    assert decide(make_entry(first, first.bucket, datetime.now(UTC)), second) == decision


def test_changed_file_is_read_again_within_a_second_and_not_looked_at_before(tmp_path: Path) -> None:
    clock = Clock()
    file = WatchesFile(written(tmp_path / "w.yaml", DENIALS), clock=clock)
    assert watched(documents(file))["articles"] == [["denials"]]
    written(file.file, BOATS)
    assert watched(documents(file))["articles"] == [["denials"]]
    clock.passes()
    assert watched(documents(file))["articles"] == [["boats"]]


def test_file_that_comes_later_is_taken(tmp_path: Path) -> None:
    clock = Clock()
    file = WatchesFile(tmp_path / "w.yaml", clock=clock)
    assert watched(documents(file))["articles"] == [[]]
    written(file.file, BOATS)
    clock.passes()
    assert watched(documents(file))["articles"] == [["boats"]]


def broken(file: Path) -> None:
    written(file, "watches:\n  denials: {status: [denied]}\n")


def emptied(file: Path) -> None:
    written(file, "")


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (broken, "line 2, watches.denials.status: unknown field; did you mean statuses?"),
        (emptied, "is empty"),
        (Path.unlink, "is gone"),
    ],
)
def test_wrong_file_changes_nothing_and_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, harm: Callable[[Path], None], said: str
) -> None:
    clock, kept = Clock(), tmp_path / "kept" / "w.json"
    file = WatchesFile(written(tmp_path / "w.yaml", DENIALS), kept, clock)
    file.current()
    harm(file.file)
    for _ in range(3):
        clock.passes()
        assert watched(documents(file))["articles"] == [["denials"]]
    warnings = [each.getMessage() for each in caplog.records if each.levelno == logging.WARNING]
    assert len(warnings) == 1
    assert warnings[0].startswith("The watches stay as they were: ")
    assert said in warnings[0]
    # A worker that starts now has what the others have.
    assert watched(documents(WatchesFile(file.file, kept, clock)))["articles"] == [["denials"]]
    written(file.file, BOATS)
    clock.passes()
    assert watched(documents(file))["articles"] == [["boats"]]
    assert watched(documents(WatchesFile(file.file, kept, clock)))["articles"] == [["boats"]]


def test_worker_without_any_right_watches_does_not_start(tmp_path: Path) -> None:
    file = tmp_path / "w.yaml"
    broken(file)
    with pytest.raises(Permanent, match="line 2"):
        WatchesFile(file, tmp_path / "kept.json").current()


def settings(tmp_path: Path, file: Path) -> Settings:
    return Settings.load({"NEWSCLAIMS_DATA_DIR": str(tmp_path), "NEWSCLAIMS_WATCHES": str(file)})


def test_run_refuses_a_wrong_file_and_one_that_is_named_and_not_there(tmp_path: Path) -> None:
    file = tmp_path / "w.yaml"
    with pytest.raises(Permanent, match="NEWSCLAIMS_WATCHES names"):
        make_run_options(settings(tmp_path, file))
    broken(file)
    with pytest.raises(Permanent, match=r"w\.yaml, line 2, watches\.denials\.status"):
        make_run_options(settings(tmp_path, file))


def test_new_run_forgets_what_an_earlier_one_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written(Path("watches.yaml"), DENIALS)
    unnamed = Settings.load({"NEWSCLAIMS_DATA_DIR": str(tmp_path)})
    given = make_run_options(unnamed).settings
    Path("watches.yaml").unlink()
    assert watched(documents(WatchesFile(Path(given["watches"]), Path(given["watches_kept"]))))["articles"] == [
        ["denials"]
    ]
    given = make_run_options(unnamed).settings
    assert watched(documents(WatchesFile(Path(given["watches"]), Path(given["watches_kept"]))))["articles"] == [[]]
