"""An empty index for tests that write their own documents."""

from collections.abc import Iterator

import pytest
from elasticsearch import Elasticsearch

from deploy import bootstrap
from tests.conftest import Stack
from tests.deploy.monitoring.condition_data import Index
from tests.pipelines.run.running import erase

ALIASES = "articles,claims,figures,health,feeds,dead-letters,passes"


@pytest.fixture(scope="session")
def prepared(stack: Stack) -> Iterator[Elasticsearch]:
    """A server with all indices, without the documents of other tests."""
    with Elasticsearch(stack.elasticsearch_url, request_timeout=60) as client:
        erase(client)
        bootstrap.prepare(None, client)
        yield client


@pytest.fixture
def index(prepared: Elasticsearch) -> Index:
    """All indices, empty, as `init` creates them."""
    bootstrap.prepare(None, prepared)
    prepared.delete_by_query(index=ALIASES, query={"match_all": {}}, refresh=True, conflicts="proceed")
    return Index(prepared)
