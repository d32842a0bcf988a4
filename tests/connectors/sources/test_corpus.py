"""The program that reads a folder of feeds."""

from pathlib import Path

import pytest

from tests.connectors.sample_feeds import item, rss
from tests.connectors.sources import corpus


def test_differences_from_what_a_document_says_are_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected = "not bozo and entries[0]['title'] == u'Report 2' and entries[0]['id'] == '1'"
    says = f"<!--\nDescription: title\nExpect:      {expected}\n-->"
    (tmp_path / "a.xml").write_text(says + rss(item(1, guid="1")).partition("?>")[2])
    (tmp_path / "b.xml").write_text("<html/>")
    assert corpus.main(str(tmp_path)) == 0
    output = capsys.readouterr().out
    assert "a.xml: title: 'Report 2' is read as 'Report 1'" in output
    assert "1 refused: it is a page" in output


def test_a_failure_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(response: object) -> None:
        raise IndexError

    monkeypatch.setattr(corpus, "parse_feed", fail)
    (tmp_path / "a.xml").write_text(rss(item(1)))
    assert corpus.main(str(tmp_path)) == 1
