"""`newsclaims kibana push` and the server's side of `check`: what Kibana has of ours, and bringing it there."""

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
    """One object of a report. `title` is what people know it by, `detail` what is different, or why it failed."""

    kind: str
    id: str
    title: str
    outcome: State | Outcome
    detail: str = ""


def compare_objects(kibana: Kibana, objects: Sequence[SavedObject]) -> list[ObjectReport]:
    """How each of our objects is there. Raises as `Kibana` does."""
    there = kibana.export_objects([_name(each) for each in objects])
    return [_compare_object(each, there.get(_name(each))) for each in objects]


def push_objects(kibana: Kibana, dry_run: bool = False) -> list[ObjectReport]:
    """Imports all our objects over what is there under their ids, and nothing else; tells the outcome of each.

    With `dry_run` it only tells what would be done. Raises as `Kibana` does.
    """
    objects = build_saved_objects()
    kibana.version()
    before = compare_objects(kibana, objects)
    if dry_run:
        return before
    answer = kibana.import_objects(build_ndjson())
    if answer.get("success") is True:
        copies = {(each["type"], each["id"]): each.get("destinationId") for each in answer.get("successResults", ())}
        return [_report_written(line, copies.get((line.kind, line.id))) for line in before]
    failed = {(each["type"], each["id"]): explain_import_error(each["error"]) for each in answer.get("errors", ())}
    after = {(line.kind, line.id): line.outcome == "same" for line in compare_objects(kibana, objects)}
    return [_report_after_failure(line, failed, after) for line in before]


def _name(found: SavedObject) -> Name:
    return found["type"], found["id"]


def _compare_object(ours: SavedObject, theirs: SavedObject | None) -> ObjectReport:
    attributes = ours["attributes"]
    title = attributes.get("name") or attributes["title"]
    if theirs is None:
        return ObjectReport(ours["type"], ours["id"], title, "missing")
    found = find_differences(ours, theirs)
    return ObjectReport(ours["type"], ours["id"], title, "different" if found else "same", ", ".join(found))


def _report_written(before: ObjectReport, copy: str | None = None) -> ObjectReport:
    outcome: dict[State | Outcome, Outcome] = {"missing": "created", "different": "overwritten", "same": "unchanged"}
    detail = f"under the id {copy}, since another space has its own" if copy else before.detail
    return ObjectReport(before.kind, before.id, before.title, outcome[before.outcome], detail)


def _report_after_failure(before: ObjectReport, failed: dict[Name, str], after: dict[Name, bool]) -> ObjectReport:
    """Of an import that failed in part Kibana may write the rest or nothing: what is there afterwards tells."""
    name = (before.kind, before.id)
    if name in failed:
        return ObjectReport(*name, before.title, "failed", failed[name])
    if not after[name]:
        return ObjectReport(*name, before.title, "not written", "Kibana writes nothing where some cannot be")
    return _report_written(before)


def explain_import_error(error: dict[str, Any]) -> str:
    """Why Kibana did not import an object, in a sentence."""
    match error:
        case {"type": "conflict"}:
            return "another object has its id or origin: delete that, or push to another space"
        case {"type": "ambiguous_conflict", "destinations": list(several)}:
            ids = ", ".join(str(each.get("id")) for each in several)
            return f"several objects were made from it ({ids}): delete all but one"
        case {"type": "missing_references", "references": list(missing)}:
            return "it refers to " + ", ".join(f"{each['type']} {each['id']}" for each in missing) + ", not there"
        case {"type": "unsupported_type"}:
            return "this Kibana does not know such objects"
        case {"message": str(message)}:
            return message
    return f"Kibana says {error.get('type', error)}"


def render_reports(report: Sequence[ObjectReport]) -> Table | Text:
    """The report for a terminal: what is as it should be in one line, the rest each in its own."""
    right = sum(line.outcome in ("same", "unchanged") for line in report)
    if right == len(report):
        return Text(f"All {right} objects are as they should be.", style="green")
    table = Table("object", "title", "outcome", "detail", box=None, pad_edge=False)
    for line in report:
        if line.outcome not in ("same", "unchanged"):
            table.add_row(f"{line.kind} {line.id}", line.title, line.outcome, line.detail)
    table.caption = f"{right} of {len(report)} were as they should be"
    return table
