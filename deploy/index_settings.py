"""Compares templates and indices with what is wanted, and tells our own settings from an operator's. Pure functions.

A value is ours if it is the one that `newsclaims init` wrote last, which the template's `_meta` records. Only such a
value is changed; any other one is an operator's, is kept and reported. So is whatever else an operator adds to a
template: component templates, allocation, lifecycle policies, aliases.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Body = dict[str, Any]

FIRST_SETTINGS = {
    "number_of_shards": "1",
    "number_of_replicas": "0",
    "refresh_interval": "1s",
    "mapping.total_fields.limit": "300",
}
"""What releases wrote that did not record it."""

WRITABLE = (
    "index_patterns", "template", "composed_of", "priority", "version", "_meta", "allow_auto_create", "data_stream",
    "ignore_missing_component_templates", "deprecated",
)  # fmt: skip
"""The parts of an index template that can be written; a server adds others of its own, such as the time of a change."""

LIVE = ("number_of_replicas", "refresh_interval", "mapping.total_fields.limit")
"""Settings that can be changed on an existing index."""


RAISED_REFRESH = "30001ms"
"""The refresh interval of an index while a run catches up: a value that nobody else would choose, so it is ours."""


@dataclass(frozen=True, slots=True)
class KeptSetting:
    """A setting that an operator has changed, with the value that it would have otherwise."""

    name: str
    found: str | None
    wanted: str

    def __str__(self) -> str:
        return f"{self.name} is {self.found or 'not set'}, changed by an operator; it would be {self.wanted}"


@dataclass
class MergedTemplate:
    """A template to write: ours with what an operator has changed and added."""

    body: Body
    kept: list[KeptSetting] = field(default_factory=list)


def merge_template(wanted: Body, found: Body | None) -> MergedTemplate:
    """Returns the template to write: `wanted`, as `schemas` makes it, with what an operator has changed in `found`."""
    if found is None:
        return MergedTemplate(wanted)
    wanted_settings, last = flatten(wanted["template"]["settings"]), read_last_settings(found)
    theirs = found.get("template", {})
    present = flatten(theirs.get("settings", {}))
    changes, kept = compare_settings(wanted_settings, present, last)
    written = {name: value for name, value in wanted_settings.items() if name not in {each.name for each in kept}}
    written |= {each.name: last[each.name] for each in kept if each.name in last}
    template = {
        **theirs,
        "settings": unflatten({**present, **changes}),
        "mappings": merge_mappings(wanted["template"]["mappings"], theirs.get("mappings", {})),
        "aliases": {**wanted["template"]["aliases"], **theirs.get("aliases", {})},
    }
    body = {name: found[name] for name in WRITABLE if name in found} | {
        "index_patterns": wanted["index_patterns"],
        "priority": found.get("priority", wanted["priority"]),
        "template": template,
        "_meta": {**found.get("_meta", {}), **wanted["_meta"], "settings": written},
    }
    return MergedTemplate(body, kept)


def merge_mappings(wanted: Body, found: Body) -> Body:
    """Returns our mapping with the fields and options that an operator has added."""
    properties = {**found.get("properties", {}), **wanted["properties"]}
    return {**found, **wanted, "properties": properties}


def compare_settings(
    wanted: Mapping[str, str], found: Mapping[str, Any], last: Mapping[str, str]
) -> tuple[dict[str, str], list[KeptSetting]]:
    """Returns the settings to change, and those that are an operator's. `last` is what we wrote last."""
    changes: dict[str, str] = {}
    kept: list[KeptSetting] = []
    for name, value in wanted.items():
        present = found.get(name)
        if present == value:
            continue
        if present == last.get(name) or (name, present) == ("refresh_interval", RAISED_REFRESH):
            changes[name] = value
        else:
            kept.append(KeptSetting(name, present, value))
    return changes, kept


def read_last_settings(template: Body | None) -> dict[str, str]:
    """Returns the settings that `init` wrote last, as the template records them."""
    if template is None:
        return {}
    recorded = template.get("_meta", {}).get("settings")
    return dict(recorded) if isinstance(recorded, Mapping) else dict(FIRST_SETTINGS)


def flatten(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Returns settings by their names below `index`, such as `mapping.total_fields.limit`: texts and lists."""
    flat: dict[str, Any] = {}
    for name, value in settings.items():
        if isinstance(value, Mapping):
            flat |= {f"{name}.{inner}": text for inner, text in flatten(value).items()}
        else:
            flat[name] = value if isinstance(value, str | list) else str(value)
    return {name.removeprefix("index."): value for name, value in flat.items()}


def unflatten(settings: Mapping[str, Any]) -> Body:
    """Returns settings as a template has them, from their names below `index`."""
    nested: Body = {}
    for name, value in settings.items():
        *parents, last = name.split(".")
        inner = nested
        for parent in parents:
            inner = inner.setdefault(parent, {})
        inner[last] = value
    return {"index": nested}


def summarize_kept(kept: Iterable[tuple[str, KeptSetting]]) -> dict[KeptSetting, list[str]]:
    """Returns the indices of each setting that is kept."""
    by_setting: dict[KeptSetting, list[str]] = {}
    for index, setting in kept:
        by_setting.setdefault(setting, []).append(index)
    return by_setting
