"""`newsclaims demo`: what it shows, leaves in the servers and writes, and what it does when it runs again."""

import json
import re
import subprocess
import urllib.request
from pathlib import Path

import pytest

from tests.conftest import Stack
from tests.pipelines.run.running import command, count, documents


def test_demo_shows_what_came_out_and_says_how_to_go_on(demo: subprocess.CompletedProcess[str]) -> None:
    assert demo.returncode == 0, demo.stderr
    for words in ("Claims by month", "Numbers of soldiers by claimant", "Try next", "newsclaims run"):
        assert words in demo.stdout


def test_curl_finds_the_claims(demo_data: Stack) -> None:
    with urllib.request.urlopen(f"{demo_data.elasticsearch_url}/claims/_search?q=status:confirmed&size=1") as answer:
        assert json.load(answer)["hits"]["hits"][0]["_source"]["status"] == "confirmed"


def test_watches_of_the_demo_match(demo_data: Stack) -> None:
    watched = {name: documents(demo_data, "claims", watches=name) for name in ("troop-numbers", "losses", "denials")}
    assert all(len(claims) > 20 for claims in watched.values())
    assert {claim["status"] for claim in watched["denials"]} == {"denied", "unconfirmed"}


def test_demo_writes_the_report_and_says_where(demo: subprocess.CompletedProcess[str], demo_folder: Path) -> None:
    path = demo_folder / "newsclaims-report.html"
    assert path.as_uri() in re.sub(r"\s", "", demo.stdout)
    assert "Claim volume" in path.read_text("utf-8")


@pytest.mark.slow
def test_demo_again_changes_nothing(demo_data: Stack, tmp_path: Path) -> None:
    counts = {alias: count(demo_data, alias) for alias in ("articles", "claims", "figures", "dead-letters")}
    assert counts["articles"] >= 100
    assert counts["claims"] > counts["articles"]
    again = command(demo_data, "demo", folder=tmp_path)
    assert again.returncode == 0, again.stderr
    assert {alias: count(demo_data, alias) for alias in counts} == counts
