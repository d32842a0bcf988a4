"""The Grafana folder for boards and alert rules: found by its title, or created."""

from dataclasses import dataclass
from typing import Final

from dashboards.grafana.push.server import GrafanaServer
from dashboards.grafana.push.steps import PushStep

UID: Final = "newsclaims"
"""Uid of a folder that a push creates."""


@dataclass
class GrafanaFolder:
    """A folder. Its uid is empty until it exists."""

    title: str
    uid: str = ""

    def create(self, server: GrafanaServer) -> None:
        """Creates the folder. Raises `GrafanaRefusal`."""
        self.uid = str(server.send("POST", "/folders", {"title": self.title, "uid": self.choose_uid(server)})["uid"])

    def choose_uid(self, server: GrafanaServer) -> str | None:
        """Returns our uid, or None if another folder has it; Grafana then assigns one."""
        return None if server.get(f"/folders/{UID}") else UID


def find_folder(server: GrafanaServer, title: str) -> tuple[GrafanaFolder, PushStep]:
    """Returns the folder with this title, and the step for it."""
    for each in server.get("/folders?limit=1000") or ():
        if each["title"] == title:
            return GrafanaFolder(title, str(each["uid"])), PushStep("folder", title, "unchanged")
    folder = GrafanaFolder(title)
    return folder, PushStep("folder", title, "created", action=lambda: folder.create(server))
