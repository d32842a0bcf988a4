"""Kafka's permissions (ACLs) of a role: compares them with those that a user has, and adds what is missing."""

from collections.abc import Iterator, Sequence

from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    KafkaAdminClient,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
)
from kafka.errors import KafkaError

from deploy.security.roles import AccessRole, KafkaPermission
from deploy.server_errors import convert_kafka_error
from schemas.errors import Permanent

ANY_HOST = "*"
FLAGS = {ResourceType.TOPIC: "--topic", ResourceType.GROUP: "--group"}


def list_acls(role: AccessRole, principal: str, group: str) -> list[ACL]:
    """Returns what the role may do as Kafka's ACLs, for a principal such as `User:newsclaims-job`.

    `group` is the consumer group of the job.
    """
    return [acl for permission in role.kafka for acl in _list_acls(permission, principal, group)]


def _list_acls(permission: KafkaPermission, principal: str, group: str) -> Iterator[ACL]:
    if permission.topic is not None:
        resource = ResourcePattern(ResourceType.TOPIC, permission.topic)
    else:
        resource = ResourcePattern(ResourceType.GROUP, (permission.group or "").format(group=group))
    for operation in permission.operations:
        yield ACL(principal, ANY_HOST, ACLOperation[operation], ACLPermissionType.ALLOW, resource)


def add_acls(admin: KafkaAdminClient, wanted: Sequence[ACL]) -> list[ACL]:
    """Adds the ACLs that are missing, and returns them. Raises `AccessRefused` without the permission to do so."""
    try:
        missing = [acl for acl in wanted if acl not in _find_acls(admin, wanted[0].principal)] if wanted else []
        failed = admin.create_acls(missing)["failed"] if missing else []
    except KafkaError as error:
        raise convert_kafka_error(error, "read and add permissions") from error
    if failed:
        raise convert_kafka_error(failed[0](), "add permissions")
    return missing


def _find_acls(admin: KafkaAdminClient, principal: str) -> list[ACL]:
    everything = ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY)
    found, _ = admin.describe_acls(ACLFilter(principal, None, ACLOperation.ANY, ACLPermissionType.ANY, everything))
    return list(found)


def format_command(acl: ACL) -> str:
    """Returns the options of Kafka's own `kafka-acls` that add the ACL."""
    resource = acl.resource_pattern
    options = f"--add --allow-principal {acl.principal} --operation {acl.operation.name.title().replace('_', '')}"
    return f"{options} {FLAGS[resource.resource_type]} '{resource.resource_name}'"


def parse_principals(texts: Sequence[str]) -> dict[str, str]:
    """Parses `job=newsclaims-job` to Kafka's principal of each role. Raises `Permanent` for any other text."""
    found = {}
    for text in texts:
        role, separator, user = text.partition("=")
        if not separator or not role or not user:
            raise Permanent(f"--kafka-user is {text!r}: write ROLE=USER, such as job=newsclaims-job.")
        found[role] = user if ":" in user else f"User:{user}"
    return found
