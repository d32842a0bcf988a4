"""Elasticsearch's index lifecycle management, on servers that have it: it drops health samples and dead letters.

It does not drop what is made from articles: it knows neither the marks of analysts nor the ledger, and sends no
tombstones. A policy that somebody else attached to an index is left alone, and so is that index.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from elasticsearch import ApiError, AuthorizationException, Elasticsearch, NotFoundError

from deploy.retention.plan import Limits
from deploy.retention.stored import StoredIndex
from schemas.elasticsearch.indices import DEAD_LETTERS, FAMILIES, HEALTH

MANAGED: Final = (HEALTH.name, DEAD_LETTERS.name)
"""Families whose indices it may drop: nothing else refers to their documents."""

MANAGED_BY: Final = "newsclaims retention"

NOT_AVAILABLE: Final = (400, 403, 404, 405, 410)
"""Statuses of a server that has no lifecycle management, or that does not let us use it."""


def has_lifecycle(client: Elasticsearch) -> bool:
    """Returns whether lifecycle management is there, and is running. Raises the client's errors."""
    try:
        return bool(client.ilm.get_status()["operation_mode"] == "RUNNING")
    except ApiError as error:
        if error.meta.status in NOT_AVAILABLE:
            return False
        raise


def manage_if_possible(
    client: Elasticsearch, found: Sequence[StoredIndex], limits: Limits
) -> tuple[bool, Sequence[StoredIndex]]:
    """Returns whether lifecycle management does its part, and the indices as they are managed afterwards.

    A user who may look at it but not use it does everything without it. Raises the client's other errors.
    """
    if not has_lifecycle(client):
        return False, found
    try:
        return True, manage(client, found, limits)
    except AuthorizationException:
        return False, found


def make_policy(days: int) -> dict[str, Any]:
    """Returns the policy that drops an index so many days after the end of its bucket."""
    return {
        "_meta": {"managed_by": MANAGED_BY},
        "phases": {"delete": {"min_age": f"{days}d", "actions": {"delete": {}}}},
    }


def manage(client: Elasticsearch, found: Sequence[StoredIndex], limits: Limits) -> list[StoredIndex]:
    """Brings policies and indices to the limits. Returns the indices as they are managed afterwards.

    A policy of the same name that is not ours is neither changed nor attached.
    """
    changed: dict[str, StoredIndex] = {}
    for name in MANAGED:
        template, days = FAMILIES[name].template, limits.get(name)
        own = [each for each in found if each.family == name]
        policy = read_policy(client, template)
        if policy is not None and policy.get("_meta", {}).get("managed_by") != MANAGED_BY:
            continue
        if days is None:
            attached = [each for each in own if each.policy == template]
            detach(client, template, attached, policy is not None)
            changed |= {each.index: replace(each, policy="") for each in attached}
            continue
        if policy != make_policy(days):
            client.ilm.put_lifecycle(name=template, policy=make_policy(days))
        for each in own:
            if not each.policy:
                attach(client, template, each)
                changed[each.index] = replace(each, policy=template)
    return [changed.get(each.index, each) for each in found]


def read_policy(client: Elasticsearch, name: str) -> dict[str, Any] | None:
    """Returns a policy, or None if there is none of that name."""
    try:
        found = client.ilm.get_lifecycle(name=name)[name]["policy"]
    except NotFoundError:
        return None
    phases = {phase: {key: body[key] for key in ("min_age", "actions")} for phase, body in found["phases"].items()}
    for body in phases.values():
        # The server adds its defaults.
        body["actions"] = {action: {} for action in body["actions"]}
    return {"_meta": dict(found.get("_meta") or {}), "phases": phases}


def attach(client: Elasticsearch, policy: str, found: StoredIndex) -> None:
    """Lets a policy manage an index. Its age counts from the end of its bucket instead of from its creation."""
    origin = int(found.end.timestamp() * 1000)
    settings = {"index.lifecycle.name": policy, "index.lifecycle.origination_date": origin}
    client.indices.put_settings(index=found.index, settings=settings)


def detach(client: Elasticsearch, policy: str, attached: Sequence[StoredIndex], exists: bool) -> None:
    """Takes our policy from indices, and deletes it: its limit is removed."""
    for each in attached:
        client.ilm.remove_policy(index=each.index)
    if exists:
        client.ilm.delete_lifecycle(name=policy)
