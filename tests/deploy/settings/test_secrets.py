"""Secrets in files, and environments without secrets."""

from pathlib import Path

import pytest

from deploy.settings import VARIABLES, Settings
from deploy.settings.secrets import SECRETS, drop_secrets
from schemas.errors import Permanent


def load(folder: Path, **environ: str) -> Settings:
    return Settings.load({"NEWSCLAIMS_DATA_DIR": str(folder), "HOME": str(folder), **environ})


def test_a_secret_can_be_a_file(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("hush me \n")
    settings = load(tmp_path, ELASTICSEARCH_USERNAME="writer", ELASTICSEARCH_PASSWORD_FILE=str(file))
    assert settings.elasticsearch.password == "hush me "
    assert {f"{name}_FILE" for name in SECRETS} <= set(VARIABLES)


def test_the_environment_has_precedence_over_the_settings_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from a file")
    settings = tmp_path / "settings.yaml"
    for in_file in ("ELASTICSEARCH_API_KEY: old", f"ELASTICSEARCH_API_KEY_FILE: {tmp_path / 'key'}"):
        settings.write_text(in_file)
        named = load(tmp_path, NEWSCLAIMS_SETTINGS=str(settings), ELASTICSEARCH_API_KEY="new")
        assert named.elasticsearch.api_key == "new"
    settings.write_text("ELASTICSEARCH_API_KEY: old")
    by_file = load(tmp_path, NEWSCLAIMS_SETTINGS=str(settings), ELASTICSEARCH_API_KEY_FILE=str(tmp_path / "key"))
    assert by_file.elasticsearch.api_key == "from a file"


def test_a_file_that_does_not_help_is_named(tmp_path: Path) -> None:
    empty, binary = tmp_path / "empty", tmp_path / "binary"
    empty.write_text("\n")
    binary.write_bytes(b"\xff")
    for path, why in ((empty, "which is empty"), (binary, "not text in UTF-8"), (tmp_path / "gone", "No such file")):
        with pytest.raises(Permanent, match=f"ELASTICSEARCH_API_KEY_FILE is {path}, .*{why}"):
            load(tmp_path, ELASTICSEARCH_API_KEY_FILE=str(path))
    with pytest.raises(Permanent, match="KIBANA_PASSWORD and KIBANA_PASSWORD_FILE are both set"):
        load(tmp_path, KIBANA_PASSWORD="hush", KIBANA_PASSWORD_FILE=str(empty))


def test_child_processes_get_no_secrets() -> None:
    secret = {"KAFKA_SASL_PASSWORD": "hush", "ELASTICSEARCH_URL": "https://me:hush@es.example"}
    kept = {"ELASTICSEARCH_PASSWORD_FILE": "/run/secrets/es", "KAFKA_SASL_USERNAME": "me", "HOME": "/home/me@here"}
    assert drop_secrets(secret | kept) == kept
