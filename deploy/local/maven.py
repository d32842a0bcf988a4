"""The address of the Maven repository that the embedded servers are downloaded from."""

import ast
import os
from importlib.util import find_spec
from pathlib import Path

from schemas.errors import Permanent

VARIABLE = "NEWSCLAIMS_MAVEN_REPOSITORY"
BEAM_MODULE = Path("utils", "subprocess_server.py")
BEAM_CONSTANT = "MAVEN_CENTRAL_REPOSITORY"


def find_repository_url() -> str:
    """Returns the base address of the Maven repository, without a trailing slash.

    `NEWSCLAIMS_MAVEN_REPOSITORY` sets a mirror. Without it, the address is the one that Beam downloads its own jars
    from, so that there is one place to change it. Raises `Permanent` if the installed Beam does not define it.
    """
    return (os.environ.get(VARIABLE) or _read_beam_constant()).rstrip("/")


def _read_beam_constant() -> str:
    """Reads the constant from Beam's source file. Importing Beam takes seconds and prints warnings."""
    spec = find_spec("apache_beam")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder, BEAM_MODULE)
        if path.is_file():
            for node in ast.walk(ast.parse(path.read_bytes())):
                match node:
                    case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(url))):
                        if name == BEAM_CONSTANT:
                            return url
    raise Permanent(f"The installed Beam does not name a Maven repository: set {VARIABLE} to one.")
