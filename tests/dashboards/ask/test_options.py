"""Options that several commands share: one definition gives each command its options and their values."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from dashboards.ask.filters import DIMENSIONS, Filters
from dashboards.ask.options import FilterOptions, expand_options
from schemas.errors import Permanent

NOW = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)


@dataclass(frozen=True)
class SizeOptions:
    """An example of a group."""

    wide: Annotated[bool, typer.Option("--wide", help="Use all columns.")] = False


def test_options_of_a_group_reach_the_command_and_keep_their_defaults() -> None:
    app, received = typer.Typer(), []

    @app.command()
    @expand_options
    def draw(filters: FilterOptions, size: SizeOptions, title: str = "none") -> None:
        received.append((filters, size, title))

    assert (
        CliRunner().invoke(app, ["--status", "denied", "--status", "opinion", "--wide", "--title", "A"]).exit_code == 0
    )
    assert CliRunner().invoke(app, []).exit_code == 0
    assert received == [
        (FilterOptions(status=["denied", "opinion"]), SizeOptions(wide=True), "A"),
        (FilterOptions(), SizeOptions(), "none"),
    ]
    text = CliRunner().invoke(app, ["--help"]).stdout
    assert all(f"--{name.replace('_', '-')}" in text for name in (*DIMENSIONS, "since", "until", "wide", "title"))


def test_filters_are_built_as_of_a_time() -> None:
    options = FilterOptions(claimant=["NATO", "Pentagon"], since="1d")
    assert options.build_filters(NOW) == Filters(
        claimant=("NATO", "Pentagon"), since=datetime(2026, 3, 1, 10, 30, tzinfo=UTC)
    )
    with pytest.raises(Permanent, match="--until"):
        FilterOptions(until="never").build_filters(NOW)
