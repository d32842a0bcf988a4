"""Searches that analysts and operators run: each as a question, in KQL, and as the equivalent Elasticsearch query.

Kibana's saved searches, the page `SEARCHES.md` and its tests are made from this table.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from dashboards.ask.filters import Index
from dashboards.ask.query_clauses import Clause, all_of, any_of, any_word, between, exists, none_of, phrase, term

ASSERTION: Final = "ASSERTION_ID"
"""Placeholder for the id of the assertion that the reader follows."""

CLAIM: Final = ("claimant.name", "status", "text", "publisher", "url")
FIGURE: Final = ("claimant", "value", "modifier", "unit", "status", "sentence", "publisher", "url")
ARTICLE: Final = ("title", "publisher", "kind", "language", "url")


@dataclass(frozen=True, kw_only=True)
class Search:
    """One search. `name` is the end of the saved search's id; `columns` are those that Discover shows after the time.

    `aggregations` answer questions that a list of documents cannot; `note` gives background, or what to try next. The
    saved search of claims or figures leaves those that an analyst marked out, unless it `shows_marked`.
    """

    name: str
    question: str
    index: Index
    kql: str
    query: Clause
    columns: tuple[str, ...]
    oldest_first: bool = False
    shows_marked: bool = False
    aggregations: dict[str, Any] = field(default_factory=dict)
    note: str = ""


CLAIMS: Final = (
    Search(
        name="claims-confirmed", question="Who has confirmed what?", index="claims",
        kql="status : confirmed", query=term("status", "confirmed"), columns=CLAIM,
        note="The other statuses are asserted, denied, unconfirmed, planned, predicted, demanded and opinion.",
    ),
    Search(
        name="claims-denied", question="What is denied, and by whom?", index="claims",
        kql="status : denied and claimant.name : *", query=all_of(term("status", "denied"), exists("claimant.name")),
        columns=(*CLAIM, "denies"),
        note="`denies` is the `assertion_id` of the denied assertion, if it is known: follow it with the search "
        "for one assertion.",
    ),
    Search(
        name="claims-of-one-claimant", question="What has one person confirmed?", index="claims",
        kql='claimant.name : "Mark Rutte" and status : confirmed',
        query=all_of(phrase("claimant.name", "Mark Rutte"), term("status", "confirmed")), columns=CLAIM,
        note="`claimant.name` is searched by word, so that `Rutte` is enough; `claimant_name` is the full name. "
        "Figures have both fields as well.",
    ),
    Search(
        name="claims-of-one-assertion", question="Where does one claim originate, and who repeated it?", index="claims",
        kql=f'assertion_id : "{ASSERTION}"', query=term("assertion_id", ASSERTION),
        columns=("claimant.name", "status", "text", "publisher", "feed", "url"), oldest_first=True,
        note="Click an `assertion_id` in any table: claims that say the same share one, by any claimant. The first "
        "row is the first appearance, and the column `status` shows how the status changed.",
    ),
    Search(
        name="claims-that-changed-status", question="Which claims changed their status?", index="claims",
        kql="assertion_id : * and status : (confirmed or denied or unconfirmed)",
        query=all_of(exists("assertion_id"), term("status", "confirmed", "denied", "unconfirmed")),
        columns=("assertion_id", *CLAIM),
        aggregations={
            "assertions": {
                "terms": {"field": "assertion_id", "size": 20, "order": {"statuses": "desc"}},
                "aggs": {
                    "statuses": {"cardinality": {"field": "status"}},
                    "each": {"terms": {"field": "status"}, "aggs": {"first": {"min": {"field": "published_at"}}}},
                },
            }
        },
        note="A list of documents cannot answer this: the query below counts the statuses of each assertion, like the "
        "table on the dashboard. More than one status is a change or a dispute.",
    ),
    Search(
        name="claims-of-one-country", question="What do officials of one country say?", index="claims",
        kql="claimant.country : KR and claimant.kind : (person or office or organisation or government)",
        query=all_of(
            term("claimant.country", "KR"), term("claimant.kind", "person", "office", "organisation", "government")
        ),
        columns=("claimant.name", "claimant.role", "status", "text", "publisher", "url"),
        note="Countries are ISO 3166 codes. Also try `claimant.role : minister`.",
    ),
    Search(
        name="claims-via-an-outlet", question="What was said through certain outlets?", index="claims",
        kql='via : (TASS or KCNA or "Russian Channel One")',
        query=any_of(any_word("via", "TASS"), any_word("via", "KCNA"), phrase("via", "Russian Channel One")),
        columns=("via", *CLAIM),
        note="`via` is where the claim was made, `publisher` who reported it.",
    ),
    Search(
        name="claims-in-direct-speech", question="What was said in direct speech?", index="claims",
        kql="quote : direct and claimant.kind : person",
        query=all_of(term("quote", "direct"), term("claimant.kind", "person")),
        columns=("claimant.name", "claimant.role", "text", "publisher", "url"),
    ),
    Search(
        name="claims-without-a-name", question="What comes from unnamed sources?", index="claims",
        kql="claimant.kind : group or not claimant.name : *",
        query=any_of(term("claimant.kind", "group"), none_of(exists("claimant.name"))), columns=CLAIM,
        note="A group is a claimant such as “Western officials”; the other claims have no claimant.",
    ),
    Search(
        name="claims-of-fact", question="What is stated as fact, without opinions, plans and forecasts?",
        index="claims",
        kql="text : Kursk and event : deployment and not status : (opinion or planned or predicted or demanded)",
        query=all_of(
            any_word("text", "Kursk"), term("event", "deployment"),
            never=term("status", "opinion", "planned", "predicted", "demanded"),
        ),
        columns=("event", *CLAIM),
        note="Other events are offer, loss, supply, agreement, training, payment, withdrawal and attack.",
    ),
    Search(
        name="claims-of-one-watch", question="What is new for one watch?", index="claims",
        kql="watches : losses", query=term("watches", "losses"), columns=CLAIM,
        note="`watches` has the names from `watches.yaml`, in all indices: add `and watches : …` to any search here.",
    ),
    Search(
        name="assertions-first-said", question="What was said first, and then repeated by several outlets?",
        index="assertions", kql="marked : out and publishers >= 2 and stories >= 2",
        query=all_of(term("marked", "out"), between("publishers", gte=2), between("stories", gte=2)),
        columns=("claimant.name", "status", "text", "repeats", "publishers", "stories", "last_seen_at", "url"),
        note="One document for each assertion, with its first claim, by the time of its first appearance. `stories` "
        "counts copies of one text once. `newsclaims monitor` counts them once a minute. With `marked : also` marked "
        "claims count too, with `marked : only` no others.",
    ),
    Search(
        name="claims-marked", question="Which claims did analysts mark as wrong or as duplicates?", index="claims",
        kql="mark : (wrong or duplicate)", query=term("mark", "wrong", "duplicate"), columns=("mark", *CLAIM),
        shows_marked=True,
        note="`newsclaims marks add` marks a claim and its figures. Every other saved search of claims and figures has "
        "the filter “without marked claims”: switch it off to see them. Elsewhere add `and not mark : *`.",
    ),
)  # fmt: skip

FIGURES: Final = (
    Search(
        name="figures-of-soldiers", question="Who mentions 10,000 soldiers or more?", index="figures",
        kql="unit_class : military_personnel and value >= 10000",
        query=all_of(term("unit_class", "military_personnel"), between("value", gte=10000)), columns=FIGURE,
        note="`value` is the bound if there is one, otherwise the midpoint. For one side, add "
        "`and claimant.name : Pentagon`.",
    ),
    Search(
        name="figures-that-cover", question="Which ranges include 12,000 soldiers?", index="figures",
        kql="unit_class : military_personnel and low <= 12000 and high >= 12000",
        query=all_of(
            term("unit_class", "military_personnel"), between("low", lte=12000), between("high", gte=12000)
        ),
        columns=("claimant", "text", "low", "high", "modifier", "status", "sentence", "publisher", "url"),
        note="Bounds are inclusive, and both must exist: “11,000 to 13,000” and “tens of thousands” have both; "
        "those of an exact number are equal.",
    ),
    Search(
        name="figures-that-allow", question="Which figures do not contradict 12,000 soldiers?", index="figures",
        kql="unit_class : military_personnel and range : 12000 and not modifier : vague",
        query=all_of(
            term("unit_class", "military_personnel"), {"term": {"range": 12000}}, never=term("modifier", "vague")
        ),
        columns=("claimant", "text", "low", "high", "modifier", "status", "sentence", "publisher", "url"),
        note="`range` is open if the wording sets no bound: “at least 3,000” also allows 12,000.",
    ),
    Search(
        name="figures-of-money", question="Which sums of a thousand dollars or more are mentioned?", index="figures",
        kql="kind : money and currency : USD and value >= 1000",
        query=all_of(term("kind", "money"), term("currency", "USD"), between("value", gte=1000)),
        columns=("claimant", "value", "currency", "unit", "modifier", "sentence", "publisher", "url"),
    ),
    Search(
        name="figures-of-shares", question="Which percentages and fractions are claimed, and by whom?", index="figures",
        kql="kind : (percent or fraction) and claimant : *",
        query=all_of(term("kind", "percent", "fraction"), exists("claimant")), columns=FIGURE,
        note="Percentages are stored as written (14), fractions as decimals (0.33).",
    ),
)  # fmt: skip

ARTICLES: Final = (
    Search(
        name="articles-in-other-languages", question="What is written in Korean and Japanese?", index="articles",
        kql="language : (ko or ja)", query=term("language", "ko", "ja"), columns=ARTICLE,
        note="Languages are BCP 47 codes; `not language : en` finds everything that is not in English.",
    ),
    Search(
        name="articles-that-came-late", question="Which articles arrived a day or more after publication?",
        index="articles", kql="arrival_hours >= 24", query=between("arrival_hours", gte=24),
        columns=("title", "publisher", "fetched_at", "arrival_hours", "ingest_mode", "url"),
        note="`arrival_hours` is computed during the search. `not ingest_mode : live` finds backfills and replays.",
    ),
    Search(
        name="articles-of-digests-and-forums", question="What comes from digests and forum threads?", index="articles",
        kql="kind : (digest_item or forum) and claim_count > 0",
        query=all_of(term("kind", "digest_item", "forum"), between("claim_count", gt=0)),
        columns=("title", "publisher", "kind", "claim_count", "parent_id", "url"),
        note="Items of one digest page share a `parent_id`.",
    ),
    Search(
        name="articles-in-poor-state", question="Which articles are incomplete or have poor text?",
        index="articles", kql="quality : * or content_scope : (teaser or partial) or removed_share > 0.8",
        query=any_of(
            exists("quality"), term("content_scope", "teaser", "partial"), between("removed_share", gt=0.8)
        ),
        columns=("title", "publisher", "quality", "content_scope", "word_count", "removed_share", "url"),
    ),
)  # fmt: skip

OPERATORS: Final = (
    Search(
        name="dead-letters-by-reason", question="Which messages could not be read?", index="dead-letters",
        kql="reason : (not_json or missing_field or wrong_type)",
        query=term("reason", "not_json", "missing_field", "wrong_type"),
        columns=("reason", "step", "error", "topic", "partition", "offset", "attempts"),
        aggregations={"reasons": {"terms": {"field": "reason", "size": 20}}},
        note="`newsclaims dead-letters replay --reason not_json` sends them again, once a release can read them.",
    ),
    Search(
        name="feeds-silent-or-failing", question="Which feeds are silent or failing?", index="feeds",
        kql="silent : true or failures >= 3", query=any_of(term("silent", True), between("failures", gte=3)),
        columns=("feed", "publisher", "silent", "failures", "error", "entry_at", "next_poll_at"),
        note="A feed is silent if it had no new entry for three times as long as its expected volume allows.",
    ),
)  # fmt: skip

SEARCHES: Final = (*CLAIMS, *FIGURES, *ARTICLES, *OPERATORS)
"""All searches, in the order of the page."""
