"""Settings: their sources, what they refuse, and that they do not show secrets."""

import json
import pickle
from pathlib import Path

import pytest

from deploy.settings import Settings
from schemas.errors import Permanent


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working directory without a settings file."""
    monkeypatch.chdir(tmp_path)


def load(tmp_path: Path, **environ: str) -> Settings:
    """Loads settings with these variables only, and without an embedded stack."""
    return Settings.load({"NEWSCLAIMS_DATA_DIR": str(tmp_path), "HOME": str(tmp_path)} | environ)


def test_without_settings_the_usual_local_ports_are_used(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert settings.kafka.client_options() == {
        "bootstrap_servers": ["localhost:9092"],
        "security_protocol": "PLAINTEXT",
    }
    assert settings.elasticsearch.client_options() == {"hosts": ["http://localhost:9200"]}
    assert not settings.kafka_is_given


def test_compiler_of_the_embedded_server_is_one_of_two_or_chosen_by_the_machine(tmp_path: Path) -> None:
    assert load(tmp_path).embedded.compiler is None
    settings = load(tmp_path, NEWSCLAIMS_ELASTICSEARCH_COMPILER="full")
    assert settings.embedded.compiler == "full"
    assert settings.with_ports(None, 9300, None).embedded.compiler == "full"
    with pytest.raises(Permanent, match="NEWSCLAIMS_ELASTICSEARCH_COMPILER is 'C2': it must be quick or full"):
        load(tmp_path, NEWSCLAIMS_ELASTICSEARCH_COMPILER="C2")


def test_a_running_embedded_stack_is_found(tmp_path: Path) -> None:
    record = {"kafka": {"address": "127.0.0.1:1234"}, "elasticsearch": {"address": "http://127.0.0.1:4321"}}
    (tmp_path / "stack.json").write_text(json.dumps(record))
    assert load(tmp_path).kafka.bootstrap_servers == ("127.0.0.1:1234",)
    assert load(tmp_path).elasticsearch.urls == ("http://127.0.0.1:4321",)
    assert load(tmp_path, ELASTICSEARCH_URL="https://es.example").elasticsearch.urls == ("https://es.example:9200",)


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    (tmp_path / "newsclaims.yaml").write_text("KAFKA_BOOTSTRAP_SERVERS: a:1, b:2\nKAFKA_GROUP: file\n")
    settings = load(tmp_path, KAFKA_GROUP="environment")
    assert settings.kafka.bootstrap_servers == ("a:1", "b:2")
    assert settings.kafka_is_given
    assert settings.group == "environment"


def test_tls_and_sasl_reach_the_clients(tmp_path: Path) -> None:
    ca = tmp_path / "ca.pem"
    ca.write_text("certificate")
    settings = load(
        tmp_path,
        KAFKA_SASL_USERNAME="reader",
        KAFKA_SASL_PASSWORD="hush",
        KAFKA_SASL_MECHANISM="scram-sha-512",
        KAFKA_SSL_CA_FILE=str(ca),
        ELASTICSEARCH_URL="https://writer:sh%40h@es.example:443/path/",
        ELASTICSEARCH_CA_FILE=str(ca),
    )
    assert settings.kafka.client_options() == {
        "bootstrap_servers": ["localhost:9092"],
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "reader",
        "sasl_plain_password": "hush",
        "ssl_cafile": str(ca),
    }
    assert settings.elasticsearch.client_options() == {
        "hosts": ["https://es.example:443/path"],
        "basic_auth": ("writer", "sh@h"),
        "ca_certs": str(ca),
    }


def test_no_secret_is_shown_and_pickling_keeps_all(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        KAFKA_SASL_USERNAME="reader",
        KAFKA_SASL_PASSWORD="hush-1",
        KAFKA_SSL_KEY_PASSWORD="hush-2",
        ELASTICSEARCH_API_KEY="hush-3",
        ELASTICSEARCH_URL="http://writer:hush-4@es.example:9200",
    )
    assert "hush" not in repr(settings)
    assert pickle.loads(pickle.dumps(settings)) == settings
    assert settings.elasticsearch.client_options()["api_key"] == "hush-3"


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("KAFKA_BOOTSTRAP_SERVERS", "broker", "KAFKA_BOOTSTRAP_SERVERS contains 'broker', which is not host:port"),
        ("KAFKA_BOOTSTRAP_SERVERS", "http://broker:9092", "which is not host:port"),
        ("KAFKA_BOOTSTRAP_SERVERS", ", ,", "KAFKA_BOOTSTRAP_SERVERS contains no address"),
        ("KAFKA_BOOTSTRAP_SERVERS", "me:hush@broker:9092", "^KAFKA_BOOTSTRAP_SERVERS contains a user: write host:port"),
        ("KAFKA_SECURITY_PROTOCOL", "TLS", "KAFKA_SECURITY_PROTOCOL is 'TLS': it must be one of PLAINTEXT, SSL"),
        ("KAFKA_SASL_MECHANISM", "PLAIN", "PLAIN needs a user: set KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD"),
        ("KAFKA_SSL_CA_FILE", "/nowhere.pem", "KAFKA_SSL_CA_FILE is /nowhere.pem, which cannot be read"),
        (
            "ELASTICSEARCH_URL",
            "es.example:9200",
            "ELASTICSEARCH_URL contains 'es.example:9200', which is not an address",
        ),
        ("ELASTICSEARCH_URL", "http://es.example:port", "which is not an address"),
        ("ELASTICSEARCH_USERNAME", "me", "ELASTICSEARCH_PASSWORD is not: set both, or an API key"),
        ("NEWSCLAIMS_KAFKA_PORT", "70000", "NEWSCLAIMS_KAFKA_PORT is '70000': it must be a port number"),
        ("NEWSCLAIMS_SETTINGS", "/nowhere.yaml", "NEWSCLAIMS_SETTINGS names /nowhere.yaml, which does not exist"),
    ],
)
def test_an_invalid_value_is_named(tmp_path: Path, variable: str, value: str, sentence: str) -> None:
    with pytest.raises(Permanent, match=sentence):
        load(tmp_path, **{variable: value})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("KAFKA_BOOTSTRAP_SERVER: a:1", "which is not a setting: did you mean KAFKA_BOOTSTRAP_SERVERS"),
        ("- a", "is not a list of settings: write one `NAME: value` per line"),
        ("a: [hush", "is not YAML at line"),
    ],
)
def test_an_invalid_file_is_named(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "newsclaims.yaml").write_text(text)
    with pytest.raises(Permanent, match=sentence) as caught:
        load(tmp_path)
    assert "hush" not in str(caught.value)


def test_an_invalid_address_does_not_show_its_password(tmp_path: Path) -> None:
    with pytest.raises(Permanent) as caught:
        load(tmp_path, ELASTICSEARCH_URL="ftp://me:hush@es.example:21")
    assert "hush" not in str(caught.value)


def test_grafana_is_reached_with_a_token_or_a_user(tmp_path: Path) -> None:
    assert load(tmp_path).grafana.url == "http://localhost:3000"
    grafana = load(tmp_path, GRAFANA_URL="https://ops:h%40sh@boards.example/grafana/", GRAFANA_FOLDER="News").grafana
    assert (grafana.url, grafana.folder) == ("https://boards.example/grafana", "News")
    assert (grafana.username, grafana.password) == ("ops", "h@sh")
    assert "h@sh" not in repr(grafana)
    assert "glsa_1" not in repr(load(tmp_path, GRAFANA_TOKEN="glsa_1").grafana)


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"GRAFANA_URL": "boards.example"}, "GRAFANA_URL"),
        ({"GRAFANA_USERNAME": "ops"}, "GRAFANA_PASSWORD"),
        ({"GRAFANA_ELASTICSEARCH_URL": "elasticsearch:9200"}, "GRAFANA_ELASTICSEARCH_URL"),
        ({"GRAFANA_CA_FILE": "/nowhere.pem"}, "GRAFANA_CA_FILE"),
    ],
)
def test_invalid_settings_of_grafana_are_named(tmp_path: Path, environ: dict[str, str], named: str) -> None:
    with pytest.raises(Permanent, match=named):
        load(tmp_path, **environ)
