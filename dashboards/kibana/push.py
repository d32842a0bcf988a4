"""Compares our saved objects with those in Kibana, and imports them: `newsclaims kibana push` and `check`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rich.table import Table
from rich.text import Text

from dashboards.kibana.content import build_ndjson, build_saved_objects
from dashboards.kibana.differences import find_differences
from dashboards.kibana.objects import SavedObject
from dashboards.kibana.server import Kibana, Name

State = Literal["missing", "different", "same"]
Outcome = Literal["created", "overwritten", "unchanged", "failed", "not written"]


@dataclass(frozen=True, slots=True)
class ObjectReport:
    """The state or outcome of one object. `detail` says what differs, or why the import failed."""

    kind: str
    id: str
    title: str
    outcome: State | Outcome
    detail: str = ""


def compare_objects(kibana: Kibana, objects: Sequence[SavedObject]) -> list[ObjectReport]:
    """Returns the state of each object in Kibana. Raises as `Kibana` does."""
    theirs = kibana.export_objects([_name(each) for each in objects])
    return [_compare_object(each, theirs.get(_name(each))) for each in objects]


def push_objects(kibana: Kibana, dry_run: bool = False) -> list[ObjectReport]:
    """Imports our objects over those with the same ids, and returns the outcome of each.

    With `dry_run` nothing is written, and the states before the import are returned. Raises as `Kibana` does.
    """
    objects = build_saved_objects()
    kibana.version()
    before = compare_objects(kibana, objects)
    if dry_run:
        return before
    result = kibana.import_objects(build_ndjson())
    if result.get("success") is True:
        copies = {(each["type"], each["id"]): each.get("destinationId") for each in result.get("successResults", ())}
        return [_report_written(each, copies.get((each.kind, each.id))) for each in before]
    failed = {(each["type"], each["id"]): explain_import_error(each["error"]) for each in result.get("errors", ())}
    after = {(each.kind, each.id): each.outcome == "same" for each in compare_objects(kibana, objects)}
    return [_report_after_failure(each, failed, after) for each in before]


def _name(each: SavedObject) -> Name:
    return each["type"], each["id"]


def _compare_object(ours: SavedObject, theirs: SavedObject | None) -> ObjectReport:
    attributes = ours["attributes"]
    title = attributes.get("name") or attributes["title"]
    if theirs is None:
        return ObjectReport(ours["type"], ours["id"], title, "missing")
    differences = find_differences(ours, theirs)
    outcome: State = "different" if differences else "same"
    return ObjectReport(ours["type"], ours["id"], title, outcome, ", ".join(differences))


def _report_written(before: ObjectReport, copy: str | None = None) -> ObjectReport:
    outcome: dict[State | Outcome, Outcome] = {"missing": "created", "different": "overwritten", "same": "unchanged"}
    detail = f"under the id {copy}, because another space has an object with our id" if copy else before.detail
    return ObjectReport(before.kind, before.id, before.title, outcome[before.outcome], detail)


def _report_after_failure(before: ObjectReport, failed: dict[Name, str], after: dict[Name, bool]) -> ObjectReport:
    """Returns the outcome after a partial failure: Kibana may write the other objects, or none."""
    name = (before.kind, before.id)
    if name in failed:
        return ObjectReport(*name, before.title, "failed", failed[name])
    if not after[name]:
        return ObjectReport(*name, before.title, "not written", "Kibana wrote nothing because other objects failed")
    return _report_written(before)


def explain_import_error(error: dict[str, Any]) -> str:
    """Returns why Kibana did not import an object, in one sentence."""
    match error:
        case {"type": "conflict"}:
            return "another object has its id or origin: delete that object, or push to another space"
        case {"type": "ambiguous_conflict", "destinations": list(several)}:
            ids = ", ".join(str(each.get("id")) for each in several)
            return f"several objects are copies of it ({ids}): delete all but one"
        case {"type": "missing_references", "references": list(missing)}:
            return "it refers to " + ", ".join(f"{each['type']} {each['id']}" for each in missing) + ", not in Kibana"
        case {"type": "unsupported_type"}:
            return "this Kibana does not support this type of object"
        case {"message": str(message)}:
            return message
    return f"Kibana reports {error.get('type', error)}"


def render_reports(reports: Sequence[ObjectReport]) -> Table | Text:
    """Returns a table of the objects that are new or different, or one line if all are up to date."""
    current = sum(each.outcome in ("same", "unchanged") for each in reports)
    if current == len(reports):
        return Text(f"All {current} objects are up to date.", style="green")
    caption = f"{current} of {len(reports)} were up to date"
    table = Table("object", "title", "outcome", "detail", box=None, pad_edge=False, caption=caption)
    for each in reports:
        if each.outcome not in ("same", "unchanged"):
            table.add_row(f"{each.kind} {each.id}", each.title, each.outcome, each.detail)
    return table
