"""`newsclaims dashboards push` and `diff`: only our objects are overwritten, and each is reported in one line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dashboards.boards import BOARDS
from dashboards.grafana.dashboard import list_sources
from newsclaims import app
from schemas.alerts import ALERTS
from schemas.errors import NewsclaimsError, Permanent, Retryable
from tests.dashboards.grafana.grafana_api import Grafana, running

FEEDS = "newsclaims-feeds"
RULE = "newsclaims-lag-growing"
SOURCE = "newsclaims-health-at"
EVERYTHING = 1 + len(list_sources()) + len(BOARDS) + len(ALERTS)


@pytest.fixture
def grafana(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Grafana]:
    """A Grafana without anything of ours, and settings that name it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSCLAIMS_DATA_DIR", str(tmp_path))
    for name in ("GRAFANA_TOKEN", "GRAFANA_FOLDER", "GRAFANA_ELASTICSEARCH_URL", "ELASTICSEARCH_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    with running() as server:
        monkeypatch.setenv("GRAFANA_URL", server.url)
        monkeypatch.setenv("GRAFANA_USERNAME", "admin")
        monkeypatch.setenv("GRAFANA_PASSWORD", "admin")
        yield server


def call(command: str, *options: str) -> tuple[int, list[dict[str, Any]]]:
    """Runs a command; gives its exit code and its steps."""
    result = CliRunner().invoke(app, ["dashboards", command, "--json", *options])
    if isinstance(result.exception, NewsclaimsError):
        raise result.exception
    return result.exit_code, json.loads(result.stdout)


def outcomes(steps: list[dict[str, Any]]) -> set[str]:
    """What became of the things."""
    return {step["outcome"] for step in steps}


def of(steps: list[dict[str, Any]], name: str) -> dict[str, Any]:
    """The step of the thing with this name."""
    [found] = [step for step in steps if step["name"] == name]
    return found


def test_an_empty_grafana_gets_everything_and_a_second_push_writes_nothing(grafana: Grafana) -> None:
    code, steps = call("push")
    assert (code, outcomes(steps), len(steps)) == (0, {"created"}, EVERYTHING)
    assert set(grafana.boards) == set(BOARDS)
    assert {board["meta"]["folderTitle"] for board in grafana.boards.values()} == {"newsclaims"}
    assert len(grafana.rules) == len(ALERTS)
    assert {rule["folderUID"] for rule in grafana.rules.values()} == set(grafana.folders)
    assert not [rule for rule in grafana.rules.values() if "provenance" in rule]
    grafana.writes.clear()
    code, steps = call("push")
    assert (code, outcomes(steps), grafana.writes) == (0, {"unchanged"}, [])
    assert call("diff")[0] == 0


def test_a_dry_run_and_a_diff_write_nothing_and_say_the_same(grafana: Grafana) -> None:
    dry, differing = call("push", "--dry-run"), call("diff")
    assert (dry[0], outcomes(dry[1]), grafana.writes) == (0, {"created"}, [])
    assert (differing[0], differing[1]) == (1, dry[1])


@pytest.mark.usefixtures("grafana")
def test_each_thing_is_one_line_for_people() -> None:
    result = CliRunner().invoke(app, ["dashboards", "push"])
    lines = result.stdout.splitlines()
    assert len(lines) == EVERYTHING
    assert lines[0].split() == ["created", "folder", "newsclaims"]
    assert "created    board        Claim volume" in lines


def pushed_twice(grafana: Grafana) -> None:
    """Pushes, and once more over a change: then the board's history has our message."""
    call("push")
    grafana.edit(FEEDS, description="mine")
    assert call("push", "--force")[0] == 0


@pytest.mark.parametrize("pushes", [1, 2])
def test_an_older_push_is_updated_and_differences_are_reported(grafana: Grafana, pushes: int) -> None:
    if pushes == 1:
        # Grafana shows "Initial save" as the message of the first version, whatever it was.
        call("push")
    else:
        pushed_twice(grafana)
        grafana.history[FEEDS][0]["message"] += "-older"
    grafana.boards[FEEDS]["dashboard"]["title"] = "Feeds of an older release"
    code, steps = call("diff")
    assert (code, of(steps, "Feeds")["outcome"]) == (1, "updated")
    assert of(steps, "Feeds")["differences"] == ['title: "Feeds of an older release" → "Feeds"']
    code, steps = call("push")
    assert (code, of(steps, "Feeds")["outcome"]) == (0, "updated")
    assert grafana.boards[FEEDS]["dashboard"]["title"] == "Feeds"


def test_long_texts_are_reported_from_their_first_difference(grafana: Grafana) -> None:
    call("push")
    board = grafana.boards[FEEDS]["dashboard"]
    grafana.edit(FEEDS, description=board["description"] + " " + "Mine. " * 40)
    [difference] = of(call("diff")[1], "Feeds")["differences"]
    assert "Mine." in difference
    assert len(difference) < 150


def test_what_a_user_changed_is_overwritten_only_by_force(grafana: Grafana) -> None:
    call("push")
    grafana.edit(FEEDS, who="jane", description="mine")
    grafana.rules[RULE]["for"] = "1h"
    code, steps = call("push")
    assert code == 1
    assert {step["name"] for step in steps if step["outcome"] == "refused"} == {"Feeds", "Lag grows"}
    assert "by jane on 2026-11-26 at 13:12" in of(steps, "Feeds")["why"]
    assert grafana.boards[FEEDS]["dashboard"]["description"] == "mine"
    assert grafana.rules[RULE]["for"] == "1h"
    assert of(call("diff")[1], "Lag grows")["differences"] == ['for: "1h" → "5m"']
    code, steps = call("push", "--force")
    assert (code, of(steps, "Feeds")["outcome"], of(steps, "Lag grows")["outcome"]) == (0, "updated", "updated")
    assert outcomes(call("push")[1]) == {"unchanged"}


def test_a_board_that_a_newer_grafana_shows_in_another_form_is_left(grafana: Grafana) -> None:
    pushed_twice(grafana)
    # Such a release migrates what it shows; its history still has our message.
    grafana.boards[FEEDS]["dashboard"]["schemaVersion"] = 41
    assert outcomes(call("push")[1]) == {"unchanged"}


def test_a_board_or_a_rule_of_another_hand_is_refused_even_by_force(grafana: Grafana) -> None:
    grafana.keep({"uid": FEEDS, "title": "Somebody's", "tags": [], "panels": []}, "", "jane", "")
    grafana.rules[RULE] = {"uid": RULE, "labels": {}, "title": "Somebody's", "annotations": {}, "data": []}
    code, steps = call("push", "--force")
    assert code == 1
    assert "another board" in of(steps, "Feeds")["why"]
    assert "General" in of(steps, "Feeds")["why"]
    assert of(steps, "Lag grows")["outcome"] == "refused"
    assert grafana.boards[FEEDS]["dashboard"]["title"] == grafana.rules[RULE]["title"] == "Somebody's"


def test_a_title_that_another_board_in_the_folder_has_is_refused(grafana: Grafana) -> None:
    grafana.folders["abc"] = "newsclaims"
    grafana.keep({"uid": "other", "title": "Feeds", "tags": [], "panels": []}, "abc", "jane", "")
    code, steps = call("push")
    assert (code, of(steps, "Feeds")["outcome"]) == (1, "refused")
    assert "has this title" in of(steps, "Feeds")["why"]
    assert of(steps, "Claim volume")["outcome"] == "created"


def test_somebody_who_saves_at_the_same_time_is_not_overwritten(grafana: Grafana) -> None:
    call("push")
    grafana.boards[FEEDS]["dashboard"]["title"] = "Older"
    grafana.before_saving.append(lambda: grafana.edit(FEEDS, description="just now"))
    code, steps = call("push")
    assert (code, of(steps, "Feeds")["outcome"]) == (1, "refused")
    assert "at the same time" in of(steps, "Feeds")["why"]
    assert grafana.boards[FEEDS]["dashboard"]["description"] == "just now"


def test_an_existing_folder_is_found_by_its_title(grafana: Grafana) -> None:
    grafana.folders["abc"] = "News desk"
    code, steps = call("push", "--folder", "News desk")
    assert (code, steps[0]["outcome"]) == (0, "unchanged")
    assert {board["meta"]["folderUid"] for board in grafana.boards.values()} == {"abc"}
    code, steps = call("push", "--folder", "Elsewhere")
    assert of(steps, "Feeds")["outcome"] == "updated"
    assert {board["meta"]["folderTitle"] for board in grafana.boards.values()} == {"Elsewhere"}


def test_data_sources_keep_what_a_user_set_beside_ours(grafana: Grafana) -> None:
    call("push")
    grafana.sources[SOURCE]["jsonData"] |= {"timeField": "indexed_at", "timeInterval": "10s"}
    grafana.sources[SOURCE]["isDefault"] = True
    code, steps = call("push")
    [changed] = [step for step in steps if step["outcome"] != "unchanged"]
    assert (code, changed["differences"]) == (0, ['jsonData.timeField: "indexed_at" → "at"'])
    assert (
        grafana.sources[SOURCE]["jsonData"] | {"timeInterval": "10s", "timeField": "at"}
        == (grafana.sources[SOURCE]["jsonData"])
    )
    assert grafana.sources[SOURCE]["isDefault"]


def test_data_sources_get_the_address_and_credentials_that_grafana_needs(
    grafana: Grafana, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRAFANA_ELASTICSEARCH_URL", "https://elasticsearch:9200")
    monkeypatch.setenv("ELASTICSEARCH_USERNAME", "reader")
    monkeypatch.setenv("ELASTICSEARCH_PASSWORD", "hush")
    call("push")
    assert {source["url"] for source in grafana.sources.values()} == {"https://elasticsearch:9200"}
    assert {source["basicAuthUser"] for source in grafana.sources.values()} == {"reader"}
    assert grafana.secrets[SOURCE] == {"basicAuthPassword": "hush"}
    # Grafana shows no secret, so that a new one is only there if it is sent.
    monkeypatch.setenv("ELASTICSEARCH_PASSWORD", "new")
    assert of(call("push")[1], "newsclaims health by time measured")["outcome"] == "updated"
    assert grafana.secrets[SOURCE] == {"basicAuthPassword": "new"}
    monkeypatch.setenv("ELASTICSEARCH_API_KEY", "a2V5")
    call("push")
    assert grafana.sources[SOURCE]["basicAuth"] is False
    assert grafana.secrets[SOURCE]["httpHeaderValue1"] == "ApiKey a2V5"
    # A key of before would go first, so its header goes with it.
    monkeypatch.delenv("ELASTICSEARCH_API_KEY")
    call("push")
    assert "httpHeaderName1" not in grafana.sources[SOURCE]["jsonData"]
    # Settings that have no credentials leave those that are there.
    monkeypatch.delenv("ELASTICSEARCH_USERNAME")
    monkeypatch.delenv("ELASTICSEARCH_PASSWORD")
    assert outcomes(call("push")[1]) == {"unchanged"}
    assert grafana.sources[SOURCE]["basicAuth"] is True


def test_what_comes_from_provisioning_files_is_left_to_them(grafana: Grafana) -> None:
    call("push")
    for board in grafana.boards.values():
        board["meta"]["provisioned"] = True
    for source in grafana.sources.values():
        source |= {"readOnly": True, "url": "http://elsewhere:9200", "basicAuth": True}
    for rule in grafana.rules.values():
        rule["provenance"] = "file"
    assert call("push")[0] == 0
    grafana.boards[FEEDS]["dashboard"]["title"] = "Older"
    grafana.rules[RULE]["for"] = "1h"
    code, steps = call("push", "--force")
    refused = [step for step in steps if step["outcome"] == "refused"]
    assert (code, {step["name"] for step in refused}) == (1, {"Feeds", "Lag grows"})
    assert {step["why"] for step in refused} == {"it comes from Grafana's provisioning files"}


def test_a_rule_that_only_the_api_may_change_is_updated_through_it(grafana: Grafana) -> None:
    call("push")
    grafana.rules[RULE] |= {"provenance": "api", "for": "1h"}
    assert call("push", "--force")[0] == 0
    assert grafana.rules[RULE]["for"] == "5m"


def test_without_provisioning_of_alerts_the_rest_is_pushed(grafana: Grafana) -> None:
    grafana.has_alerting = False
    code, steps = call("push")
    assert (code, len(grafana.boards)) == (1, len(BOARDS))
    assert of(steps, "all")["kind"] == "alert rule"


def test_an_editor_pushes_boards_and_sees_what_is_refused(grafana: Grafana, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAFANA_USERNAME", "editor")
    monkeypatch.setenv("GRAFANA_PASSWORD", "pass")
    code, steps = call("push")
    assert (code, len(grafana.boards)) == (1, len(BOARDS))
    refused = [step for step in steps if step["outcome"] == "refused"]
    assert {step["kind"] for step in refused} == {"data source", "alert rule"}
    assert all("Admin" in step["why"] for step in refused)


def test_without_its_folder_no_board_is_pushed(grafana: Grafana, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAFANA_USERNAME", "viewer")
    monkeypatch.setenv("GRAFANA_PASSWORD", "pass")
    code, steps = call("push")
    assert (code, [step["kind"] for step in steps], grafana.boards) == (1, ["folder"], {})


@pytest.mark.usefixtures("grafana")
def test_a_token_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRAFANA_USERNAME")
    monkeypatch.delenv("GRAFANA_PASSWORD")
    with pytest.raises(Permanent, match="GRAFANA_TOKEN"):
        call("push")
    monkeypatch.setenv("GRAFANA_TOKEN", "glsa_good")
    assert call("push")[0] == 0
    monkeypatch.setenv("GRAFANA_TOKEN", "glsa_old")
    with pytest.raises(Permanent, match="rejected the token"):
        call("push")


def test_links_lead_to_the_kibana_of_the_settings(grafana: Grafana, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIBANA_URL", "https://kibana.example")
    monkeypatch.setenv("KIBANA_SPACE", "press")
    call("push")
    named = {each["name"]: each["query"] for each in grafana.boards[FEEDS]["dashboard"]["templating"]["list"]}
    assert named["kibana"] == "https://kibana.example/s/press"


def test_credentials_can_be_in_the_address(grafana: Grafana, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRAFANA_USERNAME")
    monkeypatch.delenv("GRAFANA_PASSWORD")
    address = grafana.url.replace("http://", "http://admin:admin@")
    assert call("push", "--url", address)[0] == 0


@pytest.mark.parametrize(
    ("url", "kind", "words"),
    [
        ("http://127.0.0.1:1", Retryable, "Grafana at http://127.0.0.1:1 does not respond"),
        ("{}/elsewhere", Permanent, "does not look like Grafana"),
        ("https:{}", Permanent, "should GRAFANA_URL be http://"),
        ("ftp://127.0.0.1", Permanent, "not an address"),
    ],
)
def test_wrong_addresses_are_reported_in_a_sentence(
    grafana: Grafana, url: str, kind: type[NewsclaimsError], words: str
) -> None:
    address = url.format(grafana.url.removeprefix("http:") if url.startswith("https") else grafana.url)
    with pytest.raises(kind, match=words):
        call("push", "--url", address)


@pytest.mark.usefixtures("grafana")
def test_a_wrong_password_is_reported_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAFANA_PASSWORD", "old")
    with pytest.raises(Permanent, match="user or password"):
        call("diff")


@pytest.mark.usefixtures("grafana")
def test_build_writes_the_files_with_the_address_of_the_runbooks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "mine.txt").write_text("stays")
    monkeypatch.setenv("NEWSCLAIMS_RUNBOOKS_URL", "https://wiki.example/runbooks")
    result = CliRunner().invoke(app, ["dashboards", "build", "--output", "files"])
    assert result.exit_code == 0
    assert all(Path(line).is_file() for line in result.stdout.splitlines())
    rules = (tmp_path / "files/grafana/provisioning/alerting/newsclaims.yaml").read_text()
    assert "https://wiki.example/runbooks#lag_growing" in rules
    assert (tmp_path / "files" / "mine.txt").read_text() == "stays"
