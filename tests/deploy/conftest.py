"""An empty index for tests that say what is in it."""

from collections.abc import Iterator

import pytest
from elasticsearch import Elasticsearch

from deploy import bootstrap
from tests.conftest import Stack
from tests.deploy.monitoring.condition_data import Index

ALIASES = "articles,claims,figures,health,feeds,dead-letters"


@pytest.fixture(scope="session")
def prepared(stack: Stack) -> Iterator[Elasticsearch]:
    """A server with all indices, without what other tests wrote."""
    with Elasticsearch(stack.elasticsearch_url, request_timeout=60) as client:
        if there := sorted(client.indices.get(index="*-g1*")):
            client.indices.delete(index=there)
        bootstrap.prepare(None, client)
        yield client


@pytest.fixture
def index(prepared: Elasticsearch) -> Index:
    """All indices as `init` makes them, empty."""
    bootstrap.prepare(None, prepared)
    prepared.delete_by_query(index=ALIASES, query={"match_all": {}}, refresh=True, conflicts="proceed")
    return Index(prepared)
