"""The steps of a rollback, and what an end refuses."""

from contextlib import nullcontext
from typing import Any

import msgspec
import pytest

from deploy.settings import Settings
from pipelines.reprocess import ending
from schemas.errors import Permanent
from schemas.records import GenerationState

SWITCHED = GenerationState(epoch=2, state="switched", live=2, written=(2, 1), next=2, previous=1)


def set_state(monkeypatch: pytest.MonkeyPatch, state: GenerationState) -> None:
    monkeypatch.setattr(ending, "open_client", lambda _: nullcontext(None))
    monkeypatch.setattr(ending, "read_state", lambda _: state)


def test_rollback_tells_the_job_which_generation_is_live_before_it_compares(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[Any] = []

    def change(_: Any, before: GenerationState, **changes: Any) -> GenerationState:
        steps.append(changes)
        return msgspec.structs.replace(before, **changes)

    set_state(monkeypatch, SWITCHED)
    monkeypatch.setattr(ending, "BulkSender", lambda _: None)
    monkeypatch.setattr(ending, "open_publisher", lambda *_: nullcontext(None))
    monkeypatch.setattr(ending, "put_behind_aliases", lambda _, old, new: steps.append(("aliases", old, new)))
    monkeypatch.setattr(ending, "announce_changes", lambda pair, _: steps.append(("announce", pair.target)))
    monkeypatch.setattr(ending, "change_state", change)
    assert ending.rollback(Settings.load({})).state == "rolled_back"
    assert steps == [
        ("aliases", 1, 2),
        {"live": 1, "written": (1, 2)},
        ("announce", 1),
        {"state": "rolled_back", "live": 1, "written": (1,)},
    ]


def test_rollback_that_was_interrupted_cannot_be_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    set_state(monkeypatch, msgspec.structs.replace(SWITCHED, live=1, written=(1, 2)))
    with pytest.raises(Permanent, match="the rollback is not complete: run `newsclaims reprocess rollback` again"):
        ending.finish(Settings.load({}))
