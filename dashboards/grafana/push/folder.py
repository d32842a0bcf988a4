"""The folder in Grafana that boards and alert rules go into: found by its title, or made."""

from dataclasses import dataclass
from typing import Final

from dashboards.grafana.push.server import Server
from dashboards.grafana.push.steps import Step

UID: Final = "newsclaims"
"""Uid of a folder that we make."""


@dataclass
class Folder:
    """The folder. Its uid is empty until it is there."""

    title: str
    uid: str = ""

    def make(self, server: Server) -> None:
        """Makes it. Raises `Refused` where Grafana does not let it be made."""
        self.uid = str(server.send("POST", "/folders", {"title": self.title, "uid": self.free_uid(server)})["uid"])

    def free_uid(self, server: Server) -> str | None:
        """Our uid, or none where a folder with another title has it, so that Grafana gives one."""
        return None if server.find(f"/folders/{UID}") else UID


def find(server: Server, title: str) -> tuple[Folder, Step]:
    """The folder with the title, and what is to be done for it."""
    for each in server.find("/folders?limit=1000") or ():
        if each["title"] == title:
            return Folder(title, str(each["uid"])), Step("folder", title, "unchanged")
    folder = Folder(title)
    return folder, Step("folder", title, "created", act=lambda: folder.make(server))
