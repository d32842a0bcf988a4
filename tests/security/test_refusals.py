"""A server that refuses: every command gives one clear sentence, and exits with 1."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.listening import listening
from tests.security.certificates import HOST
from tests.security.servers import CANARY, SecureServers

pytestmark = [pytest.mark.integration, pytest.mark.slow]

ARTICLE = '{"id": "a", "body": "The minister said 12 people were hurt.", "url": "https://news.example/a"}\n'
FEEDS = "feeds:\n  files:\n    connector: folder\n    interval: 1m\n    settings: {path: ., pattern: '*.jsonl'}\n"
KAFKA_COMMANDS = {
    "init": ["init"],
    "publish": ["publish", "articles.jsonl"],
    "run": ["run", "--until-caught-up"],
    "feeds run": ["feeds", "run", "--once", "--file", "feeds.yaml"],
}
ELASTICSEARCH_COMMANDS = {
    "init": ["init"],
    "run": ["run", "--until-caught-up"],
    "report": ["report", "--output", "report.html"],
    "export": ["export", "claims", "--output", "claims.csv"],
    "alerts": ["alerts", "list"],
    "dead letters": ["dead-letters", "list"],
    "replay": ["dead-letters", "replay"],
    "backfill": ["watches", "backfill", "hurt"],
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with an article, feeds and watches."""
    (tmp_path / "articles.jsonl").write_text(ARTICLE)
    (tmp_path / "feeds.yaml").write_text(FEEDS)
    (tmp_path / "watches.yaml").write_text("watches:\n  hurt:\n    words: [hurt]\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def expired(secure_servers: SecureServers) -> Iterator[str]:
    """The address, host:port, of a server whose certificate has expired."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(secure_servers.certificates.expired, secure_servers.certificates.expired_key)
    with listening(lambda client: context.wrap_socket(client, server_side=True).close(), HOST) as address:
        yield address


def port_of(address: str) -> str:
    """Returns the port of an address."""
    return address.rpartition(":")[2]


@pytest.fixture
def kafka_faults(secure_servers: SecureServers, expired: str) -> dict[str, tuple[dict[str, str], str]]:
    """Settings that are wrong for Kafka, each with what the sentence must say."""
    other = str(secure_servers.certificates.other_ca)
    return {
        "wrong password": (
            {"KAFKA_SASL_PASSWORD": "wrong"},
            "rejects the login of 'superuser' with SCRAM-SHA-512: correct",
        ),
        "wrong mechanism": ({"KAFKA_SASL_MECHANISM": "PLAIN"}, "does not offer PLAIN: set KAFKA_SASL_MECHANISM"),
        "no authority": (
            {"KAFKA_SSL_CA_FILE": ""},
            "not signed by an authority that this machine trusts: set KAFKA_SSL",
        ),
        "other authority": ({"KAFKA_SSL_CA_FILE": other}, "this machine trusts: set KAFKA_SSL_CA_FILE"),
        "wrong host": (
            {"KAFKA_BOOTSTRAP_SERVERS": f"localhost:{port_of(secure_servers.kafka)}"},
            "for another host name",
        ),
        "expired": ({"KAFKA_BOOTSTRAP_SERVERS": expired}, "its certificate has expired: renew it"),
        "no TLS": ({"KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT"}, "it speaks TLS, and KAFKA_SECURITY_PROTOCOL is"),
        "no login": ({"KAFKA_SECURITY_PROTOCOL": "SSL"}, "if it asks for a login, set KAFKA_SASL_USERNAME"),
    }


@pytest.fixture
def elasticsearch_faults(secure_servers: SecureServers, expired: str) -> dict[str, tuple[dict[str, str], str]]:
    """Settings that are wrong for Elasticsearch, each with what the sentence must say."""
    other, port = str(secure_servers.certificates.other_ca), port_of(secure_servers.elasticsearch)
    trust = "not signed by an authority that this machine trusts: set ELASTICSEARCH_CA_FILE"
    no_tls = {"ELASTICSEARCH_URL": f"http://{HOST}:{port}", "ELASTICSEARCH_CA_FILE": ""}
    return {
        "wrong password": (
            {"ELASTICSEARCH_PASSWORD": "wrong"},
            "does not accept this login: set ELASTICSEARCH_API_KEY",
        ),
        "wrong API key": ({"ELASTICSEARCH_API_KEY": "d3Jvbmc6d3Jvbmc="}, "does not accept this login"),
        "no authority": ({"ELASTICSEARCH_CA_FILE": ""}, trust),
        "other authority": ({"ELASTICSEARCH_CA_FILE": other}, trust),
        "wrong host": ({"ELASTICSEARCH_URL": f"https://localhost:{port}"}, "for another host name"),
        "expired": ({"ELASTICSEARCH_URL": f"https://{expired}"}, "its certificate has expired: renew it"),
        "no TLS": (no_tls, "with https:// if it uses TLS"),
        "http with CA": ({"ELASTICSEARCH_URL": f"http://{HOST}:{port}"}, "write https:// in the address"),
    }


@pytest.mark.usefixtures("folder")
def test_commands_say_why_kafka_refuses(
    secure_servers: SecureServers, kafka_faults: dict[str, tuple[dict[str, str], str]]
) -> None:
    for number, (fault, (changes, words)) in enumerate(kafka_faults.items()):
        # Every command once with a wrong password, and every fault with one command in turn.
        commands = list(KAFKA_COMMANDS) if fault == "wrong password" else [list(KAFKA_COMMANDS)[number % 4]]
        for command in commands:
            result = secure_servers.run(*KAFKA_COMMANDS[command], **changes)
            assert result.code == 1, (fault, command)
            assert words in result.sentence, (fault, command)
            assert CANARY not in result.out + result.err


@pytest.mark.usefixtures("folder")
def test_commands_say_why_elasticsearch_refuses(
    secure_servers: SecureServers, elasticsearch_faults: dict[str, tuple[dict[str, str], str]]
) -> None:
    names = list(ELASTICSEARCH_COMMANDS)
    for number, (fault, (changes, words)) in enumerate(elasticsearch_faults.items()):
        commands = names if fault == "wrong password" else [names[number % len(names)]]
        for command in commands:
            result = secure_servers.run(*ELASTICSEARCH_COMMANDS[command], **changes)
            assert result.code == 1, (fault, command)
            assert words in result.sentence, (fault, command)
            assert CANARY not in result.out + result.err


def test_doctor_status_and_monitor_report_refusals(
    secure_servers: SecureServers,
    kafka_faults: dict[str, tuple[dict[str, str], str]],
    elasticsearch_faults: dict[str, tuple[dict[str, str], str]],
) -> None:
    for fault in ("wrong password", "no authority", "wrong host"):
        changes = kafka_faults[fault][0] | elasticsearch_faults[fault][0]
        findings = secure_servers.run("doctor", "--json", **changes)
        assert findings.code == 1
        advice = {"wrong password": "ELASTICSEARCH_API_KEY, or ELASTICSEARCH_USERNAME"}
        for words in (kafka_faults[fault][1], advice.get(fault, elasticsearch_faults[fault][1])):
            assert words in findings.out, (fault, findings.out)
        rounds = secure_servers.run("monitor", "--once", "--json", **changes)
        assert rounds.code == 1
        assert "Traceback" not in rounds.err + findings.err
        assert CANARY not in findings.out + rounds.out + rounds.err
    status = secure_servers.run("status", KAFKA_SASL_PASSWORD="wrong", ELASTICSEARCH_PASSWORD="wrong")
    assert status.code == 1
