"""Index lifecycle management, on a server that speaks its API as Elasticsearch documents it.

The embedded server has no lifecycle management; `test_retention_on_servers` shows that this is noticed.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from deploy.retention.lifecycle import has_lifecycle, make_policy, manage, manage_if_possible
from deploy.retention.stored import StoredIndex

END = datetime(2026, 11, 1, tzinfo=UTC)


class Server:
    """Policies, and the settings of indices."""

    def __init__(self) -> None:
        self.policies: dict[str, Any] = {}
        self.settings: dict[str, Any] = {}
        self.writes: list[str] = []
        self.mode: str | None = "RUNNING"
        self.is_allowed = True

    def answer(self, request: Request) -> Response:
        """Answers one request."""
        status, body = self.route(request.method, request.path.strip("/").split("/"), request)
        headers = {"X-Elastic-Product": "Elasticsearch", "content-type": "application/vnd.elasticsearch+json"}
        return Response(json.dumps(body), status, headers)

    def route(self, method: str, path: list[str], request: Request) -> tuple[int, Any]:
        """Returns status and body."""
        if method == "GET":
            return self.read(path)
        self.writes.append(f"{method} /{'/'.join(path)}")
        if not self.is_allowed:
            return 403, {"error": {"type": "security_exception", "reason": "not allowed"}, "status": 403}
        match method, path:
            case "PUT", ["_ilm", "policy", name]:
                self.policies[name] = request.get_json(force=True)["policy"]
            case "DELETE", ["_ilm", "policy", name]:
                del self.policies[name]
            case "PUT", [index, "_settings"]:
                self.settings[index] = request.get_json(force=True)
            case "POST", [index, "_ilm", "remove"]:
                self.settings.pop(index, None)
        return 200, {"acknowledged": True}

    def read(self, path: list[str]) -> tuple[int, Any]:
        """Returns status and body of a request that changes nothing."""
        if path == ["_ilm", "status"]:
            return (200, {"operation_mode": self.mode}) if self.mode else (405, {"error": "no handler found"})
        if path[-1] not in self.policies:
            return 404, {"error": {"type": "resource_not_found_exception"}, "status": 404}
        policy = json.loads(json.dumps(self.policies[path[-1]]))
        for phase in policy["phases"].values():
            for action in phase["actions"].values():
                action["delete_searchable_snapshot"] = True  # the server adds its defaults
        return 200, {path[-1]: {"version": 1, "policy": policy, "in_use_by": {}}}


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def client(server: Server, httpserver: HTTPServer) -> Iterator[Elasticsearch]:
    httpserver.expect_request("").respond_with_handler(server.answer)
    httpserver.respond_nohandler = server.answer  # type: ignore[method-assign]
    with Elasticsearch(httpserver.url_for("/"), max_retries=0) as made:
        yield made


def stored(family: str, policy: str = "") -> StoredIndex:
    return StoredIndex(f"{family}-g1-2026.10", family, 1, "2026.10", END, 1, 1, policy=policy)


ALL = [stored(family) for family in ("articles", "claims", "figures", "dead-letters", "health")]
LIMITS = {"articles": 1, "claims": 1, "figures": 1, "dead-letters": 90, "health": 400}


@pytest.mark.parametrize(("mode", "found"), [("RUNNING", True), ("STOPPED", False), (None, False)])
def test_lifecycle_management_is_noticed(server: Server, client: Elasticsearch, mode: str | None, found: bool) -> None:
    server.mode = mode
    assert has_lifecycle(client) is found


def test_user_who_may_not_write_policies_drops_everything_himself(server: Server, client: Elasticsearch) -> None:
    server.is_allowed = False
    assert manage_if_possible(client, ALL, LIMITS) == (False, ALL)
    assert len(server.writes) == 1
    server.is_allowed = True
    assert manage_if_possible(client, ALL, LIMITS)[0] is True
    server.mode = None
    assert manage_if_possible(client, ALL, LIMITS) == (False, ALL)


def test_policies_are_written_and_attached_and_then_left_alone(server: Server, client: Elasticsearch) -> None:
    managed = manage(client, ALL, LIMITS)
    assert server.policies == {"newsclaims-dead-letters": make_policy(90), "newsclaims-health": make_policy(400)}
    origin = int(END.timestamp() * 1000)
    assert server.settings == {
        f"{family}-g1-2026.10": {
            "index.lifecycle.name": f"newsclaims-{family}", "index.lifecycle.origination_date": origin
        }
        for family in ("dead-letters", "health")
    }  # fmt: skip
    assert [each.policy for each in managed] == ["", "", "", "newsclaims-dead-letters", "newsclaims-health"]
    server.writes.clear()
    assert manage(client, managed, LIMITS) == managed
    assert server.writes == []


def test_changed_limit_changes_the_policy_and_a_removed_one_removes_it(server: Server, client: Elasticsearch) -> None:
    managed = manage(client, ALL, LIMITS)
    manage(client, managed, LIMITS | {"health": 30})
    assert server.policies["newsclaims-health"] == make_policy(30)
    managed = manage(client, managed, LIMITS | {"health": None})
    assert list(server.policies) == ["newsclaims-dead-letters"]
    assert "health-g1-2026.10" not in server.settings
    assert managed[-1].policy == ""


def test_policies_of_others_are_left_alone(server: Server, client: Elasticsearch) -> None:
    theirs = {"phases": {"delete": {"min_age": "1d", "actions": {"delete": {}}}}}
    server.policies["newsclaims-health"] = theirs
    found = [stored("health"), stored("dead-letters", policy="kept-by-law")]
    assert manage(client, found, {"health": 400, "dead-letters": None}) == found
    assert server.writes == []
    assert manage(client, found, {"health": 400, "dead-letters": 90}) == found
    assert server.policies["newsclaims-health"] == theirs
    assert server.settings == {}
