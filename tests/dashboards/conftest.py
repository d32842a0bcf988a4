"""The demo's data in real servers, loaded once for all tests of the dashboards."""

import subprocess
from pathlib import Path

import pytest

from tests.conftest import Stack
from tests.pipelines.run.running import command, count, emptied

LOADING = 900
"""Seconds for the first test with `demo`, which starts the servers and runs the demo."""


@pytest.hookimpl(tryfirst=True)  # before `-m integration` selects
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks tests with `demo` or `demo_data` as integration tests, and gives each the time to start the demo.

    In this folder they run before the other tests, some of which empty the indices.
    """
    for item in items:
        if with_demo(item):
            item.add_marker(pytest.mark.integration)
            if not item.get_closest_marker("timeout"):
                item.add_marker(pytest.mark.timeout(LOADING))
    places = [place for place, item in enumerate(items) if Path(__file__).parent in item.path.parents]
    for place, item in zip(places, sorted((items[place] for place in places), key=without_demo), strict=True):
        items[place] = item


def with_demo(item: pytest.Item) -> bool:
    """Returns whether the test uses the demo's data, directly or through another fixture."""
    return "demo" in getattr(item, "fixturenames", ())


def without_demo(item: pytest.Item) -> bool:
    """Sorts tests with the demo's data first."""
    return not with_demo(item)


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns the folder in which the demo ran and wrote its report."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="session")
def demo(stack: Stack, demo_folder: Path) -> subprocess.CompletedProcess[str]:
    """Returns the finished process of `newsclaims demo` on new servers."""
    return command(emptied(stack), "demo", folder=demo_folder, seconds=LOADING)


@pytest.fixture(scope="session")
def demo_data(stack: Stack, demo: subprocess.CompletedProcess[str]) -> Stack:
    """Returns the servers with the sample feed, as `newsclaims demo` leaves them, and nothing else.

    All tests in this folder share the data: a test that writes to the servers must delete what it wrote.
    """
    assert demo.returncode == 0, demo.stderr
    assert all(count(stack, alias) for alias in ("articles", "claims", "figures"))
    assert count(stack, "dead-letters") == 0
    return stack
