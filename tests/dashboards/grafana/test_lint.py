"""`newsclaims dashboards check`: what is wrong with a board or a rule is found without a server."""

from dataclasses import replace

import pytest
from typer.testing import CliRunner

from dashboards.ask.query import Labelled, Terms
from dashboards.boards import BOARDS
from dashboards.boards.claim_volume import BOARD
from dashboards.boards.panels import Panel, Section
from dashboards.grafana import lint
from newsclaims import app


def problems(**changes: object) -> list[str]:
    """What is found in a board of one panel that is changed so."""
    panel: Panel = replace(BOARD.panels[0], **changes)  # type: ignore[arg-type]
    return list(lint.board_problems(replace(BOARD, sections=(Section("One", (panel,)),))))


def test_our_boards_have_no_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lint, "stale", list)
    result = CliRunner().invoke(app, ["dashboards", "check"])
    assert (result.exit_code, result.stderr) == (0, "")
    assert int(result.stdout.split()[0]) > sum(len(board.panels) for board in BOARDS.values())


def test_a_stale_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lint, "stale", lambda: ["grafana/boards/newsclaims-feeds.json"])
    result = CliRunner().invoke(app, ["dashboards", "check"])
    assert result.exit_code == 1
    assert "newsclaims-feeds.json is stale: run `python -m dashboards.build`" in result.stderr


def test_every_kind_of_problem_is_found() -> None:
    query = BOARD.panels[0].query
    assert problems() == []
    assert "does not say" in problems(description="Claims")[0]
    assert "no unit" in problems(unit="lightyears")[0]
    assert "no field claimants" in problems(query=replace(query, where="claimants:x"))[0]
    assert "no field statuses" in problems(query=replace(query, by=(Terms("statuses", "s"), *query.by)))[0]
    labelled = Labelled("kind", (("a", "_exists_:bodies"),))
    assert "no field bodies" in problems(query=replace(query, by=(labelled, *query.by)))[0]
    health = replace(BOARDS["newsclaims-pipeline-health"].panels[0].query, where="metric:newsclaims_lags")
    assert "no metric is called newsclaims_lags" in problems(query=health)[0]
    assert "does not begin with" in next(lint.board_problems(replace(BOARD, uid="claims", sections=())))
