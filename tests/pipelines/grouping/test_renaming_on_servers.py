"""`newsclaims aliases` on the real servers: merges and splits reach claims, figures and topic, and are taken back."""

import json
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk

from pipelines.grouping.learning import learn
from pipelines.grouping.listing import list_claimants, list_decisions, list_entities
from pipelines.grouping.renaming import DecisionReason, apply, forget, merge, split
from schemas.errors import Permanent
from tests.conftest import Stack
from tests.pipelines.messages import message
from tests.pipelines.run.running import command, documents, emptied, messages, send

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600), pytest.mark.slow]

REASON = DecisionReason(by="m.visser", note="one and the same")
BODIES = (
    "SEOUL - Seoul's spy agency said on Monday that 41 boats were lost in the delta.",
    "SEOUL - South Korea's National Intelligence Service said on Monday that 52 boats were lost in the delta.",
    "VARNHOLM - The Harbour Board said on Monday that 63 boats were lost in the delta.",
    "VARNHOLM - The Varnholm Port Authority said on Monday that 74 boats were lost in the delta.",
)
ENTITIES = (
    "VARNHOLM - Mirela Osk said on Monday that the Varnholm Shipping Company had lost 12 boats.",
    "VARNHOLM - Mirela Osk said on Monday that Nordmark Ferry Company and Varnholm Shipping Company had lost 23 boats.",
)
FERRIES, SHIPPING = "name/nordmark-ferry-company", "name/varnholm-shipping-company"
NIS, BOARD, PORT = "kr/national-intelligence-service", "name/harbour-board", "name/varnholm-port-authority"


def names(stack: Stack) -> dict[str, tuple[str | None, ...]]:
    """Returns the ids of claimants by the figure's value, in claims, figures and the topic; each must be one."""
    figures = [each for each in documents(stack, "figures") if each["claimant_written"]]
    claims = {each["claim_id"]: each["claimant"]["id"] for each in documents(stack, "claims") if each["claimant"]}
    topic = {each.key.decode(): json.loads(each.value)["claimant"] for each in messages(stack, "claims")}
    return {
        f"{each['value']:g}": (each["claimant_id"], claims[each["claim_id"]], topic[each["claim_id"]]["id"])
        for each in figures
    }


def each_is(**ids: str) -> dict[str, tuple[str, ...]]:
    return {value.removeprefix("v"): (id, id, id) for value, id in ids.items()}


def test_decisions_are_applied_and_taken_back(stack: Stack) -> None:
    emptied(stack)
    send(stack, *(message(number, title="Boats", body=body) for number, body in enumerate(BODIES)))
    assert command(stack, "run", "--until-caught-up").returncode == 0
    at_first = each_is(v41=NIS, v52=NIS, v63=BOARD, v74=PORT)
    assert names(stack) == at_first
    [listed] = list_claimants(stack.settings, 10, None)
    assert (listed["id"], set(listed["forms"])) == (NIS, {"Seoul's spy agency", "National Intelligence Service"})

    with pytest.raises(Permanent, match=r"no claimant and no entity has the id or name 'Harbor Board'.*Harbour"):
        merge(stack.settings, "Harbor Board", PORT, REASON)
    assert merge(stack.settings, "Harbour Board", PORT, REASON).changed == 1
    assert names(stack) == at_first | each_is(v63=PORT)
    with pytest.raises(Permanent, match="are one claimant already"):
        merge(stack.settings, PORT, "Varnholm Port Authority", REASON)
    [decision] = list_decisions(stack.settings, 10)
    assert (decision["from_id"], decision["to_id"], decision["by"]) == (BOARD, PORT, "m.visser")

    # The job names new articles by the decision, and a second application changes nothing.
    send(stack, message(9, title="Boats", body=BODIES[2].replace("63", "85")))
    assert command(stack, "run", "--until-caught-up").returncode == 0
    assert names(stack)["85"] == (PORT,) * 3
    assert apply(stack.settings).changed == 0

    assert split(stack.settings, BOARD, REASON).changed == 2
    assert names(stack) == at_first | each_is(v85=BOARD)
    assert split(stack.settings, "Seoul's spy agency", REASON).changed == 1
    assert names(stack)["41"] == ("form/seoul-s-spy-agency",) * 3
    listed_again = command(stack, "aliases", "list", "--decisions", "--json")
    assert [each["alias_id"] for each in json.loads(listed_again.stdout)] == ["split/seoul-s-spy-agency"]
    assert command(stack, "aliases", "remove", "split/seoul-s-spy-agency").returncode == 0
    assert names(stack)["41"] == (NIS,) * 3
    with pytest.raises(Permanent, match="neither a written form of a claimant or entity nor the id"):
        split(stack.settings, "Moon Office", REASON)


def find_entities(stack: Stack) -> dict[str, tuple[str, ...]]:
    """Returns the written forms of each body by its id, from the articles; claims and figures agree."""
    articles = {each["article_id"]: each for each in documents(stack, "articles")}
    for each in (*documents(stack, "claims"), *documents(stack, "figures")):
        assert set(each["entities"]) <= {named["name"] for named in articles[each["article_id"]]["entities"]}
    found: dict[str, set[str]] = {}
    for article in articles.values():
        for named in article["entities"]:
            if named["kind"] == "organisation":
                found.setdefault(named["id"], set()).update(named["written"])
    return {id: tuple(sorted(forms)) for id, forms in found.items()}


def test_decisions_reach_entities_and_are_taken_back(stack: Stack) -> None:
    emptied(stack)
    send(stack, *(message(number, title="Boats", body=body) for number, body in enumerate(ENTITIES)))
    assert command(stack, "run", "--until-caught-up").returncode == 0
    at_first = {FERRIES: ("Nordmark Ferry Company",), SHIPPING: ("Varnholm Shipping Company",)}
    assert find_entities(stack) == at_first
    assert list_entities(stack.settings, 10, None) == []

    assert merge(stack.settings, "Nordmark Ferry Company", SHIPPING, REASON).changed == 1
    assert find_entities(stack) == {SHIPPING: ("Nordmark Ferry Company", "Varnholm Shipping Company")}
    parties = {each["name"] for claim in documents(stack, "claims") for each in claim["parties"]}
    assert "Nordmark Ferry Company" not in parties
    listed = list_entities(stack.settings, 10, "nordmark")
    assert [(each["id"], each["articles"], each["forms"]) for each in listed] == [
        (SHIPPING, 2, {"Varnholm Shipping Company": 2, "Nordmark Ferry Company": 1})
    ]
    assert apply(stack.settings).changed == 0

    assert split(stack.settings, FERRIES, REASON).changed == 1
    assert find_entities(stack) == at_first
    assert split(stack.settings, "Nordmark Ferry Company", REASON).changed == 1
    assert "form/nordmark-ferry-company" in find_entities(stack)
    assert forget(stack.settings, "split/nordmark-ferry-company").changed == 1
    assert find_entities(stack) == at_first

    # Articles of the last release have entities with a name and no id.
    with Elasticsearch(stack.elasticsearch_url) as client:
        hits = client.search(index="articles", size=50, version=True)["hits"]["hits"]
        bulk(client, [make_old_article(hit) for hit in hits], refresh=True)
    assert list_entities(stack.settings, 10, "varnholm") == []
    assert apply(stack.settings).changed == 2
    assert find_entities(stack) == at_first


def test_short_forms_are_learned_from_articles_and_taken_back(stack: Stack) -> None:
    emptied(stack)
    define = "VARNHOLM - The Varnholm Port Authority (VPA) said on Monday that {} boats were lost in the {}."
    send(
        stack,
        message(1, title="Boats", body=define.format(41, "delta"), publisher="Courier"),
        message(2, title="Ships", body=define.format(52, "northern canal after a long storm"), publisher="Post"),
        message(3, title="Boats", body="VARNHOLM - The VPA said on Monday that 63 boats were lost in the delta."),
    )
    assert command(stack, "run", "--until-caught-up").returncode == 0
    short = "name/vpa"
    assert names(stack) == each_is(v41=PORT, v52=PORT, v63=short)
    assert learn(stack.settings, dry_run=True).learned == (f"merge/{short}",)
    assert list_decisions(stack.settings, 10) == []

    done = learn(stack.settings, dry_run=False)
    assert (done.learned, done.renaming.changed) == ((f"merge/{short}",), 1)
    assert names(stack) == each_is(v41=PORT, v52=PORT, v63=PORT)
    [decision] = list_decisions(stack.settings, 10)
    assert (decision["origin"], decision["evidence_count"], len(decision["evidence"])) == ("learned", 2, 2)
    assert "VPA" in command(stack, "aliases", "list", "--decisions").stdout
    assert learn(stack.settings, dry_run=False).learned == ()

    # What a person takes back is not learned again; without that decision it is.
    split(stack.settings, short, REASON)
    assert names(stack)["63"] == ("form/vpa",) * 3
    assert learn(stack.settings, dry_run=False).learned == ()
    forget(stack.settings, "split/vpa")
    assert json.loads(command(stack, "aliases", "learn", "--json").stdout)["learned"] == [f"merge/{short}"]
    assert names(stack)["63"] == (PORT,) * 3

    # A page of the evidence is taken down: nothing of it stays, and one outlet is not enough.
    page = documents(stack, "articles")[0]["url"]
    assert command(stack, "forget", page).returncode == 0
    assert list_decisions(stack.settings, 10) == []
    assert learn(stack.settings, dry_run=False).learned == ()


def test_claims_of_the_last_release_get_names(stack: Stack) -> None:
    emptied(stack)
    send(stack, message(1, title="Boats", body=BODIES[0]))
    assert command(stack, "run", "--until-caught-up").returncode == 0
    with Elasticsearch(stack.elasticsearch_url) as client:
        hits = client.search(index="claims,figures", size=50, version=True)["hits"]["hits"]
        bulk(client, [make_old(hit) for hit in hits], refresh=True)
    assert [each["claimant"]["name"] for each in documents(stack, "claims")] == ["Seoul's spy agency"]
    assert list_claimants(stack.settings, 10, None) == []
    assert apply(stack.settings).changed == 1
    assert [each["claimant"]["id"] for each in documents(stack, "claims")] == [NIS]


def make_old(hit: dict[str, Any]) -> dict[str, Any]:
    """Returns the write that makes a document one of the last release."""
    source = {name: value for name, value in hit["_source"].items() if name not in ("claimant_id", "claimant_written")}
    if isinstance(claimant := source["claimant"], dict):
        source["claimant"] = {"name": claimant["written"], "kind": claimant["kind"], "country": claimant["country"]}
    return make_write(hit, source)


def make_old_article(hit: dict[str, Any]) -> dict[str, Any]:
    """Returns the write that makes an article one of the last release."""
    entities = [
        {name: value for name, value in each.items() if name not in ("id", "written", "parts")}
        for each in hit["_source"]["entities"]
    ]
    return make_write(hit, hit["_source"] | {"entities": entities})


def make_write(hit: dict[str, Any], source: dict[str, Any]) -> dict[str, Any]:
    return {
        "_index": hit["_index"], "_id": hit["_id"], "_source": source, "version": hit["_version"],
        "version_type": "external_gte",
    }  # fmt: skip
