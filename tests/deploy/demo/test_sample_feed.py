"""The sample feed has every form of article that the demo shows, and each article is a valid record."""

import re
from collections import defaultdict
from datetime import UTC, datetime
from difflib import SequenceMatcher
from importlib.resources import files
from itertools import pairwise
from urllib.parse import urlsplit

import msgspec
import pytest

from deploy.demo.feed import read_sample_articles
from schemas.codec import decode_raw_article, encode
from schemas.identity import article_id, content_hash, revision_of
from schemas.records import RawArticle

ARTICLES = list(read_sample_articles())

FORMS = {"agency", "messy", "html", "digest", "live", "forum", "comments", "press", "languages"}
LANGUAGES = {"uk", "ru", "ko", "de", "fr", "ja", "es", "ar"}

# (day of the statement, who says it, the figure or word that the statement turns on)
STATEMENTS = [
    ("2022-07-21", "Regnum", "tens of thousands of soldiers"),
    ("2022-08-03", "Igor Korotchenko", "100,000"),
    ("2022-08-11", "Ivan Nechayev", "fake"),
    ("2024-10-08", "Kim Yong-hyun", "highly likely"),
    ("2024-10-10", "Dmitry Peskov", "denied"),
    ("2024-10-14", "Volodymyr Zelenskyy", "transferring"),
    ("2024-10-17", "Volodymyr Zelenskyy", "about 10,000"),
    ("2024-10-17", "Mark Rutte", "no evidence"),
    ("2024-10-18", "National Intelligence Service", "1,500 special forces"),
    ("2024-10-18", "National Intelligence Service", "about 12,000 troops"),
    ("2024-10-18", "Kyrylo Budanov", "About 11,000"),
    ("2024-10-18", "Kyrylo Budanov", "2,600 troops"),
    ("2024-10-23", "Lloyd Austin", "evidence"),
    ("2024-10-23", "John Kirby", "at least 3,000"),
    ("2024-10-23", "National Intelligence Service", "about 3,000"),
    ("2024-10-23", "National Intelligence Service", "about 10,000"),
    ("2024-10-25", "Kim Jong Gyu", "international law"),
    ("2024-10-25", "Alexander Lukashenko", "rubbish"),
    ("2024-10-28", "Mark Rutte", "confirmed"),
    ("2024-10-28", "Sabrina Singh", "about 10,000"),
    ("2024-10-28", "Sergey Lavrov", "pact"),
    ("2024-10-31", "Antony Blinken", "About 8,000"),
    ("2024-11-02", "Defence Intelligence of Ukraine", "more than 7,000"),
    ("2024-11-04", "Pat Ryder", "At least 10,000"),
    ("2024-11-04", "Pat Ryder", "Between 11,000 and 12,000"),
    ("2024-11-04", "Volodymyr Zelenskyy", "Eleven thousand"),
    ("2024-11-13", "National Intelligence Service", "confirmed"),
    ("2024-12-16", "Defence Intelligence of Ukraine", "At least 30"),
    ("2024-12-17", "Western official", "several hundred casualties"),
    ("2024-12-19", "National Intelligence Service", "At least 100"),
    ("2024-12-19", "National Intelligence Service", "about 1,000"),
    ("2024-12-23", "Joint Chiefs of Staff", "About 1,100"),
    ("2024-12-23", "Volodymyr Zelenskyy", "More than 3,000"),
    ("2024-12-27", "John Kirby", "More than 1,000"),
    ("2025-01-13", "National Intelligence Service", "About 300"),
    ("2025-01-13", "National Intelligence Service", "about 2,700"),
    ("2025-01-22", "Western officials", "About 4,000 of the roughly 11,000"),
    ("2025-01-22", "Western officials", "about 1,000"),
    ("2025-02-27", "National Intelligence Service", "additional troops"),
    ("2025-03-27", "Joint Chiefs of Staff", "at least 3,000 additional"),
    ("2025-03-27", "Joint Chiefs of Staff", "about 4,000"),
    ("2025-04-26", "Valery Gerasimov", "confirmed"),
    ("2025-04-28", "Central Military Commission", "confirmed"),
    ("2025-04-30", "National Intelligence Service", "about 4,700"),
    ("2025-04-30", "National Intelligence Service", "about 15,000"),
    ("2025-06-15", "Ministry of Defence", "more than 6,000"),
    ("2025-06-17", "Sergei Shoigu", "1,000 sappers"),
    ("2025-06-17", "Sergei Shoigu", "5,000 military builders"),
    ("2025-07-02", "Ukrainian intelligence", "between 25,000 and 30,000"),
    ("2025-07-02", "Ukrainian intelligence", "about 11,000"),
    ("2025-09-02", "National Intelligence Service", "About 2,000"),
]


def record(article: dict[str, str]) -> RawArticle:
    """Returns the article as `publish` makes it."""
    fetched_at = datetime.fromisoformat(article["fetched_at"])
    computed = {
        "article_id": article_id(article["url"], article["body"]),
        "revision": revision_of(fetched_at),
        "content_hash": "",
        "connector": "files",
    }
    built = msgspec.convert(article | computed, RawArticle)
    return msgspec.structs.replace(built, content_hash=content_hash(built))


def by_url() -> dict[str, list[RawArticle]]:
    """Returns the revisions of each address, the oldest first."""
    revisions = defaultdict(list)
    for article in ARTICLES:
        revisions[article["url"]].append(record(article))
    return revisions


def test_feed_has_at_least_80_addresses() -> None:
    assert len(by_url()) >= 80


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: f"{article['url'][8:]}@{article['fetched_at']}")
def test_each_article_is_a_valid_record(article: dict[str, str]) -> None:
    built = record(article)
    assert decode_raw_article(encode(built)) == built
    assert set(article) <= set(RawArticle.__struct_fields__)
    assert urlsplit(built.url).hostname.endswith(".example")
    assert (built.content_type == "text/html") == built.body.startswith("<")
    assert (
        datetime(2022, 7, 1, tzinfo=UTC) <= (built.published_at or built.fetched_at) < datetime(2025, 10, 1, tzinfo=UTC)
    )
    assert built.published_at is None or built.published_at <= built.fetched_at


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: f"{article['url'][8:]}@{article['fetched_at']}")
def test_lengths_are_those_of_news(article: dict[str, str]) -> None:
    shortest = 20 if article.get("content_scope") == "teaser" else 80
    if "language" in article and article["language"] != "en":
        # Japanese and Korean write in fewer, Arabic and Slavic languages in longer words.
        assert 100 <= len(article["body"]) <= 2000
    else:
        assert shortest <= len(article["body"].split()) <= 350


def test_every_form_is_there_more_than_once() -> None:
    folders = {form.name: len(list(form.iterdir())) for form in files("deploy").joinpath("demo", "articles").iterdir()}
    assert set(folders) == FORMS
    assert min(folders.values()) >= 2
    assert sum(folders.values()) == len(ARTICLES)


def test_other_languages_are_there_twice_each() -> None:
    counted = [article["language"] for article in ARTICLES if article.get("language", "en") != "en"]
    assert {language: counted.count(language) >= 2 for language in LANGUAGES} == dict.fromkeys(LANGUAGES, True)


def test_outlets_are_several_and_each_has_a_domain_of_its_own() -> None:
    domains = defaultdict(set)
    for article in ARTICLES:
        domains[article["publisher"]].add(urlsplit(article["url"]).hostname)
    assert 8 <= len(domains) <= 12
    assert all(len(hosts) == 1 for hosts in domains.values())
    assert len(set.union(*domains.values())) == len(domains)


@pytest.mark.parametrize(("day", "claimant", "words"), STATEMENTS)
def test_statement_is_reported_within_a_day(day: str, claimant: str, words: str) -> None:
    def reports(article: dict[str, str]) -> bool:
        text = " ".join(article["body"].split()).casefold()
        surname = claimant.rsplit(" ", 1)[-1] if article.get("title", "").startswith(claimant) else claimant
        return surname.casefold() in text and words.casefold() in text

    start = datetime.fromisoformat(day).replace(tzinfo=UTC)
    near = [a for a in ARTICLES if 0 <= (datetime.fromisoformat(a["fetched_at"]) - start).total_seconds() < 172_800]
    assert any(reports(article) for article in near)


def test_only_updates_share_an_address_and_each_changes_something() -> None:
    updated = {url: revisions for url, revisions in by_url().items() if len(revisions) > 1}
    assert len(updated) == 4
    for revisions in updated.values():
        numbers = [revision.revision for revision in revisions]
        assert numbers == sorted(set(numbers))
        assert len({revision.content_hash for revision in revisions}) == len(revisions)


def test_updates_change_figures_date_and_scope() -> None:
    pairs = [(old, new) for found in by_url().values() for old, new in pairwise(found)]
    figures = [re.findall(r"\d+,\d+", old.body) != re.findall(r"\d+,\d+", new.body) for old, new in pairs]
    redated = [old for old, new in pairs if old.body == new.body and old.published_at != new.published_at]
    completed = [old for old, new in pairs if (old.content_scope, new.content_scope) == ("teaser", "full")]
    assert sum(figures) >= 3
    assert len(redated) == 1
    assert len(completed) == 1


def test_near_copies_run_under_other_outlets() -> None:
    agency = [a for a in ARTICLES if a["content_type"] == "text/plain" and "title" in a and "language" not in a]
    copies = [
        (first["url"], second["url"])
        for number, first in enumerate(agency)
        for second in agency[number + 1 :]
        if first["publisher"] != second["publisher"]
        and first["published_at"][:10] == second["published_at"][:10]
        and 0.85 < SequenceMatcher(None, first["body"], second["body"], autojunk=False).ratio() < 1
    ]
    assert len(copies) >= 6


def test_some_pages_leave_title_and_date_to_the_reader() -> None:
    assert sum("title" not in article for article in ARTICLES) >= 10
    assert sum("published_at" not in article for article in ARTICLES) >= 2
