"""Fixtures of the connector tests."""

from collections.abc import Iterator

import pytest

from tests.connectors.web_server import WebServer


@pytest.fixture
def server() -> Iterator[WebServer]:
    """A web server for one test."""
    with WebServer() as found:
        yield found
