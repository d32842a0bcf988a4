"""The roles: what each may do in Elasticsearch and in Kafka, read from the files in `roles`."""

from importlib import resources
from typing import Any, Literal

import msgspec
import yaml

from schemas.errors import Permanent
from schemas.suggestions import suggest

Operation = Literal[
    "READ", "WRITE", "CREATE", "DELETE", "ALTER", "DESCRIBE", "ALTER_CONFIGS", "DESCRIBE_CONFIGS"
]  # fmt: skip


class IndexPrivileges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a role may do with some aliases and indices."""

    names: tuple[str, ...]
    privileges: tuple[str, ...]

    def body(self) -> dict[str, Any]:
        """Returns it as Elasticsearch's role API takes it."""
        return {"names": list(self.names), "privileges": list(self.privileges)}


class ElasticsearchRole(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a role may do in Elasticsearch."""

    cluster: tuple[str, ...]
    indices: tuple[IndexPrivileges, ...]

    def body(self) -> dict[str, Any]:
        """Returns the body of `PUT _security/role/NAME`."""
        return {"cluster": list(self.cluster), "indices": [each.body() for each in self.indices]}


class KafkaPermission(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a role may do with a topic, or with a consumer group. `*` stands for all topics."""

    operations: tuple[Operation, ...]
    topic: str | None = None
    group: str | None = None


class AccessRole(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One role. `commands` are those that work with it."""

    about: str
    commands: tuple[str, ...]
    elasticsearch: ElasticsearchRole
    kafka: tuple[KafkaPermission, ...]


def load_roles() -> dict[str, AccessRole]:
    """Returns all roles by name."""
    folder = resources.files(__package__).joinpath("roles")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name)
    return {
        file.name.removesuffix(".yaml"): msgspec.convert(yaml.safe_load(file.read_text(encoding="utf-8")), AccessRole)
        for file in files
    }


def find_role(name: str) -> AccessRole:
    """Returns one role. Raises `Permanent` if there is none of this name."""
    roles = load_roles()
    if name not in roles:
        raise Permanent(f"{name} is not a role: {suggest(name, roles)}")
    return roles[name]


def name_role(name: str) -> str:
    """Returns the name that a role has in Elasticsearch."""
    return f"newsclaims-{name}"
