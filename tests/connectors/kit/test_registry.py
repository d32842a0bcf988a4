"""Connectors of other packages, and unknown names."""

import subprocess
import sys
from pathlib import Path

import pytest

from connectors.kit import Connector
from connectors.kit.registry import BUILT_IN, find_connectors, load_connector_type
from schemas.errors import Permanent


def test_every_built_in_connector_loads_and_describes_itself() -> None:
    for name in BUILT_IN:
        found = load_connector_type(name)
        assert issubclass(found, Connector)
        assert found.name == name
        assert found.about
        assert found.example


def test_an_unknown_name_gets_a_suggestion() -> None:
    with pytest.raises(Permanent, match="did you mean syndication"):
        load_connector_type("sindication")
    with pytest.raises(Permanent, match="there are "):
        load_connector_type("quux")


def test_an_installed_package_adds_a_connector(tmp_path: Path) -> None:
    (tmp_path / "tide_tables.py").write_text(
        "from connectors.kit import Connector\n"
        "class Tides(Connector):\n    name = 'tides'\n    about = 'Tide tables'\n    example = ''\n"
        "    def read(self, cursor):\n        yield from ()\n"
    )
    metadata = tmp_path / "tide_tables-1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: tide-tables\nVersion: 1\n")
    (metadata / "entry_points.txt").write_text(
        "[newsclaims.connectors]\ntides = tide_tables:Tides\nsyndication = tide_tables:Tides\nbroken = tide_tables:No\n"
    )
    program = (
        "from connectors.kit.registry import load_connector_type as c\n"
        "print(c('tides').about, c('syndication').name)\n"
        "try:\n    c('broken')\nexcept Exception as error:\n    print(type(error).__name__, error)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": f".:{tmp_path}"}, check=True, capture_output=True, text=True
    )
    first, second = run.stdout.splitlines()
    assert first == "Tide tables syndication"
    assert second.startswith("Permanent the connector broken (tide_tables:No) cannot be loaded")


def test_built_in_connectors_are_listed() -> None:
    assert BUILT_IN.keys() <= find_connectors().keys()
