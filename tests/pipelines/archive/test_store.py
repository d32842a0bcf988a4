"""Files of an archive in a folder and on a server that speaks the protocol of S3."""

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from connectors.kit import FoundArticle
from connectors.sources.files import read_paths
from deploy.settings import Settings
from pipelines.archive.retention import prune
from pipelines.archive.store import UNFINISHED, ArchiveFile, ArchiveStore, pack
from schemas.errors import Permanent, Retryable
from tests.pipelines.messages import article, message

DAY = date(2026, 11, 28)


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of a server of S3, with a bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "reader")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret-of-the-reader")
        boto3.client("s3", endpoint_url=f"http://{host}:{port}", region_name="us-east-1").create_bucket(Bucket="news")
        yield f"?scheme=http&endpoint_override={host}:{port}&region=us-east-1"
    server.stop()


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ArchiveStore:
    """An empty archive of each kind."""
    if request.param == "folder":
        return ArchiveStore.open(str(tmp_path / "archive"))
    return ArchiveStore.open(f"s3://news/{tmp_path.name}{request.getfixturevalue('s3')}")


def make_file(partition: int = 0, first: int = 0, last: int = 9, day: date = DAY) -> ArchiveFile:
    return ArchiveFile(partition, first, last, day)


def test_new_archive_has_no_files(store: ArchiveStore) -> None:
    assert store.list_files() == []


def test_files_come_back_by_partition_and_offset(store: ArchiveStore) -> None:
    written = [make_file(1, 0, 4), make_file(0, 10, 120), make_file(0, 0, 9, date(2026, 11, 27))]
    for file in written:
        store.write(file, pack([file.name.encode() + b"\n"]))
    found = store.list_files()
    assert [(file.partition, file.first, file.last, file.day) for file in found] == [
        (0, 0, 9, date(2026, 11, 27)), (0, 10, 120, DAY), (1, 0, 4, DAY),
    ]  # fmt: skip
    assert [list(store.read_lines(file)) for file in found] == [[file.name.encode() + b"\n"] for file in found]
    assert all(file.size > 20 for file in found)


def test_other_files_are_passed_over(store: ArchiveStore) -> None:
    store.write(make_file(), pack([b"1\n"]))
    if Path(store.root).is_dir():
        (Path(store.root) / "notes.txt").write_text("not ours")
        file = Path(store.root, f"{make_file(first=10, last=19).name}{UNFINISHED}")
        file.write_bytes(b"half")
    assert len(store.list_files()) == 1


def test_rewriting_drops_lines_and_keeps_the_name(store: ArchiveStore) -> None:
    store.write(make_file(), pack([b"a\n", b"b\n", b"a\n"]))
    assert store.rewrite(make_file(), lambda line: line != b"a\n") == 2
    assert list(store.read_lines(make_file())) == [b"b\n"]
    assert store.rewrite(make_file(), lambda line: False) == 1
    assert [file.name for file in store.list_files()] == [make_file().name]


def test_pruning_deletes_what_is_older_and_a_dry_run_nothing(store: ArchiveStore) -> None:
    old, young = make_file(day=date(2026, 10, 29)), make_file(first=10, last=19, day=date(2026, 10, 30))
    for file in (old, young):
        store.write(file, pack([b"1\n"]))
    today = date(2026, 11, 29)
    assert [file.name for file in prune(store, 30, today, dry_run=True)] == [old.name]
    assert len(store.list_files()) == 2
    prune(store, 30, today)
    assert [file.name for file in store.list_files()] == [young.name]


def test_missing_file_is_one_sentence(store: ArchiveStore) -> None:
    with pytest.raises(Retryable, match="cannot be read"):
        list(store.read_lines(make_file()))


def test_cut_file_is_one_sentence(store: ArchiveStore) -> None:
    store.write(make_file(), pack([b"a line\n"])[:-6])
    with pytest.raises(Retryable, match="cannot be read"):
        list(store.read_lines(make_file()))


@pytest.mark.parametrize("place", ["ftp://news/archive", "s3:///archive", "gs://news"])
def test_address_of_another_kind_is_refused(place: str) -> None:
    with pytest.raises(Permanent, match="must be a folder or s3://"):
        ArchiveStore.open(place)


def test_key_in_the_address_is_refused_and_not_shown() -> None:
    with pytest.raises(Permanent, match="AWS_ACCESS_KEY_ID") as refused:
        ArchiveStore.open("s3://user:hidden@news/archive")
    assert "hidden" not in str(refused.value)


def test_unreachable_bucket_is_one_sentence_without_the_query(s3: str) -> None:
    store = ArchiveStore.open(f"s3://nobody/archive{s3}")
    with pytest.raises(Retryable, match=r"The archive s3://nobody/archive cannot be written: .*bucket"):
        store.write(make_file(), b"")


def test_archived_articles_keep_their_ids_when_they_are_published_again(tmp_path: Path) -> None:
    """A folder that `newsclaims archive` wrote is read like any other folder."""
    store = ArchiveStore.open(str(tmp_path))
    guid = article(2, article_id="id-of-a-guid")
    store.write(make_file(), pack([message(1) + b"\n", message(2, article_id="id-of-a-guid") + b"\n"]))
    first, second = read_paths([str(tmp_path)], io.BytesIO(), feed="another")
    assert isinstance(first, FoundArticle)
    assert isinstance(second, FoundArticle)
    assert first.article.article_id == article(1).article_id
    assert (second.article.article_id, second.article.feed, second.article.revision) == (
        "id-of-a-guid", "harbour-post", guid.revision,
    )  # fmt: skip


@pytest.mark.parametrize("days", ["0", "-3", "ten", "1.5"])
def test_days_of_the_archive_must_be_a_number(days: str) -> None:
    with pytest.raises(Permanent, match="NEWSCLAIMS_ARCHIVE_DAYS"):
        Settings.load({"NEWSCLAIMS_ARCHIVE_DAYS": days})
