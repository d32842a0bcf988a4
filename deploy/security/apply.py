"""`newsclaims roles apply`: writes the roles to Elasticsearch, and gives users of Kafka what their role may do."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Literal

from elasticsearch import Elasticsearch, NotFoundError
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError
from rich.table import Table

from deploy.kafka_connection import check_kafka
from deploy.security.permissions import add_acls, list_acls
from deploy.security.roles import AccessRole, find_role, name_role
from deploy.server_errors import convert_kafka_error, handle_elasticsearch_errors
from deploy.settings import Settings


@dataclass(frozen=True, slots=True)
class RoleChange:
    """What was done about one role: in Elasticsearch, or for one user of Kafka."""

    where: Literal["elasticsearch", "kafka"]
    name: str
    outcome: Literal["created", "changed", "unchanged"]
    detail: str = ""


def apply_roles(settings: Settings, roles: Mapping[str, AccessRole], principals: Mapping[str, str]) -> list[RoleChange]:
    """Writes the roles to Elasticsearch, and the permissions of these principals (by role) to Kafka.

    Permissions that a principal has besides are kept. Raises `AccessRefused` if this user may not do that, `Retryable`
    if a server does not answer, and `Permanent` for a role that does not exist.
    """
    chosen = {name: find_role(name) for name in principals}
    with (
        Elasticsearch(**settings.elasticsearch.client_options()) as client,
        handle_elasticsearch_errors("write roles"),
    ):
        changes = [write_role(client, name, role) for name, role in roles.items()]
    if not chosen:
        return changes
    check_kafka(settings.kafka)
    try:
        admin = KafkaAdminClient(**settings.kafka.client_options())
    except KafkaError as error:
        raise convert_kafka_error(error, "add permissions") from error
    with closing(admin):
        for name, role in chosen.items():
            added = add_acls(admin, list_acls(role, principals[name], settings.group))
            detail = f"{len(added)} permissions of {name} added" if added else ""
            changes.append(RoleChange("kafka", principals[name], "changed" if added else "unchanged", detail))
    return changes


def write_role(client: Elasticsearch, name: str, role: AccessRole) -> RoleChange:
    """Writes one role if it is missing or different. Raises Elasticsearch's errors."""
    title, wanted = name_role(name), role.elasticsearch.body()
    try:
        found = client.security.get_role(name=title)[title]
    except NotFoundError:
        found = None
    if found is not None and _is_same(found, wanted):
        return RoleChange("elasticsearch", title, "unchanged")
    client.security.put_role(name=title, **wanted, metadata={"managed_by": "newsclaims roles apply"})
    return RoleChange("elasticsearch", title, "created" if found is None else "changed")


def _is_same(found: Mapping[str, object], wanted: Mapping[str, object]) -> bool:
    def strip(indices: object) -> list[tuple[list[str], list[str]]]:
        assert isinstance(indices, list)
        return sorted((sorted(each["names"]), sorted(each["privileges"])) for each in indices)

    cluster, own = found["cluster"], wanted["cluster"]
    assert isinstance(cluster, list)
    assert isinstance(own, list)
    return sorted(cluster) == sorted(own) and strip(found["indices"]) == strip(wanted["indices"])


def render(changes: Sequence[RoleChange]) -> Table:
    """Renders the changes for a terminal."""
    table = Table("where", "name", "outcome", "detail", box=None, pad_edge=False)
    for change in changes:
        table.add_row(change.where, change.name, change.outcome, change.detail)
    return table
