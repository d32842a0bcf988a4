"""The address of the Maven repository."""

import subprocess
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from deploy.local import maven
from schemas.errors import Permanent


def test_a_mirror_replaces_the_usual_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSCLAIMS_MAVEN_REPOSITORY", "http://mirror.example/maven/")
    assert maven.find_repository_url() == "http://mirror.example/maven"


def test_the_usual_repository_is_that_of_beam(monkeypatch: pytest.MonkeyPatch) -> None:
    from apache_beam.utils.subprocess_server import JavaJarServer

    monkeypatch.delenv("NEWSCLAIMS_MAVEN_REPOSITORY", raising=False)
    assert maven.find_repository_url() == JavaJarServer.MAVEN_CENTRAL_REPOSITORY.rstrip("/")


def test_beam_is_not_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEWSCLAIMS_MAVEN_REPOSITORY", raising=False)
    code = (
        "import sys; from deploy.local.maven import find_repository_url; find_repository_url();"
        "sys.exit('apache_beam' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_beam_without_the_address_is_an_error_that_names_the_setting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("NEWSCLAIMS_MAVEN_REPOSITORY", raising=False)
    spec = ModuleSpec("apache_beam", None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(maven, "find_spec", lambda name: spec if name == "apache_beam" else None)
    with pytest.raises(Permanent, match="set NEWSCLAIMS_MAVEN_REPOSITORY"):
        maven.find_repository_url()
