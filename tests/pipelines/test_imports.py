"""What a command does not import, so that it starts fast and needs little memory."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("pipelines.backfill", ["pipelines.text.extraction", "pipelines.stream", "apache_beam"]),
        ("pipelines.replay", ["pipelines.text.extraction", "pipelines.stream", "apache_beam"]),
        ("pipelines.connections", ["pipelines.text", "apache_beam"]),
        ("pipelines.run.options", ["pipelines.text.extraction", "pipelines.stream", "apache_beam"]),
    ],
)
def test_module_does_not_load(module: str, unwanted: list[str]) -> None:
    code = f"import sys, {module}; print(sorted(sys.modules.keys() & set({unwanted!r})))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
