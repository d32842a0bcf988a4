"""Ends a re-processing: goes back to the generation before, or deletes the one that is not live."""

from typing import Any

from elasticsearch import Elasticsearch

from deploy.settings import Settings
from pipelines.connections import open_publisher
from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.reprocess.announcing import announce_changes
from pipelines.reprocess.comparing import GenerationPair, iterate_missing
from pipelines.reprocess.servers import ACTION, find_progress_file, open_client
from pipelines.reprocess.switching import change_state, put_behind_aliases, read_state, retire
from schemas.errors import Permanent
from schemas.records import GenerationState


def rollback(settings: Settings) -> GenerationState:
    """Puts the previous generation behind the aliases again; of one that is not live yet, stops writing it.

    Live articles that came meanwhile are in it. Safe to repeat. Raises `Permanent` if there is nothing to go back from.
    """
    with open_client(settings) as client:
        state = read_state(client)
        if state.state in ("single", "rolled_back") or not state.previous or not state.next:
            raise Permanent("no re-processing is under way: there is nothing to go back from")
        old, new = state.previous, state.next
        switched = state.state != "building"
        if switched:
            with open_publisher(settings, ACTION) as publisher:
                put_behind_aliases(client, old, new)
                # Before the comparison: a job that is writing then publishes again what it wrote to the old one late.
                state = change_state(client, state, live=old, written=(old, new))
                announce_changes(GenerationPair(client, BulkSender(client), new, old), publisher)
        return change_state(client, state, state="rolled_back", live=old, written=(old,))


def finish(settings: Settings) -> GenerationState:
    """Ends a re-processing: deletes the generation that is not live.

    Raises `Permanent` if it is not complete. Safe to repeat after an interruption.
    """
    with open_client(settings) as client:
        state = read_state(client)
        if state.state == "single":
            raise Permanent("no re-processing is under way: there is nothing to finish")
        if state.state in ("building", "switching"):
            raise Permanent("the re-processing is not complete: run `newsclaims reprocess` again, or roll it back")
        if state.state == "switched" and state.live == state.previous:
            raise Permanent("the rollback is not complete: run `newsclaims reprocess rollback` again")
        if state.state == "switched":
            refuse_missing(client, state)
        other = state.next if state.live == state.previous else state.previous
        if len(state.written) > 1:
            # The job stops writing the other generation before it is deleted.
            state = change_state(client, state, written=(state.live,))
        if other:
            retire(client, other)
        find_progress_file(settings, state).unlink(missing_ok=True)
        nothing: dict[str, Any] = {"started_at": None, "since": None, "until": None, "feed": None, "sources": ()}
        return change_state(client, state, state="single", **nothing)


def refuse_missing(client: Elasticsearch, state: GenerationState) -> None:
    """Raises `Permanent` if the generation to delete has articles in a newer revision than the live one."""
    other = state.previous or 1
    pair = GenerationPair(client, BulkSender(client), other, state.live)
    newer = [id for group in iterate_missing(pair) for id, is_new in group.items() if not is_new]
    if newer:
        raise Permanent(
            f"generation {other} has {len(newer):,} articles in a newer revision than the live one, such as "
            f"{newer[0]}: run every worker with this release, and try again"
        )
