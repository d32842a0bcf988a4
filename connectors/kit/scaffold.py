"""`newsclaims feeds new NAME`: writes a package with a working connector, its settings, fixture, test and README.

The files come from the folder `templates`. `NAME` in them is replaced by the connector's name, and `TYPE` by the name
of its class.
"""

import keyword
import re
from importlib.resources import files
from pathlib import Path

from connectors.kit.registry import find_connectors
from schemas.errors import Permanent

TEMPLATES = {
    "pyproject.toml": "pyproject.toml.template",
    "NAME.py": "connector.py.template",
    "test_NAME.py": "test_connector.py.template",
    "NAME.json": "fixture.json.template",
    "README.md": "README.md.template",
}
"""The files of a package, and the template of each."""


def create_package(name: str, folder: Path) -> list[Path]:
    """Writes the package into a new folder below `folder` and returns its files.

    Raises `Permanent` if the name cannot be used or the folder exists.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,40}", name) or keyword.iskeyword(name):
        raise Permanent(
            f"{name!r} cannot name a connector: use lower-case letters, digits and `_`, as for a Python module"
        )
    if name in find_connectors():
        raise Permanent(f"there is already a connector {name}: see `newsclaims feeds connectors {name}`")
    target = folder / f"newsclaims-{name}"
    if target.exists():
        raise Permanent(f"{target} already exists")
    target.mkdir(parents=True)
    kind = "".join(part.capitalize() for part in name.split("_"))
    written = []
    for file_name, template in TEMPLATES.items():
        text = (files("connectors.kit") / "templates" / template).read_text("utf-8")
        file = target / file_name.replace("NAME", name)
        file.write_text(text.replace("NAME", name).replace("TYPE", kind), "utf-8")
        written.append(file)
    return written
