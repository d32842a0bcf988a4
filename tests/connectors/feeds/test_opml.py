"""Import and export of OPML."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from connectors.feeds.configuration import load_feeds
from connectors.feeds.opml import import_opml, read_opml
from newsclaims import app
from schemas.errors import Permanent

OPML = """<?xml version="1.0"?><opml version="1.0"><head/><body><outline text="Ports">
<outline type="rss" text="Pier &amp; Quay" xmlUrl="https://pier.example/rss?a=1&amp;b=2"/>
<outline type="rss" text="Pier &amp; Quay" xmlUrl="https://pier.example/other"/>
<outline type="rss" title="Nowhere" xmlUrl="nowhere"/></outline>
<outline text="Again" xmlUrl="https://pier.example/other"/></body></opml>"""


def test_import_keeps_existing_feeds_and_reports_refused_ones(tmp_path: Path) -> None:
    source, file = tmp_path / "in.opml", tmp_path / "feeds.yaml"
    source.write_text(OPML)
    file.write_text("feeds:\n  pier-quay: https://old.example/rss # ours\n")
    result = CliRunner().invoke(app, ["feeds", "import", str(source), "-f", str(file)])
    assert result.exit_code == 1
    assert "2 feeds added" in result.output
    assert "Nowhere: 'nowhere' is not a web address" in result.output
    assert "# ours" in file.read_text()
    assert {feed.name: (feed.config.url, feed.config.publisher) for feed in load_feeds(file)} == {
        "pier-quay": ("https://old.example/rss", None),
        "pier-quay-2": ("https://pier.example/rss?a=1&b=2", "Pier & Quay"),
        "pier-quay-3": ("https://pier.example/other", "Pier & Quay"),
    }
    assert import_opml(source, file)[0] == []


def test_export_can_be_imported_and_shows_no_password(tmp_path: Path) -> None:
    file, other = tmp_path / "feeds.yaml", tmp_path / "other.yaml"
    file.write_text(
        "feeds:\n  a: https://me:hush@a.example/rss?x=1&y=2\n"
        "  drop: {connector: folder, settings: {path: /srv}}\n  b: {url: 'https://b.example/', publisher: B & Co}\n"
    )
    text = CliRunner().invoke(app, ["feeds", "export", "-f", str(file)]).output
    assert "hush" not in text
    exported = tmp_path / "out.opml"
    exported.write_text(text)
    import_opml(exported, other)
    assert [(feed.config.url, feed.config.publisher) for feed in load_feeds(other)] == [
        ("https://a.example/rss?x=1&y=2", "a"), ("https://b.example/", "B & Co"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["<rss/>", "no xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><opml>&b;</opml>", ""])
def test_anything_but_opml_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "in.opml"
    file.write_text(text)
    with pytest.raises(Permanent, match=r"in\.opml"):
        read_opml(file)
