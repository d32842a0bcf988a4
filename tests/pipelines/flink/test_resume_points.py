"""Where a run continues: the last savepoint or complete checkpoint, if there is one."""

from pathlib import Path

import pytest

from pipelines.flink.resume_points import AUTO, METADATA, NONE, ResumeFile, ResumePoint, choose_resume_path
from schemas.errors import Permanent


def make_checkpoint(folder: Path, name: str, is_complete: bool = True) -> ResumePoint:
    (folder / name).mkdir(parents=True)
    if is_complete:
        (folder / name / METADATA).touch()
    return ResumePoint(path=f"file://{folder / name}", job="j1")


def test_newest_complete_checkpoint_is_restored(tmp_path: Path) -> None:
    """The client may have died before the cluster, and Flink keeps only the last few."""
    kept = make_checkpoint(tmp_path, "chk-9", is_complete=False)
    make_checkpoint(tmp_path, "chk-10")
    make_checkpoint(tmp_path, "chk-11")
    make_checkpoint(tmp_path, "chk-12", is_complete=False)
    assert choose_resume_path(AUTO, kept) == f"file://{tmp_path}/chk-11"


def test_savepoint_is_restored_itself(tmp_path: Path) -> None:
    kept = make_checkpoint(tmp_path, "savepoint-ab")
    make_checkpoint(tmp_path, "chk-11")
    assert choose_resume_path(AUTO, kept) == kept.path


@pytest.mark.parametrize("name", ["chk-9", "savepoint-ab"])
def test_incomplete_ones_lead_to_the_offsets_of_the_group(tmp_path: Path, name: str) -> None:
    assert choose_resume_path(AUTO, make_checkpoint(tmp_path, name, is_complete=False)) is None


def test_place_that_only_flink_sees_is_left_to_flink() -> None:
    for path in ("s3://bucket/checkpoints/j1/chk-7", "file:///on-another-machine/j1/chk-7"):
        assert choose_resume_path(AUTO, ResumePoint(path=path, job="j1")) == path
    assert choose_resume_path(AUTO, None) is None
    assert choose_resume_path(NONE, ResumePoint(path="s3://bucket/chk-7", job="j1")) is None


def test_given_path_must_be_complete(tmp_path: Path) -> None:
    make_checkpoint(tmp_path, "chk-3")
    make_checkpoint(tmp_path, "chk-4", is_complete=False)
    assert choose_resume_path(str(tmp_path / "chk-3"), None) == f"file://{tmp_path}/chk-3"
    with pytest.raises(Permanent, match="the checkpoint is incomplete"):
        choose_resume_path(str(tmp_path / "chk-4"), None)
    with pytest.raises(Permanent, match="must be auto, none, an absolute path or an address"):
        choose_resume_path("chk-3", None)


def test_file_keeps_the_last_point_and_an_unreadable_one_is_none(tmp_path: Path) -> None:
    file = ResumeFile(tmp_path / "data" / "flink.json")
    assert file.read() is None
    point = ResumePoint(path="s3://bucket/chk-7", job="j1")
    file.write(point)
    assert file.read() == point
    file.path.write_text("{")
    assert file.read() is None
    file.clear()
    assert file.read() is None
