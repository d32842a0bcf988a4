"""Plans the push of boards. A push marks its version in a board's history, to distinguish it from manual changes."""

import hashlib
from typing import Any, Final

import msgspec

from dashboards.boards import BOARDS
from dashboards.grafana.dashboard import TAG, build_dashboard
from dashboards.grafana.push.folder import GrafanaFolder
from dashboards.grafana.push.server import GrafanaRefusal, GrafanaServer
from dashboards.grafana.push.steps import (
    PushStep,
    find_differences,
    limit_differences,
    plan_provisioned,
    plan_update,
)

MARK: Final = "newsclaims push"
"""Start of the version message that a push writes; the hash of the pushed board follows."""
SERVER_FIELDS: Final = ("id", "version")
"""Fields of a board that Grafana assigns."""


def remove_server_fields(board: dict[str, Any]) -> dict[str, Any]:
    """Returns the board without the fields that Grafana assigns."""
    return {key: value for key, value in board.items() if key not in SERVER_FIELDS}


def build_version_message(board: dict[str, Any]) -> str:
    """Returns the version message for a push of this board."""
    encoded = msgspec.json.encode(remove_server_fields(board), order="sorted")
    return f"{MARK} {hashlib.sha256(encoded).hexdigest()[:16]}"


def plan_boards(server: GrafanaServer, folder: GrafanaFolder, force: bool, kibana_url: str) -> list[PushStep]:
    """Returns a step for each board."""
    return [plan_board(server, folder, build_dashboard(board, kibana_url), force) for board in BOARDS.values()]


def plan_board(server: GrafanaServer, folder: GrafanaFolder, ours: dict[str, Any], force: bool) -> PushStep:
    """Returns the step for one board."""
    title, found = ours["title"], server.get(f"/dashboards/uid/{ours['uid']}")
    if found is None:
        return PushStep("board", title, "created", action=lambda: save_board(server, folder, ours, None))
    theirs, meta = found["dashboard"], found["meta"]
    is_in_folder = bool(folder.uid) and meta.get("folderUid") == folder.uid
    place = meta.get("folderTitle") or "General"
    if TAG not in theirs.get("tags", ()) and not is_in_folder:
        why = f"another board, in the folder {place} and without the tag {TAG}, has its uid {ours['uid']}"
        return PushStep("board", title, "refused", why)
    differences = limit_differences(find_differences(remove_server_fields(theirs), remove_server_fields(ours)))
    if not is_in_folder:
        differences = (f"folder: {place} → {folder.title}", *differences)
    if meta.get("provisioned"):
        return plan_provisioned("board", title, differences)
    if not differences:
        return PushStep("board", title, "unchanged")
    latest = find_latest_version(server, ours["uid"])
    if is_in_folder and latest.get("message") == build_version_message(ours):
        # Newer releases of Grafana return a board converted to their own schema: the history shows that it is ours.
        return PushStep("board", title, "unchanged")
    change = "" if is_ours(latest) else describe_change(meta)
    return plan_update("board", title, differences, change, force, lambda: save_board(server, folder, ours, theirs))


def find_latest_version(server: GrafanaServer, uid: str) -> dict[str, Any]:
    """Returns the newest entry of a board's history, or an empty one."""
    found = server.get(f"/dashboards/uid/{uid}/versions?limit=1") or []
    versions = found["versions"] if isinstance(found, dict) else found
    return versions[0] if versions else {}


def is_ours(version: dict[str, Any]) -> bool:
    """Returns whether a push made this version. Grafana gives the first version its own message."""
    return version.get("version") == 1 or str(version.get("message", "")).startswith(MARK)


def describe_change(meta: dict[str, Any]) -> str:
    """Returns who changed a board manually, and when."""
    when = str(meta.get("updated", ""))[:16].replace("T", " at ")
    return f"it was changed in Grafana by {meta.get('updatedBy') or 'somebody'} on {when}, after the last push"


def save_board(
    server: GrafanaServer, folder: GrafanaFolder, ours: dict[str, Any], theirs: dict[str, Any] | None
) -> None:
    """Creates a board, or saves it over the version `theirs`. Raises `GrafanaRefusal` if there is a newer one."""
    known = {"id": theirs["id"], "version": theirs["version"]} if theirs else {"id": None, "version": 0}
    message = build_version_message(ours)
    body = {"dashboard": ours | known, "folderUid": folder.uid, "message": message, "overwrite": False}
    try:
        server.send("POST", "/dashboards/db", body)
    except GrafanaRefusal as error:
        if error.kind == "version-mismatch":
            raise GrafanaRefusal("somebody saved it at the same time: push again", error.status, error.kind) from error
        if error.kind == "name-exists":
            why = f"another board in the folder {folder.title} has this title: rename or move that board"
            raise GrafanaRefusal(why, error.status, error.kind) from error
        raise
