"""The index of assertions on a real Elasticsearch, after every way in which claims come, change and go."""

from collections.abc import Iterator
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk

from deploy import bootstrap
from deploy.assertions import reading, refreshing
from deploy.assertions.refreshing import run_pass
from schemas.elasticsearch.indices import ASSERTIONS, FAMILIES, LEDGER, PASSES, TAKEDOWNS
from tests.conftest import Stack
from tests.pipelines.run.running import erase

pytestmark = pytest.mark.integration

CLAIMS, LATER = FAMILIES["claims"].index("2024.10"), FAMILIES["claims"].index("2024.11")
MISSING = {"ignore_unavailable": True}


@pytest.fixture
def client(stack: Stack) -> Iterator[Elasticsearch]:
    """A server with the indices of a new machine."""
    with Elasticsearch(stack.elasticsearch_url, request_timeout=60) as made:
        erase(made)
        bootstrap.prepare(None, made)
        yield made
        erase(made)
        bootstrap.prepare(None, made)


def claim(id: str, assertion: str, day: int, *, index: str = CLAIMS, revision: int = 1, **more: Any) -> dict[str, Any]:
    """A claim of article `x-ID`, published on a day of October by outlet `p-ID`."""
    source = {
        "claim_id": id, "assertion_id": assertion, "article_id": f"x-{id}", "publisher": f"p-{id}", "feed": "f",
        "published_at": f"2024-10-{day:02}T00:00:00Z", "status": "asserted", "language": "en", "text": f"text {id}",
        "story_id": f"x-{id}", "revision": revision, "claimant": {"name": "Harbour Board", "kind": "organisation"},
    } | more  # fmt: skip
    return {
        "_index": index, "_id": id, "_source": source, "version": revision, "version_type": "external_gte",
    }  # fmt: skip


def entry(article: str, revision: int) -> dict[str, Any]:
    """The ledger's entry of an article."""
    source = {"article_id": article, "revision": revision, "bucket": "2024.10"}
    return {"_index": LEDGER.index(""), "_id": article, "_source": source}


def read(client: Elasticsearch) -> dict[str, dict[str, Any]]:
    """All assertions by id, without what depends on the time of the pass."""
    client.indices.refresh(index="assertions")
    hits = client.search(index="assertions", size=1_000)["hits"]["hits"]
    unseen = ("digest", "counted_at")
    return {hit["_id"]: {k: v for k, v in hit["_source"].items() if k not in unseen} for hit in hits}


def count(client: Elasticsearch, id: str) -> tuple[Any, ...]:
    """First claim, repeats, publishers and stories of an assertion."""
    found = read(client).get(id, {})
    return tuple(found.get(name) for name in ("first_claim_id", "repeats", "publishers", "stories"))


def settle(client: Elasticsearch) -> None:
    """Runs a pass over what has changed; a pass over everything must then find nothing to do."""
    done = run_pass(client)
    assert not done.full
    again = run_pass(client, full=True)
    assert (again.written, again.deleted) == (0, 0)
    assert run_pass(client).counted == 0


def test_claims_that_come_change_and_go(client: Elasticsearch) -> None:
    bulk(client, [claim("c3", "aa", 20), claim("c4", "bb", 21), entry("x-c3", 1), entry("x-c4", 1)])
    first = run_pass(client)
    assert (first.full, first.counted, first.written) == (True, 2, 2)
    assert count(client, "aa") == ("c3", 0, 1, 1)
    assert read(client)["aa"]["text"] == "text c3"
    assert run_pass(client).counted == 0

    # A repeat, and an article that comes late and was published before, as a copy of the same story.
    bulk(client, [
        claim("c5", "aa", 25, index=LATER, publisher="p-c3"), claim("c1", "aa", 10, story_id="x-c3"),
        entry("x-c5", 1), entry("x-c1", 1),
    ])  # fmt: skip
    settle(client)
    assert count(client, "aa") == ("c1", 2, 2, 2)
    assert count(client, "bb") == ("c4", 0, 1, 1)

    # The same documents again, as after a redelivery or a re-processing, change no count.
    before = read(client)
    bulk(client, [claim("c1", "aa", 10, story_id="x-c3"), entry("x-c1", 1)])
    settle(client)
    assert read(client) == before

    # A revision says something else: the ledger names the article, and the claim leaves nothing.
    bulk(client, [claim("c6", "bb", 10, article_id="x-c1", revision=2), entry("x-c1", 2)])
    client.delete(index=CLAIMS, id="c1", version=2, version_type="external_gte")
    settle(client)
    assert count(client, "aa") == ("c3", 1, 1, 2)
    assert count(client, "bb") == ("c6", 1, 2, 2)

    # Marks, retractions and new names are written without a new time of indexing.
    renamed = claim("c6", "bb", 10, article_id="x-c1", revision=2, claimant={"name": "Port", "kind": "group"})
    bulk(client, [claim("c3", "aa", 20, mark="wrong"), claim("c4", "bb", 21, retraction="gone"), renamed])
    settle(client)
    assert count(client, "aa") == ("c5", 0, 1, 1)
    assert count(client, "aa-all") == ("c3", 1, 1, 2)
    assert count(client, "aa-marked") == ("c3", 0, 1, 1)
    assert (read(client)["bb"]["retracted"], read(client)["bb"]["claimant"]["name"]) == (1, "Port")
    bulk(client, [claim("c5", "aa", 25, index=LATER, mark="duplicate")])
    settle(client)
    assert "aa" not in read(client)
    assert "aa-all" not in read(client)
    assert count(client, "aa-marked") == ("c3", 1, 2, 2)
    bulk(client, [claim("c3", "aa", 20)])
    settle(client)
    assert count(client, "aa") == ("c3", 0, 1, 1)
    assert count(client, "aa-marked") == ("c5", 0, 1, 1)


def test_what_a_job_deletes_of_a_page_that_was_taken_down_goes(client: Elasticsearch) -> None:
    bulk(client, [claim("c1", "aa", 10), entry("x-c1", 1)])
    run_pass(client)
    client.delete(index=CLAIMS, id="c1", version=1, version_type="external_gte")
    now = refreshing.datetime.now(refreshing.UTC).isoformat()
    client.index(index=TAKEDOWNS.index(""), document={"article_ids": ["x-c1"], "updated_at": now})
    assert run_pass(client).deleted == 1
    assert read(client) == {}


def test_dropped_and_restored_indices_need_a_pass_over_everything(client: Elasticsearch) -> None:
    bulk(client, [claim("c1", "aa", 10), claim("c2", "aa", 11, index=LATER), claim("c3", "bb", 12)])
    run_pass(client)
    client.indices.delete(index=CLAIMS)
    assert run_pass(client).full
    assert list(read(client)) == ["aa"]
    assert count(client, "aa") == ("c2", 0, 1, 1)
    bulk(client, [claim("c3", "bb", 12)])
    client.indices.delete(index=LATER)
    bulk(client, [claim("c2", "cc", 11, index=LATER)])
    assert run_pass(client).full
    assert set(read(client)) == {"bb", "cc"}


def test_killed_pass_is_done_again_and_a_later_count_wins(
    client: Elasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    bulk(client, [claim(f"c{number}", f"{number:02x}", 10) for number in range(30)])
    run_pass(client)
    bulk(client, [claim(f"d{number}", f"{number:02x}", 11) for number in range(30)])
    with monkeypatch.context() as patched:
        patched.setattr(reading, "AT_ONCE", 10)
        parts = iter([refreshing.write_counts, refreshing.write_counts])
        patched.setattr(refreshing, "write_counts", lambda *given: next(parts)(*given))
        with pytest.raises(StopIteration):
            run_pass(client)
    assert {each["repeats"] for each in read(client).values()} == {0, 1}
    settle(client)
    assert {each["repeats"] for each in read(client).values()} == {1}

    # Another pass that has read earlier and writes later changes nothing.
    early = refreshing.datetime(2024, 11, 1, tzinfo=refreshing.UTC)
    stale = refreshing.make_action("index", "00", early, {"assertion_id": "00", "repeats": 7})
    assert refreshing.send(client, [stale, refreshing.make_action("delete", "01", early)]) == 0
    assert {each["repeats"] for each in read(client).values()} == {1}


def test_several_shards_and_pages(client: Elasticsearch, monkeypatch: pytest.MonkeyPatch) -> None:
    client.indices.create(index="claims-g1-2024.12", settings={"number_of_shards": 3}, aliases={"claims": {}})
    bulk(client, [claim("c0", "ffff", 9)])
    run_pass(client)
    monkeypatch.setattr(reading, "PAGE", 7)
    monkeypatch.setattr(reading, "FRESH_PAGE", 7)
    monkeypatch.setattr("deploy.assertions.positions.PAGE", 3)
    monkeypatch.setattr(reading, "AT_ONCE", 5)
    bulk(client, [claim(f"c{number}", f"{number % 20:02x}", 10, index="claims-g1-2024.12") for number in range(60)])
    settle(client)
    found = read(client)
    assert len(found) == 21
    assert {each["repeats"] for id, each in found.items() if id != "ffff"} == {2}
    assert client.get(index=PASSES.index(""), id="assertions")["_source"]["positions"]["claims-g1-2024.12"].keys() == {
        "0", "1", "2",
    }  # fmt: skip


def test_many_fresh_claims_are_counted_by_their_ids(client: Elasticsearch, monkeypatch: pytest.MonkeyPatch) -> None:
    bulk(client, [claim("c1", "aa", 10)])
    run_pass(client)
    monkeypatch.setattr(refreshing, "MOST_FRESH", 1)
    bulk(client, [claim("c2", "aa", 11), claim("c3", "bb", 12)])
    settle(client)
    assert (count(client, "aa"), count(client, "bb")) == (("c1", 1, 2, 2), ("c3", 0, 1, 1))
    monkeypatch.setattr(refreshing, "MOST_NAMED", 1)
    bulk(client, [claim("c4", "aa", 13), claim("c5", "bb", 14)])
    assert run_pass(client).full
    assert (count(client, "aa"), count(client, "bb")) == (("c1", 2, 3, 3), ("c3", 1, 2, 2))


def test_assertions_that_were_dropped_are_counted_again(client: Elasticsearch) -> None:
    bulk(client, [claim("c1", "aa", 10)])
    run_pass(client)
    client.indices.delete(index=ASSERTIONS.index(""))
    bootstrap.prepare(None, client)
    bulk(client, [claim("c2", "aa", 11)])
    assert run_pass(client).full
    assert count(client, "aa") == ("c1", 1, 2, 2)


def test_new_assertions_are_counted_from_fresh_claims_alone(
    client: Elasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    bulk(client, [claim("c1", "aa", 10)])
    run_pass(client)
    asked: list[Any] = []
    monkeypatch.setattr(refreshing, "read_rows", lambda _, clause: asked.append(clause) or iter(()))
    name = "x" * 2_000  # too long for the index
    bulk(client, [claim("c2", "bb", 11), claim("c3", "bb", 10, claimant={"name": name, "kind": "person"})])
    assert run_pass(client).written == 1
    assert asked == []
    monkeypatch.undo()
    assert count(client, "bb") == ("c3", 1, 2, 2)
    settle(client)


def test_full_pass_in_parts_finds_what_is_gone(client: Elasticsearch, monkeypatch: pytest.MonkeyPatch) -> None:
    bulk(client, [claim(f"c{number}", f"{number:02x}", 10) for number in range(40)])
    client.index(index=ASSERTIONS.index(""), id="7e7e", document={"assertion_id": "7e7e", "digest": "x"})
    monkeypatch.setattr(refreshing, "PART", 10)
    done = run_pass(client)
    assert (done.counted, done.written, done.deleted) == (40, 40, 1)
