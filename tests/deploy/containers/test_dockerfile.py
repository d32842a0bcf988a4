"""`deploy/containers/Dockerfile`: its steps work outside Docker, with only the files that it copies."""

import shlex
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
Step = tuple[str, list[str]]


def steps() -> list[Step]:
    """Returns the instructions with their words."""
    text = (ROOT / "deploy" / "containers" / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split()[0], shlex.split(line)[1:]) for line in lines]


def copied() -> list[tuple[list[str], str]]:
    """Returns what is copied from the repository: sources and destination."""
    return [(words[:-1], words[-1]) for kind, words in steps() if kind == "COPY" and not words[0].startswith("--")]


def reaches_builder(path: str) -> bool:
    """Whether .dockerignore lets a path pass: the last matching line decides."""
    passes = True
    for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines():
        pattern = line.removeprefix("!")
        if line and not line.startswith("#") and (fnmatch(path, pattern) or path.split("/")[0] == pattern):
            passes = line.startswith("!")
    return passes


def test_what_is_copied_exists_and_reaches_the_builder_and_nothing_else_does() -> None:
    sources = {source for names, _ in copied() for source in names}
    assert all((ROOT / source).exists() and reaches_builder(source) for source in sources)
    for other in (".git", ".venv", "tests", "requirements-dev.lock", "Makefile", "newsclaims.yaml"):
        assert not reaches_builder(other)


def test_dependencies_are_those_of_the_lock_each_with_its_hash() -> None:
    [install] = [words for kind, words in steps() if kind == "RUN" and "-r" in words]
    assert "--require-hashes" in install
    entries = (ROOT / "requirements.lock").read_text("utf-8").replace("\\\n", " ").splitlines()
    required = [line for line in entries if line and not line.startswith("#")]
    assert len(required) > 50
    assert [line.split()[0] for line in required if "==" not in line or "--hash=sha256:" not in line] == []


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as the build stage installs it: from the copied files only, without its dependencies."""
    source, site = tmp_path_factory.mktemp("src"), tmp_path_factory.mktemp("site")
    for names, place in copied():
        target = source / place.removeprefix("/src").strip("/")
        for name in names:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                target.mkdir(exist_ok=True)
                shutil.copy(ROOT / name, target / name)
    [install] = [words for kind, words in steps() if kind == "RUN" and words[-1] == "/src"]
    command = [sys.executable, "-m", "pip", *install[1:-1], "--quiet", "--no-index", "--no-build-isolation"]
    subprocess.run([*command, "--target", site, source], check=True, capture_output=True)
    return site


def test_the_image_answers_with_its_help(installed: Path) -> None:
    words = {kind: words for kind, words in steps() if kind in ("ENTRYPOINT", "CMD")}
    entry, arguments = (each.strip("[]") for each in (words["ENTRYPOINT"][0], words["CMD"][0]))
    assert (installed / "bin" / entry).exists()
    environ = {"PYTHONPATH": str(installed), "PATH": "/usr/bin:/bin"}
    call = [sys.executable, "-P", "-m", entry, arguments]
    run = subprocess.run(call, cwd=installed, env=environ, capture_output=True, check=True)
    assert b"dead-letters" in run.stdout


def test_the_image_has_what_its_commands_read(installed: Path) -> None:
    for path in ("deploy/containers/compose.yaml", "deploy/containers/Dockerfile", "deploy/demo/articles",
                 "schemas/generated/elasticsearch", "dashboards/generated/kibana",
                 "dashboards/generated/grafana/kustomization.yaml",
                 "dashboards/generated/grafana/provisioning/alerting/newsclaims.yaml"):  # fmt: skip
        assert (installed / path).exists(), path


def test_the_image_is_slim_and_its_user_has_no_rights() -> None:
    kinds = [kind for kind, _ in steps()]
    last = len(kinds) - 1 - kinds[::-1].index("FROM")
    final = steps()[last:]
    assert "-slim" in final[0][1][0]
    assert [words for kind, words in final if kind == "RUN" and {"apt-get", "pip", "gcc"} & set(words)] == []
    [user] = [words for kind, words in final if kind == "USER"]
    assert user == ["newsclaims"]
    versions = {words[0].partition("-")[0] for kind, words in steps() if kind == "FROM"}
    assert len(versions) == 1, "the environment is built with another Python than it runs with"
