"""Fixtures of the connector tests."""

from collections.abc import Iterator

import pytest

from tests.connectors.web_server import Server, running


@pytest.fixture
def server() -> Iterator[Server]:
    """A web server of the test's own."""
    with running() as found:
        yield found
