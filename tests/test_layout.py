"""The layout that ARCHITECTURE.md describes: small folders, packages with a purpose, tests that mirror them."""

import ast
from collections import Counter
from pathlib import Path

from tests.checkout import ROOT, list_files, needs_checkout

PACKAGES = ("pipelines", "connectors", "schemas", "dashboards", "deploy")
MOST_MODULES = 15
"""Modules of one folder, without `__init__.py`: more are not taken in at a glance."""
TOP_LEVEL = {
    *PACKAGES, "tests", "docs", "setup.py", "newsclaims.py", "pyproject.toml", "Makefile", "mkdocs.yml",
    "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "LICENSE",
    "requirements.lock", "requirements-dev.lock", ".ci", ".gitignore", ".dockerignore",
}  # fmt: skip


def list_modules() -> list[Path]:
    return [path for path in list_files() if path.suffix == ".py" and path.parts[0] in PACKAGES]


@needs_checkout
def test_top_level_holds_what_it_should() -> None:
    assert {path.parts[0] for path in list_files()} <= TOP_LEVEL


@needs_checkout
def test_no_folder_has_more_modules_than_a_reader_takes_in() -> None:
    counts = Counter(path.parent for path in list_modules() if path.name != "__init__.py")
    crowded = {folder: count for folder, count in counts.items() if count > MOST_MODULES}
    reasons = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8") if crowded else ""
    assert [str(folder) for folder, count in crowded.items() if f"`{folder}` has {count} modules" not in reasons] == []


@needs_checkout
def test_every_package_says_what_it_is_for() -> None:
    packages = {path.parent for path in list_modules()}
    silent = [
        str(folder)
        for folder in packages
        if not ast.get_docstring(ast.parse((ROOT / folder / "__init__.py").read_text(encoding="utf-8")))
    ]
    assert silent == []


@needs_checkout
def test_every_module_says_its_subject() -> None:
    silent = [
        str(path)
        for path in list_modules()
        if path.name != "__init__.py" and not ast.get_docstring(ast.parse((ROOT / path).read_text(encoding="utf-8")))
    ]
    assert silent == []


@needs_checkout
def test_tests_mirror_the_packages() -> None:
    folders = {path.parent for path in list_files() if path.parts[0] == "tests" and path.name.startswith("test_")}
    mirrored = [folder.relative_to("tests") for folder in folders if folder.parts[1:2] and folder.parts[1] in PACKAGES]
    assert mirrored
    assert [str(folder) for folder in mirrored if not (ROOT / folder).is_dir()] == []


def test_command_line_stays_a_list_of_commands() -> None:
    source = (ROOT / "newsclaims.py").read_text(encoding="utf-8")
    assert len(source.splitlines()) < 120


@needs_checkout
def test_most_files_are_short() -> None:
    lengths = sorted(len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in list_modules())
    assert lengths[len(lengths) // 2] <= 150
    assert lengths[-1] <= 400


@needs_checkout
def test_a_class_name_means_one_thing() -> None:
    names = Counter(
        node.name
        for path in list_modules()
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert [name for name, count in names.items() if count > 1] == []
