"""README and changelog: short, complete, and of this version. The tests of all pages are in `tests/docs`."""

import re
import tomllib

import pytest

from tests.docs.pages import ROOT, TOP

LONGEST = 120
"""Lines of the README."""


def test_readme_is_short() -> None:
    assert (ROOT / "README.md").read_text("utf-8").count("\n") <= LONGEST


@pytest.mark.parametrize(
    "part", ["make demo", "newsclaims extract", "dashboards/images/", "**English only**", "docs/start/", "Apache-2.0"]
)
def test_readme_has_what_a_reader_looks_for(part: str) -> None:
    assert part in (ROOT / "README.md").read_text("utf-8")


def test_top_pages_are_there() -> None:
    assert [page.name for page in TOP if not page.exists()] == []


def test_changelog_has_the_version_of_the_package() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert re.search(rf"^## {re.escape(version)} \(\d{{4}}-\d\d-\d\d\)$", changelog(), re.M)


def test_changelog_releases_have_dates_in_order_and_the_usual_parts() -> None:
    releases = re.findall(r"^## (.+)$", changelog(), re.M)
    dates = [release[-11:-1] for release in releases if release != "Unreleased"]
    assert dates == sorted(dates, reverse=True)
    assert "Unreleased" not in releases[1:]
    parts = set(re.findall(r"^### (.+)$", changelog(), re.M))
    assert parts <= {"Added", "Changed", "Fixed", "Upgrade notes", "Changed against the first design"}


def changelog() -> str:
    return (ROOT / "CHANGELOG.md").read_text("utf-8")
