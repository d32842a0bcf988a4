"""Users of the secure servers, one for each role."""

from contextlib import closing

from elasticsearch import Elasticsearch
from kafka import KafkaAdminClient
from kafka.admin import ScramMechanism, UserScramCredentialUpsertion

from deploy.security.roles import load_roles, name_role
from deploy.settings import Settings
from tests.security.servers import ADMIN, CANARY, SecureServers


def connect_kafka(servers: SecureServers, user: str = ADMIN) -> KafkaAdminClient:
    """Returns an admin client of a user."""
    return KafkaAdminClient(**Settings.load(servers.environ(user)).kafka.client_options())


def connect_elasticsearch(servers: SecureServers, user: str = ADMIN) -> Elasticsearch:
    """Returns a client of a user."""
    return Elasticsearch(**Settings.load(servers.environ(user)).elasticsearch.client_options())


def add_users(servers: SecureServers) -> None:
    """Gives each role a user of its name on both servers, and nothing else."""
    roles = load_roles()
    servers.run("roles", "apply", *(f"--kafka-user={name}={name}" for name in roles)).check()
    with connect_elasticsearch(servers) as client:
        for name in roles:
            client.security.put_user(username=name, password=CANARY, roles=[name_role(name)])
    with closing(connect_kafka(servers)) as admin:
        credentials = [UserScramCredentialUpsertion(name, ScramMechanism.SCRAM_SHA_512, CANARY) for name in roles]
        failed = admin.alter_user_scram_credentials(credentials)
    assert not any(failed.values()), failed
