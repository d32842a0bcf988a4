"""`newsclaims dashboards check` finds problems in boards and rules without a server."""

from dataclasses import replace

import pytest
from typer.testing import CliRunner

from dashboards import build
from dashboards.ask.query import LabelledQueries, Terms
from dashboards.boards import BOARDS
from dashboards.boards.claim_volume import BOARD
from dashboards.boards.panels import Panel, Section
from dashboards.grafana import lint
from newsclaims import app


def problems(**changes: object) -> list[str]:
    """Returns the problems of a board with one panel that has these changes."""
    panel: Panel = replace(BOARD.panels[0], **changes)  # type: ignore[arg-type]
    return list(lint.check_board(replace(BOARD, sections=(Section("One", (panel,)),))))


def test_our_boards_have_no_problems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "find_stale_files", list)
    result = CliRunner().invoke(app, ["dashboards", "check"])
    assert (result.exit_code, result.stderr) == (0, "")
    assert int(result.stdout.split()[0]) > sum(len(board.panels) for board in BOARDS.values())


def test_stale_files_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    committed = replace(build.COMMITTED, generate=lambda: build.build_files(kibana_url="http://elsewhere"))
    monkeypatch.setattr(build, "COMMITTED", committed)
    result = CliRunner().invoke(app, ["dashboards", "check"])
    assert result.exit_code == 1
    assert "newsclaims-feeds.json is stale: run `python -m dashboards.build`" in result.stderr


def test_every_kind_of_problem_is_found() -> None:
    query = BOARD.panels[0].query
    assert problems() == []
    assert "does not say" in problems(description="Claims")[0]
    assert "unknown unit" in problems(unit="lightyears")[0]
    assert "no field claimants" in problems(query=replace(query, where="claimants:x"))[0]
    assert "no field statuses" in problems(query=replace(query, by=(Terms("statuses", "s"), *query.by)))[0]
    labelled = LabelledQueries("kind", (("a", "_exists_:bodies"),))
    assert "no field bodies" in problems(query=replace(query, by=(labelled, *query.by)))[0]
    health = replace(BOARDS["newsclaims-pipeline-health"].panels[0].query, where="metric:newsclaims_lags")
    assert "no metric is called newsclaims_lags" in problems(query=health)[0]
    assert "does not begin with" in next(lint.check_board(replace(BOARD, uid="claims", sections=())))
