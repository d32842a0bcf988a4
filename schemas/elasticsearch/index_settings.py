"""Reads and validates indices.yaml: shards, replicas, refresh, bucket size and retention, for each family of indices.

`all` is for every family; what a family says itself has precedence. Without the file, the defaults apply.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec

from schemas.elasticsearch.buckets import ARTICLES, Buckets, BucketSize
from schemas.elasticsearch.indices import ARTICLE_FAMILIES, FAMILIES
from schemas.files.yaml_files import EntryError, Problem, convert_entry, raise_first, read_yaml
from schemas.suggestions import suggest

DEFAULT_FILE: Final = Path("indices.yaml")

ALL: Final = "all"
"""The entry whose values hold for every family."""

FOLLOWERS: Final = tuple(name for name in ARTICLE_FAMILIES if name != "articles")
"""Families whose documents are in the bucket of their article."""

BUCKETED: Final = tuple(name for name, family in FAMILIES.items() if family.bucketed and name not in FOLLOWERS)
"""Families whose bucket size is a setting."""

DEFAULT_DAYS: Final[Mapping[str, int]] = {"dead-letters": 90, "health": 400}
"""Families that are not kept without end. A dead letter can be replayed for as long as the topic keeps its original."""

_INTERVAL = re.compile(r"-1|[1-9]\d{0,5}(ms|s|m)")

Shards = Annotated[int, msgspec.Meta(ge=1, le=1024)]
Replicas = Annotated[int, msgspec.Meta(ge=0, le=100)]
Months = Annotated[int, msgspec.Meta(ge=0, le=1200)]
Days = Annotated[int, msgspec.Meta(ge=1, le=36_500)]


class IndexEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The settings of a family as in indices.yaml; None is what it does not say.

    `year_after_months` and `retention_days` may be `never`.
    """

    shards: Shards | None = None
    replicas: Replicas | Literal["auto"] | None = None
    refresh_interval: str | int | None = None
    bucket: BucketSize | None = None
    year_after_months: Months | Literal["never"] | None = None
    retention_days: Days | Literal["never"] | None = None


class IndexSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of the indices of a family.

    `replicas` of `auto`: one copy if the cluster has more than one data node, else none. `refresh_interval` is the time
    until a write is searchable, as Elasticsearch writes it. An index may be dropped `retention_days` after the end of
    its bucket; None: never.
    """

    shards: int = 1
    replicas: int | Literal["auto"] = "auto"
    refresh_interval: str = "1s"
    buckets: Buckets = Buckets()
    retention_days: int | None = None

    def make_index_settings(self, data_nodes: int = 1) -> dict[str, str]:
        """Returns the settings as Elasticsearch names and writes them, for a cluster of so many data nodes."""
        replicas = (1 if data_nodes > 1 else 0) if self.replicas == "auto" else self.replicas
        return {
            "number_of_shards": str(self.shards),
            "number_of_replicas": str(replicas),
            "refresh_interval": self.refresh_interval,
        }


SettingsOfFamilies = Mapping[str, IndexSettings]
"""The settings of each family, by its name."""


def make_defaults() -> dict[str, IndexSettings]:
    """Returns the settings that hold without indices.yaml."""
    return resolve_all({})


def load_index_settings(file: Path, must_exist: bool = False) -> dict[str, IndexSettings]:
    """Returns the settings of every family. Raises `Permanent` with the first problem and the number of others."""
    if not must_exist and not file.exists():
        return make_defaults()
    found, problems = read_index_settings(file)
    raise_first(problems, "newsclaims init")
    return found


def read_index_settings(file: Path) -> tuple[dict[str, IndexSettings], list[Problem]]:
    """Returns the settings of every family, and all problems. Raises `Permanent` if the file cannot be read at all."""
    found = read_yaml(file, "copy deploy/config/indices.yaml to start with, or unset NEWSCLAIMS_INDICES")
    if found.problems or (parts := found.find_mappings("indices")) is None:
        return make_defaults(), found.problems
    entries: dict[str, IndexEntry] = {}
    for key, entry in parts[0].items():
        name = str(key)
        for field in found.find_repeated("indices", name):
            found.add(("indices", name, field), "is repeated")
        try:
            entries[name] = parse_entry(name, entry)
        except EntryError as wrong:
            found.add(("indices", name, *wrong.path), str(wrong))
    return resolve_all(entries), found.problems


def parse_entry(name: str, entry: Any) -> IndexEntry:
    """Returns the settings that an entry gives. Raises `EntryError`."""
    if name != ALL and name not in FAMILIES:
        raise EntryError((), f"there is no such family of indices; {suggest(name, (ALL, *FAMILIES))}")
    if not isinstance(entry, dict):
        raise EntryError((), f"must be a mapping with one of {', '.join(IndexEntry.__struct_fields__)}")
    read = convert_entry(entry, IndexEntry, ())
    for field, what in find_problems(name, read):
        raise EntryError((field,), what)
    return read


def find_problems(name: str, entry: IndexEntry) -> Iterator[tuple[str, str]]:
    """Yields the fields of an entry that cannot be used, each with what is wrong."""
    interval = str(entry.refresh_interval)
    if entry.refresh_interval is not None and not _INTERVAL.fullmatch(interval):
        yield "refresh_interval", f"{interval!r} is not an interval: write one like 500ms, 5s or 1m, or -1 for never"
    if entry.bucket is not None and name in FOLLOWERS:
        yield "bucket", f"{name} are in the bucket of their article: set it for articles"
    elif entry.bucket is not None and name not in (ALL, *BUCKETED):
        yield "bucket", f"{name} has a single index; buckets are of {', '.join(BUCKETED)}"
    if entry.retention_days is not None and name != ALL and not FAMILIES[name].bucketed:
        yield "retention_days", f"{name} has a single index, which is never dropped"
    if entry.year_after_months is not None and name not in (ALL, "articles"):
        yield "year_after_months", "only articles arrive long after they were published: set it for articles"


def resolve_all(entries: Mapping[str, IndexEntry]) -> dict[str, IndexSettings]:
    """Returns the settings of every family from the entries of the file."""
    nothing = IndexEntry()
    shared = entries.get(ALL, nothing)
    found = {name: resolve(name, entries.get(name, nothing), shared) for name in FAMILIES}
    of_articles = found["articles"].buckets
    return found | {name: msgspec.structs.replace(found[name], buckets=of_articles) for name in FOLLOWERS}


def resolve(name: str, own: IndexEntry, shared: IndexEntry) -> IndexSettings:
    """Returns the settings of a family from its own entry, that of all families, and the defaults."""
    given = {
        field: value
        for field in IndexEntry.__struct_fields__
        if (value := getattr(own, field)) is not None or (value := getattr(shared, field)) is not None
    }
    default = IndexSettings(buckets=ARTICLES if name == "articles" else Buckets())
    after = given.get("year_after_months", default.buckets.year_after_months)
    days = given.get("retention_days", DEFAULT_DAYS.get(name))
    return IndexSettings(
        shards=given.get("shards", default.shards),
        replicas=given.get("replicas", default.replicas),
        refresh_interval=str(given.get("refresh_interval", default.refresh_interval)),
        buckets=Buckets(
            given.get("bucket", default.buckets.size),
            None if after == "never" or name != "articles" else after,
        ),
        retention_days=None if days == "never" or not FAMILIES[name].bucketed else days,
    )
