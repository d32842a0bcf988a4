"""No quality gate falls below its floor, and each floor is as high as what the rules reach."""

from typing import Any

import pytest

from tests.floors import __main__ as command
from tests.floors import gates
from tests.floors.gates import GATES, MARGIN, Gate, digest_files, load_floors, update_gate

FLOORS = load_floors()
UPDATE = "run `python -m tests.floors --update`"


def test_every_gate_has_floors() -> None:
    assert FLOORS.keys() == GATES.keys()


@pytest.mark.parametrize("name", GATES)
def test_floors_were_measured_on_this_gold(name: str) -> None:
    assert digest_files(GATES[name].files) == FLOORS[name]["gold"], f"the gold of {name} has changed: {UPDATE}"


@pytest.mark.parametrize("name", GATES)
def test_gate_stays_above_its_floors_which_are_tight(name: str) -> None:
    values, mistakes = GATES[name].measure()
    floors = FLOORS[name]["floors"]
    assert values.keys() == floors.keys(), UPDATE
    below = {measure: value for measure, value in values.items() if value < floors[measure]}
    assert not below, "\n".join([f"below the floors {floors}: {below}", *mistakes])
    loose = {measure: value for measure, value in values.items() if value > floors[measure] + MARGIN + 0.0002}
    assert not loose, f"better than the floors {floors}: {loose}; {UPDATE}"


def test_update_raises_floors_and_refuses_to_lower_one_without_a_reason() -> None:
    old: dict[str, Any] = {"gold": "a", "floors": {"F1": 0.9}}

    assert update_gate(old, "b", {"F1": 0.95}, None) == {"gold": "b", "floors": {"F1": 0.9495}}
    with pytest.raises(ValueError, match=r"F1 would fall from 0\.9 to 0\.7995: give the reason with --reason"):
        update_gate(old, "b", {"F1": 0.8}, None)
    with pytest.raises(ValueError, match=r"F1 would fall from 0\.9 to 0\.0"):
        update_gate(old, "b", {"another": 1.0}, None)
    lowered = update_gate(old, "b", {"F1": 0.8}, "harder gold")
    assert lowered == {"gold": "b", "floors": {"F1": 0.7995}, "lowered": ["F1 from 0.9 to 0.7995: harder gold"]}


def test_command_fails_below_a_floor(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(gates, "load_floors", lambda: {})
    monkeypatch.setattr(command, "load_floors", lambda: {"sample": {"gold": "", "floors": {"F1": 0.9}}})
    monkeypatch.setattr(command, "GATES", {"sample": Gate((), lambda: ({"F1": 0.8}, ["missed: this"]))})

    assert command.main([]) == 1
    printed = capsys.readouterr().out
    assert "MISSED" in printed
    assert "missed: this" in printed
