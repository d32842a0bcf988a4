"""The site builds without warnings and without a network; what pages point to is there."""

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.docs.pages import HISTORY, PACKAGES, PAGES, READMES, ROOT, SITE, TOP, WRITTEN, inline_code, links

PLACES = (*PACKAGES, "docs", "tests")
ELSEWHERE = {"src/newsclaims"}
"""Paths in the text that are not files of the repository."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site."""
    out = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", out],
        cwd=ROOT, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    return out


def test_the_strict_build_has_every_page(site: Path) -> None:
    missing = [page for page in PAGES if not (site / page.relative_to(SITE)).with_suffix(".html").exists()]
    assert missing == []
    assert not list(site.rglob("*.py"))


def test_the_site_asks_nobody(site: Path) -> None:
    """No style, script, font or picture comes from elsewhere."""
    for page in site.rglob("*.html"):
        text = page.read_text("utf-8")
        loaded = re.findall(r"<(?:script|img|iframe|source)[^>]+(?:src|srcset)=[\"']?(https?:[^\"' >]+)", text)
        loaded += re.findall(
            r"<link[^>]+rel=[\"']?(?:stylesheet|icon|preconnect)[^>]+href=[\"']?(https?:[^\"' >]+)", text
        )
        assert loaded == [], page.name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_placeholder_is_taken_for_a_tag(page: Path) -> None:
    """Outside code, a browser would hide `<field>`."""
    prose = re.sub(r"^ *```.*?^ *```|`[^`\n]+`|<!--.*?-->", "", page.read_text("utf-8"), flags=re.M | re.S)
    assert re.findall(r"<\w[^>]*>", prose) == []


@pytest.mark.parametrize("page", [*TOP, *READMES], ids=lambda page: str(page.relative_to(ROOT)))
def test_links_outside_the_site_resolve(page: Path) -> None:
    for link in links(page.read_text("utf-8")):
        target, _, anchor = link.partition("#")
        if target.startswith(("http://", "https://")):
            continue
        file = page.parent / target if target else page
        assert file.exists(), link
        if anchor:
            headings = re.findall(r"^#+ (.+)$", file.read_text("utf-8"), re.M)
            assert anchor in {re.sub(r"[^\w -]", "", each).lower().replace(" ", "-") for each in headings}, link


def is_path(text: str) -> bool:
    """Whether the text names a file or folder of the repository."""
    return text.split("/")[0] in PLACES and "/" in text and not re.search(r"[\s*<>…]", text)


@pytest.mark.parametrize("page", [*TOP, *READMES, *WRITTEN], ids=lambda page: str(page.relative_to(ROOT)))
def test_paths_in_backticks_exist(page: Path) -> None:
    if page in HISTORY:
        return
    named = [text for text in inline_code(page.read_text("utf-8")) if is_path(text)]
    assert [text for text in named if not (ROOT / text).exists()] == []
    other = {text for text in inline_code(page.read_text("utf-8")) if re.fullmatch(r"src/\w+", text)}
    assert other <= ELSEWHERE


def resolves(name: str) -> bool:
    """Whether a dotted name is a module, or something in one."""
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:count]))
        except ModuleNotFoundError:
            continue
        for part in parts[count:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


@pytest.mark.parametrize("page", [*TOP, *READMES, *WRITTEN], ids=lambda page: str(page.relative_to(ROOT)))
def test_modules_in_backticks_exist(page: Path) -> None:
    pattern = rf"(?:{'|'.join(PLACES)})(?:\.\w+)+"
    suffixes = (".md", ".yaml", ".py", ".lock", ".toml", ".txt", ".jsonl")
    named = [text for text in inline_code(page.read_text("utf-8")) if re.fullmatch(pattern, text)]
    assert [text for text in named if not text.endswith(suffixes) and not resolves(text)] == []


def test_folder_readmes_are_short_and_name_their_files() -> None:
    for page in READMES:
        text = page.read_text("utf-8")
        assert text.count("\n") <= 60, page
        rows = re.findall(r"^\| (`[^|]+`) \|", text, re.M)
        for name in (name for row in rows for name in re.findall(r"`([\w./-]+)`", row)):
            places = (page.parent / name, page.parent / "articles" / name)
            assert any(place.exists() for place in places), f"{page.relative_to(ROOT)} names {name}"


def test_decisions_have_the_same_parts() -> None:
    pages = [page for page in (SITE / "decisions").glob("*.md") if page.name != "index.md"]
    index = (SITE / "decisions" / "index.md").read_text("utf-8")
    assert len(pages) >= 12
    for page in pages:
        text = page.read_text("utf-8")
        assert re.findall(r"^## (.+)$", text, re.M) == ["Context", "Choice", "Measurement", "Turned down"], page.name
        assert f"]({page.name})" in index


def test_glossary_has_the_words_of_the_project_in_order() -> None:
    terms = re.findall(r"^([a-z][a-z ]+)\n: ", (SITE / "glossary.md").read_text("utf-8"), re.M)
    assert terms == sorted(terms)
    wanted = {
        "claim", "assertion", "figure", "watch", "dead letter", "ledger", "content scope", "story", "dispute", "bucket",
        "generation", "revision", "cue", "claimant", "via", "digest item", "teaser", "boilerplate",
    }  # fmt: skip
    assert wanted <= set(terms)


def test_navigation_has_each_page_once() -> None:
    config = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))

    def files(node: object) -> list[str]:
        match node:
            case str():
                return [node]
            case list():
                return [file for each in node for file in files(each)]
            case dict():
                return [file for each in node.values() for file in files(each)]
        return []

    named = files(config["nav"])
    assert sorted(named) == sorted(str(page.relative_to(SITE)) for page in PAGES)
