"""The generations of the indices: prepares one, puts one behind the aliases, deletes one, and records the state."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from elasticsearch import ConflictError, Elasticsearch, NotFoundError

from deploy.bootstrap import init_family, read_generation_state
from deploy.settings import Settings
from schemas.codec import make_document
from schemas.elasticsearch.generations import CURRENT
from schemas.elasticsearch.indices import FAMILIES, GENERATIONS, Family
from schemas.errors import Permanent
from schemas.records import GenerationState

REPROCESSED = tuple(family for family in FAMILIES.values() if family.reprocessed)
ATTEMPTS = 5
"""How often the aliases are compared after a switch: an index may be created at the same moment."""


def change_state(client: Elasticsearch, before: GenerationState, **changes: Any) -> GenerationState:
    """Writes the next state. Raises `Permanent` if another process has changed it since it was read."""
    now = datetime.now(UTC)
    changed = msgspec.structs.replace(before, **{**changes, "epoch": before.epoch + 1, "changed_at": now})
    try:
        client.index(
            index=GENERATIONS.index(""), id=CURRENT, document=make_document(changed), version=changed.epoch,
            version_type="external", refresh=True,
        )  # fmt: skip
    except ConflictError as error:
        raise Permanent(
            "another process has changed the state of the re-processing: see `newsclaims reprocess status`"
        ) from error
    return changed


def read_state(client: Elasticsearch) -> GenerationState:
    """Returns the state. Raises the client's errors."""
    return read_generation_state(client)


def prepare_generation(client: Elasticsearch, settings: Settings, generation: int) -> None:
    """Creates templates and first indices of a generation that searches do not see."""
    delete_indices(client, generation)
    nodes = client.cluster.health(filter_path="number_of_data_nodes")["number_of_data_nodes"]
    index_settings = settings.load_index_settings()
    for family in REPROCESSED:
        init_family(client, family.at(generation, is_live=False), index_settings.get(family.name), nodes)


def put_behind_aliases(client: Elasticsearch, new: int, old: int) -> None:
    """Makes searches read another generation, in one request for all families.

    An index that is created now comes with what its template says. So the templates change first, and the aliases are
    compared again until nothing has to be changed.
    """
    for family in REPROCESSED:
        change_template(client, family.at(old), is_aliased=False)
        change_template(client, family.at(new), is_aliased=True)
    for _ in range(ATTEMPTS):
        actions = [action for family in REPROCESSED for action in list_alias_actions(client, family, new)]
        if not actions:
            return
        client.indices.update_aliases(actions=actions)


def list_alias_actions(client: Elasticsearch, family: Family, live: int) -> list[dict[str, Any]]:
    """Returns what has to change so that the alias has exactly the indices of the live generation."""
    wanted = set(list_indices(client, family, live))
    try:
        present = set(client.indices.get_alias(name=family.name))
    except NotFoundError:
        present = set()
    removed = [{"remove": {"index": index, "alias": family.name}} for index in sorted(present - wanted)]
    return [{"add": {"index": index, "alias": family.name}} for index in sorted(wanted - present)] + removed


def list_indices(client: Elasticsearch, family: Family, generation: int) -> list[str]:
    """Returns the indices of a family in a generation."""
    pattern = family.at(generation).pattern
    return sorted(client.indices.get(index=pattern, ignore_unavailable=True, allow_no_indices=True, features="aliases"))


def retire(client: Elasticsearch, generation: int) -> None:
    """Deletes a generation. Its templates stay and forbid that a late write creates an index again."""
    for family in REPROCESSED:
        change_template(client, family.at(generation), is_aliased=False, allow_auto_create=False)
    delete_indices(client, generation)


def delete_indices(client: Elasticsearch, generation: int) -> None:
    """Deletes all indices of a generation."""
    for family in REPROCESSED:
        for index in list_indices(client, family, generation):
            client.indices.delete(index=index, ignore_unavailable=True)


def change_template(client: Elasticsearch, family: Family, is_aliased: bool, **options: Any) -> None:
    """Changes only the alias and these options of a template, so that an operator's changes stay."""
    found = client.indices.get_index_template(name=family.template)["index_templates"][0]["index_template"]
    aliases = {name: body for name, body in found["template"].get("aliases", {}).items() if name != family.name}
    found["template"]["aliases"] = aliases | ({family.name: {}} if is_aliased else {})
    body = {name.lstrip("_"): value for name, value in {**found, **options}.items()}
    client.indices.put_index_template(name=family.template, **body)


def count_documents(client: Elasticsearch, generation: int) -> dict[str, int]:
    """Returns the number of documents of each family in a generation."""
    counts = {}
    for family in REPROCESSED:
        indices = list_indices(client, family, generation)
        counts[family.name] = int(client.count(index=",".join(indices))["count"]) if indices else 0
    return counts
