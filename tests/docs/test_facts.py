"""What pages say of the code, looked up in the code: examples, numbers, languages, layout."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from connectors.feeds.configuration import read_feeds
from deploy.demo.feed import read_sample_articles
from deploy.settings import VARIABLES, Settings
from deploy.settings.secrets import SECRETS
from pipelines.run.supervisor import RunLimits
from pipelines.text.extraction import extract
from pipelines.text.figures.finding import find_figures
from pipelines.text.figures.units import standard_units
from schemas.text import ArticleText, Page
from schemas.watches import read_watches
from tests.benchmarks.ratios import BOUNDS
from tests.docs.pages import PACKAGES, PAGES, ROOT, SITE, fences, inline_code


def examples(top: str) -> list[tuple[Path, str]]:
    """The YAML blocks of the site with this key at their top."""
    return [
        (page, block)
        for page in PAGES
        for block in [*fences(page.read_text("utf-8"), "yaml"), *fences(page.read_text("utf-8"), "text")]
        if re.search(rf"^{top}:\n", block, re.M)
    ]


@pytest.mark.parametrize(("page", "block"), examples("feeds"), ids=lambda each: getattr(each, "name", ""))
def test_feeds_in_pages_are_right(page: Path, block: str, tmp_path: Path) -> None:
    (tmp_path / "feeds.yaml").write_text(block)
    feeds, problems = read_feeds(tmp_path / "feeds.yaml")
    assert not problems, page
    assert feeds


@pytest.mark.parametrize(("page", "block"), examples("watches"), ids=lambda each: getattr(each, "name", ""))
def test_watches_in_pages_are_right(page: Path, block: str, tmp_path: Path) -> None:
    (tmp_path / "watches.yaml").write_text(block)
    watches, problems = read_watches(tmp_path / "watches.yaml", standard_units().classes)
    assert not problems, page
    assert watches


def test_examples_are_found() -> None:
    assert len(examples("feeds")) > 5
    assert len(examples("watches")) == 1


def test_settings_files_in_pages_are_right(tmp_path: Path) -> None:
    found = 0
    for page in PAGES:
        for block in fences(page.read_text("utf-8"), "yaml"):
            values = yaml.safe_load(block)
            if not set(values) <= VARIABLES.keys():
                continue
            found += 1
            secrets = {name: "hush" for name in SECRETS if f"{name}_FILE" in values}
            kept = secrets | {name: value for name, value in values.items() if not name.endswith("_FILE")}
            (tmp_path / "newsclaims.yaml").write_text(yaml.safe_dump(kept))
            assert Settings.load({"NEWSCLAIMS_SETTINGS": str(tmp_path / "newsclaims.yaml"), "HOME": str(tmp_path)})
    assert found == 3


def test_limits_of_workers_are_those_of_the_code() -> None:
    limits = RunLimits()
    for name in ("guides/deploy.md", "decisions/supervisor.md"):
        text = " ".join((SITE / name).read_text("utf-8").split())
        assert f"after {limits.bundles:,} bundles or at {limits.megabytes:,} MB" in text


def test_figures_in_the_concept_are_found_so() -> None:
    rows = re.findall(
        r'^\| "([^"]+)" \| ?(\d*) \| ?(\d*) \| `(\w+)` \|$', (SITE / "concepts" / "figures.md").read_text("utf-8"), re.M
    )
    assert len(rows) == 6
    for words, low, high, modifier in rows:
        text = (
            words
            if words.endswith("soldiers")
            else f"{words} soldiers"
            if words[-1].isdigit()
            else f"{words} of soldiers"
        )
        (figure,) = find_figures(text)
        shown = ["" if bound is None else f"{bound:g}" for bound in (figure.low, figure.high)]
        assert [*shown, figure.modifier] == [low, high, modifier], words


def test_the_example_of_the_readme_is_found_so() -> None:
    sentence = "As many as 3,000 residents may be moved inland, Harlow port officials say."
    for page in (ROOT / "README.md", SITE / "concepts" / "claims.md"):
        text = page.read_text("utf-8")
        assert sentence in text
        assert re.search(r"claimant +Harlow port officials +status +predicted", text)
    (claim,) = read(sentence, "en").claims
    assert claim.claimant
    assert (claim.claimant.name, claim.status) == ("Harlow port officials", "predicted")
    (figure,) = claim.figures
    assert (figure.low, figure.high, figure.unit, figure.unit_class) == (None, 3000, "residents", "people")


GERMAN = (
    "Der Minister sagte am 3. Mai und am 2024-05-04, dass 3.000 Soldaten und 14 % der Truppen in Berlin sind. "
    "Das Lager liegt 20 km entfernt, und Angela Merkel und die NATO bestätigten es am Montag. Zwanzig Menschen kamen."
)
ENGLISH = (
    "On Monday at least 3,000 soldiers and 14 % of the troops of NATO were in Berlin, Angela Merkel said. "
    "Twenty people came to the camp, which is 20 km away, the ministry confirmed on 3 May 2024."
)


def read(text: str, language: str) -> ArticleText:
    (article,) = extract(Page(id="1", text=text, language=language, as_is=True))
    assert article.language == language
    return article


def test_what_other_languages_get() -> None:
    """As `docs/concepts/languages.md` and the README say."""
    article = read(GERMAN, "de")
    assert article.claims == ()
    assert [time.text for time in article.times] == ["2024-05-04"]
    assert {figure.text for figure in article.figures} == {"3.000", "14 %", "20 km"}
    assert {entity.name for entity in article.entities} == {"NATO", "Berlin"}


def test_what_english_gets() -> None:
    article = read(ENGLISH, "en")
    assert len(article.claims) >= 2
    assert article.times
    assert {"soldiers", "people", "percent", "kilometre"} <= {figure.unit for figure in article.figures}
    assert {"NATO", "Berlin", "Angela Merkel"} <= {entity.name for entity in article.entities}


def test_the_picture_has_the_folders() -> None:
    picture = fences((ROOT / "ARCHITECTURE.md").read_text("utf-8"), "text")[0]
    assert [package for package in PACKAGES if f"{package}/" not in picture] == []
    named = {
        "text",
        "run",
        "transforms",
        "commands",
        "kit",
        "web",
        "sources",
        "feeds",
        "polling",
        "ask",
        "boards",
        "grafana",
        "kibana",
        "report",
        "exports",
        "terminal",
        "settings",
        "local",
        "monitoring",
        "demo",
        "containers",
        "reading",
        "language",
        "english",
        "entities",
        "dates",
        "figures",
        "claims",
        "watches",
    }
    folders = {path.name for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_dir()}
    assert [name for name in named if f"{name}/" not in picture] == []
    assert named <= folders


def test_generators_in_the_table_are_run_by_check_and_generate() -> None:
    table = (ROOT / "ARCHITECTURE.md").read_text("utf-8").split("## Generated files")[1]
    named = re.findall(r"`python -m ([\w.]+)` \|$", table, re.M)
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert len(named) == 5
    assert named == re.findall(r"python -m ([\w.]+) --check$", makefile, re.M)
    assert named == re.findall(r"python -m ([\w.]+)$", makefile.split("\ngenerate:")[1].split("\n\n")[0], re.M)


def test_every_benchmark_is_on_the_page() -> None:
    text = (SITE / "benchmarks.md").read_text("utf-8")
    folder = ROOT / "tests" / "benchmarks"
    names = {path.stem for path in folder.glob("[a-z]*.py") if re.search(r"^def main", path.read_text("utf-8"), re.M)}
    assert {name for name in names if f"`{name}`" not in text and f"benchmarks.{name}" not in text} == set()
    assert {name for name in inline_code(text) if re.fullmatch(r"[a-z]+", name)} <= names


def test_bounds_on_the_page_are_those_of_the_benchmarks() -> None:
    rows = re.findall(r"^\| `([^`]+)` \| ([^|]+) \| (at [^|]+) \|$", (SITE / "benchmarks.md").read_text("utf-8"), re.M)
    assert rows == [(name, bound.compares, str(bound)) for name, bound in BOUNDS.items()]


def test_the_sample_feed_has_as_many_articles_as_the_readme_says() -> None:
    (count,) = re.findall(r"a sample feed of (\d+)\s", (ROOT / "README.md").read_text("utf-8"))
    assert int(count) == len(list(read_sample_articles()))


def test_versions_of_python_are_those_of_the_package() -> None:
    package = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert package["requires-python"] == ">=3.11,<3.13"
    assert "Python 3.11 or 3.12" in (ROOT / "README.md").read_text("utf-8")
