"""feeds.yaml: valid feeds are read, problems are reported with line, field and a suggestion."""

from pathlib import Path

import pytest

import deploy
from connectors.feeds.configuration import load_feeds, read_feeds
from connectors.sources.syndication import SyndicationSettings
from schemas.errors import Permanent


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "feeds.yaml"
    file.write_text(text)
    return file


def test_defaults_apply_to_feeds_without_a_value(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "defaults: {interval: 1h, language: en}\nfeeds:\n  pier: https://pier.example/rss\n"
        "  ledger:\n    url: https://ledger.example/rss\n    interval: 90s\n    settings: {full_text: true}\n",
    )
    pier, ledger = load_feeds(file)
    assert (pier.name, pier.interval, pier.config.url) == ("pier", 3600, "https://pier.example/rss")
    assert (ledger.interval, ledger.config.language) == (90, "en")
    assert ledger.settings == SyndicationSettings(full_text=True)


@pytest.mark.parametrize(
    ("entry", "line", "said"),
    [
        ("    intervall: 15m", 4, "feeds.pier.intervall: unknown field; did you mean interval?"),
        ("    connector: rss", 4, "feeds.pier.connector: unknown connector 'rss'"),
        ("    settings:\n      ful_text: true", 5, "settings.ful_text: unknown field; did you mean full_text?"),
        ("    settings:\n      full_text: 3", 5, "settings.full_text: Expected `bool`, got `int`"),
        ("    connector: sitemap\n    settings: {match: '['}", 5, "'[' is not a valid regular expression"),
        ("    interval: soon", 4, "feeds.pier.interval: 'soon' is not a duration: write a number and s, m, h, d or w"),
        ("    interval: 5s", 4, "5s is too short: no feed is polled more often than every 60 s"),
        ("    language: English", 4, "feeds.pier.language: Expected `str` matching regex"),
        ("    expected_per_day: many", 4, "feeds.pier.expected_per_day: Expected `float"),
        ("    url: ftp://pier.example", 4, "is not a web address"),
        ("  Bad Name: https://a.example", 4, "a feed's name consists of lower-case letters"),
        ("  empty: {}", 4, "feeds.empty.url: is missing"),
        ("  empty:", 4, "feeds.empty: must be an address, or a mapping with at least `url`"),
        ("  pier: https://pier.example", 4, "feeds.pier: the name is repeated"),
        ("fedes: {}", 4, "fedes: unknown; did you mean feeds?"),
        ("defaults: {interval: 1x}", 4, "defaults.interval: '1x' is not a duration"),
        ("   - [", 4, "the file: not YAML"),
    ],
)
def test_problems_have_line_and_field(tmp_path: Path, entry: str, line: int, said: str) -> None:
    file = written(tmp_path, f"feeds:\n  pier:\n    url: https://pier.example/rss\n{entry}\n")
    problems = [str(problem) for problem in read_feeds(file)[1]]
    assert len(problems) == 1
    assert problems[0].startswith(f"{file}, line {line}, ")
    assert said in problems[0]


def test_valid_feeds_are_read_and_all_problems_counted(tmp_path: Path) -> None:
    file = written(tmp_path, "feeds:\n  a: nowhere\n  b: https://b.example\n  c: {url: https://c.example, x: 1}\n")
    feeds, problems = read_feeds(file)
    assert [feed.name for feed in feeds] == ["b"]
    assert [problem.line for problem in problems] == [2, 4]
    with pytest.raises(Permanent, match="and 1 more"):
        load_feeds(file)


@pytest.mark.parametrize("text", ["- a", "feeds: [a]", "5"])
def test_other_shapes(tmp_path: Path, text: str) -> None:
    assert "a mapping" in str(read_feeds(written(tmp_path, text))[1][0])


def test_no_file_and_no_feeds(tmp_path: Path) -> None:
    with pytest.raises(Permanent, match="feeds add URL"):
        load_feeds(tmp_path / "none.yaml")
    assert load_feeds(written(tmp_path, "")) == []


def test_the_sample_is_valid() -> None:
    feeds = load_feeds(Path(deploy.__file__).parent / "config" / "feeds.yaml")
    assert len({feed.config.connector for feed in feeds}) >= 1
