"""`newsclaims kibana` as its users call it, against a stand-in for Kibana's API."""

import base64
import json
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dashboards.kibana.content import build_saved_objects
from dashboards.kibana.push import ObjectReport, push_objects
from dashboards.kibana.server import Kibana as Client
from deploy.settings.kibana import KibanaSettings
from newsclaims import app
from schemas.errors import NewsclaimsError, Permanent, Retryable
from tests.dashboards.kibana.kibana_api import FakeKibana, refusal, running

OBJECTS = build_saved_objects()
VIEW = ("index-pattern", "newsclaims-claims")
SEARCH = ("search", "newsclaims-search-claims-denied")


@pytest.fixture
def kibana(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeKibana]:
    """A Kibana that the environment names, and none of the user's own settings."""
    monkeypatch.chdir(tmp_path)
    for name in ("API_KEY", "USERNAME", "PASSWORD", "CA_FILE", "SPACE"):
        monkeypatch.delenv(f"KIBANA_{name}", raising=False)
    with running() as server:
        monkeypatch.setenv("KIBANA_URL", server.url)
        yield server


def command(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["kibana", *arguments])


def report(*arguments: str) -> dict[tuple[str, str], tuple[str, str]]:
    """Outcome and detail of each object, by kind and id."""
    result = command(*arguments, "--json")
    assert not isinstance(result.exception, NewsclaimsError), result.exception
    return {(line["kind"], line["id"]): (line["outcome"], line["detail"]) for line in json.loads(result.stdout)}


def outcomes(found: dict[tuple[str, str], tuple[str, str]]) -> set[str]:
    return {outcome for outcome, _ in found.values()}


def refused(*arguments: str) -> NewsclaimsError:
    """The error that a command ends with."""
    error = command(*arguments).exception
    assert isinstance(error, NewsclaimsError)
    return error


def test_push_creates_everything_and_again_changes_nothing(kibana: FakeKibana) -> None:
    first = report("push")
    assert outcomes(first) == {"created"}
    assert set(kibana.spaces[""]) == {(each["type"], each["id"]) for each in OBJECTS} == set(first)
    assert outcomes(report("push")) == {"unchanged"}
    assert outcomes(report("check")) == {"same"}
    assert command("check").exit_code == 0


@pytest.mark.usefixtures("kibana")
def test_push_shows_its_outcome_in_the_terminal() -> None:
    shown = command("push").output
    assert "newsclaims-search-claims-denied" in shown.replace("\n", "")
    assert "created" in shown
    assert command("push").output == f"All {len(OBJECTS)} objects are up to date.\n"


def test_changed_objects_are_reported_and_overwritten_and_others_are_kept(kibana: FakeKibana) -> None:
    report("push")
    store = kibana.spaces[""]
    store[SEARCH]["attributes"]["columns"].append("feed")
    store[VIEW]["attributes"]["fieldFormatMap"] = "{}"
    del store["lens", "newsclaims-lens-figures"]
    theirs = {"type": "dashboard", "id": "theirs", "attributes": {"title": "newsclaims: ours, too"}, "references": []}
    store["dashboard", "theirs"] = theirs
    checked = report("check")
    assert checked[SEARCH] == ("different", "attributes.columns")
    assert checked[VIEW] == ("different", "attributes.fieldFormatMap")
    assert checked["lens", "newsclaims-lens-figures"] == ("missing", "")
    assert sum(outcome == "same" for outcome, _ in checked.values()) == len(OBJECTS) - 3
    assert command("check").exit_code == 1
    pushed = report("push")
    assert pushed[SEARCH] == ("overwritten", "attributes.columns")
    assert pushed["lens", "newsclaims-lens-figures"][0] == "created"
    assert store[SEARCH]["attributes"]["columns"][-1] == "denies"
    assert store["dashboard", "theirs"] is theirs


def test_what_kibana_adds_itself_is_no_difference(kibana: FakeKibana) -> None:
    report("push")
    attributes = kibana.spaces[""][VIEW]["attributes"]
    named = json.loads(attributes["fieldAttrs"])
    named["status"]["count"] += 5  # a field was used
    attributes["fieldAttrs"] = json.dumps(named, indent=2)
    assert report("check")[VIEW] == ("same", "")


def test_dry_run_writes_nothing(kibana: FakeKibana) -> None:
    assert outcomes(report("push", "--dry-run")) == {"missing"}
    assert kibana.spaces[""] == {}
    assert not any("_import" in request for request in kibana.requests)


def test_refused_object_is_reported_with_its_reason_and_the_rest_is_written(kibana: FakeKibana) -> None:
    kibana.errors[SEARCH] = {"type": "unknown", "message": "mapper [columns] cannot be read", "statusCode": 400}
    pushed = report("push")
    assert pushed[SEARCH] == ("failed", "mapper [columns] cannot be read")
    assert set(kibana.spaces[""]) == set(pushed) - {SEARCH}
    assert sum(outcome == "created" for outcome, _ in pushed.values()) == len(OBJECTS) - 1
    assert command("push").exit_code == 1


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ({"type": "conflict"}, "another object has its id"),
        ({"type": "ambiguous_conflict", "destinations": [{"id": "one"}, {"id": "two"}]}, "(one, two): delete all but"),
        (
            {"type": "missing_references", "references": [{"type": "index-pattern", "id": "gone"}]},
            "it refers to index-pattern gone, not in Kibana",
        ),
    ],
)
def test_conflict_stops_the_whole_import_and_every_object_says_so(kibana: FakeKibana, error: Any, words: str) -> None:
    kibana.errors[SEARCH] = error
    pushed = report("push")
    assert words in pushed[SEARCH][1]
    assert outcomes(pushed) == {"failed", "not written"}
    assert kibana.spaces[""] == {}


@pytest.mark.usefixtures("kibana")
def test_unsupported_kind_of_object_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.dashboards.kibana.kibana_api.KINDS", {"index-pattern", "search", "dashboard"})
    pushed = report("push")
    assert pushed["lens", "newsclaims-lens-figures"] == ("failed", "this Kibana does not support this type of object")


def test_space_gets_the_objects_and_a_second_one_copies_that_are_found_again(kibana: FakeKibana) -> None:
    kibana.spaces |= {"press": {}, "lab": {}}
    assert outcomes(report("push", "--space", "press")) == {"created"}
    assert kibana.spaces[""] == {}
    copied = report("push", "--space", "lab")
    assert copied[SEARCH] == (
        "created",
        "under the id copy-of-newsclaims-search-claims-denied, because another space has an object with our id",
    )
    assert outcomes(report("check", "--space", "lab")) == {"same"}
    assert outcomes(report("push", "--space", "lab")) == {"unchanged"}
    assert len(kibana.spaces["lab"]) == len(OBJECTS)
    assert outcomes(report("push", "--space", "default")) == {"created"}


@pytest.mark.usefixtures("kibana")
def test_unknown_space_is_refused() -> None:
    assert "has no space 'typo' (404): check KIBANA_SPACE" in str(refused("push", "--space", "typo"))
    assert "must be the identifier of a space" in str(refused("push", "--space", "My Space"))


def test_credentials_are_sent_and_never_shown(kibana: FakeKibana, monkeypatch: pytest.MonkeyPatch) -> None:
    basic = base64.b64encode("élise:hüsh".encode()).decode()
    kibana.authorization = {"ApiKey c2VjcmV0", f"Basic {basic}"}
    assert "set KIBANA_API_KEY" in str(refused("push"))
    monkeypatch.setenv("KIBANA_API_KEY", "c2VjcmV0")
    assert outcomes(report("push")) == {"created"}
    monkeypatch.delenv("KIBANA_API_KEY")
    monkeypatch.setenv("KIBANA_USERNAME", "élise")
    monkeypatch.setenv("KIBANA_PASSWORD", "hüsh")
    assert outcomes(report("check")) == {"same"}
    monkeypatch.setenv("KIBANA_PASSWORD", "wrong-secret")
    error = refused("check")
    assert "401" in str(error)
    assert "wrong-secret" not in str(error)
    assert outcomes(report("check", "--url", kibana.url.replace("//", "//%C3%A9lise:h%C3%BCsh@"))) == {"same"}


@pytest.mark.parametrize(
    ("path", "answer", "words"),
    [
        ("/api/status", (403, refusal(403, "Forbidden")), "lacks the permission in the default space (403)"),
        ("/api/status", (503, b"Kibana server is not ready yet"), "is not ready (503): try again"),
        (
            "/api/status",
            (200, b"<html>"),
            "does not look like Kibana (the response is not JSON); is a proxy in front of it?",
        ),
        ("/api/status", (200, {"status": {}}), "does not report its version"),
        ("/api/status", (200, {"version": {"number": "main"}}), "reports the version 'main', which cannot be read"),
        ("/api/status", (302, b""), "redirects to https://kibana.example/login"),
        (
            "/api/saved_objects/_export",
            (500, refusal(500, "An internal server error occurred")),
            "internal server error",
        ),
        (
            "/api/saved_objects/_import",
            (413, refusal(413, "Payload too large")),
            "refused the request (413): Payload too large",
        ),
        ("/api/saved_objects/_import", (400, b"no"), "refused the request (400): it gives no reason"),
    ],
)
def test_refusal_is_one_sentence(kibana: FakeKibana, path: str, answer: Any, words: str) -> None:
    kibana.answers[path] = answer
    error = refused("push")
    assert words in str(error)
    assert isinstance(error, Retryable if answer[0] == 503 else Permanent)


@pytest.mark.parametrize(
    ("version", "taken"),
    [("7.17.9", False), ("8.7.1", False), ("8.8.0", True), ("8.10.0-SNAPSHOT", True), ("9.1.0", True)],
)
def test_old_kibana_is_refused(kibana: FakeKibana, version: str, taken: bool) -> None:
    kibana.version = version
    if taken:
        assert outcomes(report("push")) == {"created"}
    else:
        assert f"is {version}: searches and dashboard need 8.8 or newer" in str(refused("push"))


@pytest.mark.usefixtures("kibana")
def test_unreachable_kibana_is_reported_in_one_sentence() -> None:
    error = refused("push", "--url", "http://127.0.0.1:9")
    assert "Kibana at http://127.0.0.1:9 does not respond ([Errno 111] Connection refused)" in str(error)


def test_without_kibana_check_looks_at_the_file_and_push_says_what_to_set(
    kibana: FakeKibana, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KIBANA_URL")
    result = command("check")
    assert result.exit_code == 0
    assert f"{len(OBJECTS)} objects checked, 0 problems" in result.stdout
    assert "set KIBANA_URL" in str(refused("push"))
    assert kibana.requests == []


@pytest.mark.usefixtures("kibana")
def test_check_names_a_stale_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KIBANA_URL")
    monkeypatch.setattr("dashboards.kibana.check.read_committed", lambda: b"{}")
    result = command("check")
    assert result.exit_code == 1
    assert "newsclaims.ndjson is stale: run `python -m dashboards.build`" in result.stderr


def test_certificate_is_checked(kibana: FakeKibana, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    inside.load_cert_chain(certificate)
    kibana.socket = inside.wrap_socket(kibana.socket, server_side=True)
    address = f"https://localhost:{kibana.server_port}"
    assert "is not trusted" in str(refused("push", "--url", address))
    monkeypatch.setenv("KIBANA_CA_FILE", str(certificate))
    assert outcomes(report("push", "--url", address)) == {"created"}


def test_import_carries_the_header_that_kibana_asks_for(kibana: FakeKibana) -> None:
    with Client(KibanaSettings(url=kibana.url)) as client:
        lines = push_objects(client)
    assert all(isinstance(line, ObjectReport) for line in lines)
    assert "POST /api/saved_objects/_import?overwrite=true" in kibana.requests
