"""Our boards in Grafana. Each push leaves its mark in the board's history, so a change by hand is told from ours."""

import hashlib
from typing import Any, Final

import msgspec

from dashboards.boards import BOARDS
from dashboards.grafana.dashboard import TAG, dashboard
from dashboards.grafana.push.folder import Folder
from dashboards.grafana.push.server import Refused, Server
from dashboards.grafana.push.steps import Step, differences, first

MARK: Final = "newsclaims push"
"""How the message of a version begins that a push made; the hash of what was pushed follows."""
GRAFANAS_OWN: Final = ("id", "version")
"""What Grafana sets in a board by itself."""


def content(board: dict[str, Any]) -> dict[str, Any]:
    """The board without what Grafana sets."""
    return {key: value for key, value in board.items() if key not in GRAFANAS_OWN}


def message(board: dict[str, Any]) -> str:
    """What a push of this board writes into its history."""
    return f"{MARK} {hashlib.sha256(msgspec.json.encode(content(board), order='sorted')).hexdigest()[:16]}"


def steps(server: Server, folder: Folder, force: bool, kibana_url: str) -> list[Step]:
    """What is to be done for each board."""
    return [step(server, folder, dashboard(board, kibana_url), force) for board in BOARDS.values()]


def step(server: Server, folder: Folder, ours: dict[str, Any], force: bool) -> Step:
    """What is to be done for one board."""
    name, found = ours["title"], server.find(f"/dashboards/uid/{ours['uid']}")
    if found is None:
        return Step("board", name, "created", act=lambda: save(server, folder, ours, None))
    there, meta = found["dashboard"], found["meta"]
    is_here = bool(folder.uid) and meta.get("folderUid") == folder.uid
    if TAG not in there.get("tags", ()) and not is_here:
        where = f"in the folder {meta.get('folderTitle') or 'General'}, without the tag {TAG}"
        return Step("board", name, "refused", f"a board of another hand has its uid {ours['uid']}, {where}")
    differing = first(differences(content(there), content(ours)))
    if not is_here:
        differing = (f"folder: {meta.get('folderTitle') or 'General'} → {folder.title}", *differing)
    if meta.get("provisioned"):
        why = "it comes from Grafana's provisioning files" if differing else ""
        return Step("board", name, "refused" if differing else "unchanged", why, differing)
    if not differing:
        return Step("board", name, "unchanged")
    last = latest(server, ours["uid"])
    if is_here and last.get("message") == message(ours):
        # Newer releases show a board in the form of their own schema: the history says that it is ours.
        return Step("board", name, "unchanged")
    by_hand = "" if is_first(last) or str(last.get("message", "")).startswith(MARK) else changed(meta)
    if by_hand and not force:
        return Step("board", name, "refused", f"{by_hand}; --force overwrites that", differing)
    return Step(
        "board", name, "updated", f"overwritten: {by_hand}" if by_hand else "", differing,
        lambda: save(server, folder, ours, there),
    )  # fmt: skip


def latest(server: Server, uid: str) -> dict[str, Any]:
    """The newest entry of a board's history."""
    found = server.find(f"/dashboards/uid/{uid}/versions?limit=1") or []
    versions = found["versions"] if isinstance(found, dict) else found
    return versions[0] if versions else {}


def is_first(version: dict[str, Any]) -> bool:
    """Whether nothing came after the board was made. Grafana shows words of its own as the message of that version."""
    return version.get("version") == 1


def changed(meta: dict[str, Any]) -> str:
    """Who changed a board by hand, and when."""
    when = str(meta.get("updated", ""))[:16].replace("T", " at ")
    return f"it was changed in Grafana by {meta.get('updatedBy') or 'somebody'} on {when}, after the last push"


def save(server: Server, folder: Folder, ours: dict[str, Any], there: dict[str, Any] | None) -> None:
    """Saves a board over the version that was read, or as a new one. Raises `Refused` where Grafana has a newer one."""
    known = {"id": there["id"], "version": there["version"]} if there else {"id": None, "version": 0}
    body = {"dashboard": ours | known, "folderUid": folder.uid, "message": message(ours), "overwrite": False}
    try:
        server.send("POST", "/dashboards/db", body)
    except Refused as error:
        if error.kind == "version-mismatch":
            raise Refused("somebody saved it at the same time: push again", error.status, error.kind) from error
        if error.kind == "name-exists":
            other = f"another board in the folder {folder.title} has this title"
            raise Refused(f"{other}: rename or move that one", error.status, error.kind) from error
        raise
