"""All settings: addresses, credentials and TLS. They are read from the environment and from one file.

The file is `newsclaims.yaml` in the working directory, or the one that `NEWSCLAIMS_SETTINGS` names. It has the same
names as the environment, one per line (`ELASTICSEARCH_URL: https://search.example:9200`). The environment has
precedence. If neither sets an address, it is that of the running embedded stack, else the usual local port.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Self, get_args

import yaml

from deploy.settings import flink as flink_settings
from deploy.settings import grafana as grafana_settings
from deploy.settings import kibana as kibana_settings
from deploy.settings import secrets
from deploy.settings.addresses import read_file_path, split_url
from deploy.settings.flink import FlinkSettings
from deploy.settings.grafana import GrafanaSettings
from deploy.settings.kibana import KibanaSettings
from deploy.settings.limits import DEFAULT_DEAD_LETTER_LIMIT, parse_dead_letter_limit
from schemas.elasticsearch.index_settings import DEFAULT_FILE as DEFAULT_INDICES
from schemas.elasticsearch.index_settings import IndexSettings, load_index_settings
from schemas.errors import Permanent
from schemas.suggestions import suggest
from schemas.watches import DEFAULT_FILE as DEFAULT_WATCHES

DEFAULT_KAFKA = "localhost:9092"
DEFAULT_ELASTICSEARCH = "http://localhost:9200"
DEFAULT_GROUP = "newsclaims"
DEFAULT_REPOSITORY = "newsclaims"
SECURITY_PROTOCOLS = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
SASL_MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "GSSAPI", "OAUTHBEARER")

VARIABLES = {
    "KAFKA_BOOTSTRAP_SERVERS": "Kafka brokers as host:port, separated by commas",
    "KAFKA_SECURITY_PROTOCOL": f"One of {', '.join(SECURITY_PROTOCOLS)}",
    "KAFKA_SASL_MECHANISM": f"One of {', '.join(SASL_MECHANISMS)}",
    "KAFKA_SASL_USERNAME": "User of Kafka",
    "KAFKA_SASL_PASSWORD": "Password of that user",
    "KAFKA_SSL_CA_FILE": "PEM file with the certificate authority of Kafka's certificate",
    "KAFKA_SSL_CERTIFICATE_FILE": "PEM file with the client's certificate",
    "KAFKA_SSL_KEY_FILE": "PEM file with the client's private key",
    "KAFKA_SSL_KEY_PASSWORD": "Password of that key",
    "KAFKA_GROUP": "Consumer group of the job",
    "ELASTICSEARCH_URL": "Elasticsearch nodes, with http:// or https://, separated by commas",
    "ELASTICSEARCH_API_KEY": "API key, in the encoded form that Elasticsearch shows",
    "ELASTICSEARCH_USERNAME": "User of Elasticsearch, unless an API key is set",
    "ELASTICSEARCH_PASSWORD": "Password of that user",
    "ELASTICSEARCH_CA_FILE": "PEM file with the certificate authority of Elasticsearch's certificate",
    **flink_settings.VARIABLES,
    **grafana_settings.VARIABLES,
    **kibana_settings.VARIABLES,
    **secrets.VARIABLES,
    "NEWSCLAIMS_CACHE_DIR": "Directory in which the embedded servers are installed",
    "NEWSCLAIMS_DATA_DIR": "Directory for data and logs of the embedded servers",
    "NEWSCLAIMS_KAFKA_PORT": "Port of the embedded Kafka",
    "NEWSCLAIMS_CONTROLLER_PORT": "Port of the embedded Kafka's controller",
    "NEWSCLAIMS_ELASTICSEARCH_PORT": "Port of the embedded Elasticsearch",
    "NEWSCLAIMS_ELASTICSEARCH_COMPILER": (
        "Java compiler of the embedded Elasticsearch: quick starts sooner, full indexes faster after some thousand "
        "articles; default: by cores and memory"
    ),
    "NEWSCLAIMS_MAVEN_REPOSITORY": "Mirror of Maven Central from which the embedded servers are downloaded",
    "NEWSCLAIMS_BACKUP_REPOSITORY": "Snapshot repository in Elasticsearch for backups; default: newsclaims",
    "NEWSCLAIMS_WATCHES": "File with the watches; default: watches.yaml in the working directory",
    "NEWSCLAIMS_INDICES": "File with the settings of the indices; default: indices.yaml in the working directory",
    "NEWSCLAIMS_ARCHIVE": "Folder, or s3://BUCKET/FOLDER, in which `newsclaims archive` keeps raw articles",
    "NEWSCLAIMS_ARCHIVE_DAYS": "Days that the archive keeps raw articles; default: without a limit",
    "NEWSCLAIMS_DEAD_LETTER_LIMIT": "Percentage of recent messages that may become dead letters; default: 50%; or off",
    "NEWSCLAIMS_SPACY_MODEL": "spaCy model that finds additional names; environment only",
}
"""Every setting and its meaning. A file with any other name is refused."""


@dataclass(frozen=True, kw_only=True)
class KafkaSettings:
    """How to reach Kafka."""

    bootstrap_servers: tuple[str, ...] = (DEFAULT_KAFKA,)
    security_protocol: str = "PLAINTEXT"
    sasl_mechanism: str | None = None
    sasl_username: str | None = None
    sasl_password: str | None = field(default=None, repr=False)
    ssl_ca_file: str | None = None
    ssl_certificate_file: str | None = None
    ssl_key_file: str | None = None
    ssl_key_password: str | None = field(default=None, repr=False)

    def client_options(self) -> dict[str, Any]:
        """Returns keyword arguments for any kafka-python client: addresses, TLS and SASL."""
        options: dict[str, Any] = {
            "bootstrap_servers": list(self.bootstrap_servers),
            "security_protocol": self.security_protocol,
            "sasl_mechanism": self.sasl_mechanism,
            "sasl_plain_username": self.sasl_username,
            "sasl_plain_password": self.sasl_password,
            "ssl_cafile": self.ssl_ca_file,
            "ssl_certfile": self.ssl_certificate_file,
            "ssl_keyfile": self.ssl_key_file,
            "ssl_password": self.ssl_key_password,
        }
        return {name: value for name, value in options.items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class ElasticsearchSettings:
    """How to reach Elasticsearch."""

    urls: tuple[str, ...] = (DEFAULT_ELASTICSEARCH,)
    api_key: str | None = field(default=None, repr=False)
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: str | None = None

    def client_options(self) -> dict[str, Any]:
        """Returns keyword arguments for `elasticsearch.Elasticsearch`: addresses, credentials and TLS."""
        options: dict[str, Any] = {"hosts": list(self.urls)}
        if self.api_key:
            options["api_key"] = self.api_key
        elif self.username:
            options["basic_auth"] = (self.username, self.password or "")
        if self.ca_file:
            options["ca_certs"] = self.ca_file
        return options


Compiler = Literal["quick", "full"]


@dataclass(frozen=True, kw_only=True)
class EmbeddedSettings:
    """Directories and ports of the embedded stack. A controller port of None: the usual one, or any if it is taken.

    `compiler` is the Java compiler of Elasticsearch; None: what the machine can afford.
    """

    cache_dir: Path
    data_dir: Path
    kafka_port: int = 9092
    controller_port: int | None = None
    elasticsearch_port: int = 9200
    compiler: Compiler | None = None

    @property
    def state_file(self) -> Path:
        """The file that records which embedded servers run, and their addresses."""
        return self.data_dir / "stack.json"

    def find_address(self, server: str) -> str | None:
        """Returns the address of the embedded `server` (kafka, elasticsearch) if it was started, else None."""
        try:
            address = json.loads(self.state_file.read_bytes())[server]["address"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return str(address)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings. The `repr` contains no secrets.

    `kafka_is_given` and `elasticsearch_is_given`: an address is set, so the embedded server is not used.
    `watches_are_given`: the file with the watches is set, so it must exist. `indices_are_given`: so is that with the
    settings of the indices.
    """

    kafka: KafkaSettings
    elasticsearch: ElasticsearchSettings
    embedded: EmbeddedSettings
    flink: FlinkSettings = field(default_factory=FlinkSettings)
    grafana: GrafanaSettings = field(default_factory=GrafanaSettings)
    kibana: KibanaSettings = field(default_factory=KibanaSettings)
    group: str = DEFAULT_GROUP
    kafka_is_given: bool = False
    elasticsearch_is_given: bool = False
    backup_repository: str = DEFAULT_REPOSITORY
    dead_letter_limit: float | None = DEFAULT_DEAD_LETTER_LIMIT
    watches: Path = DEFAULT_WATCHES
    watches_are_given: bool = False
    indices: Path = DEFAULT_INDICES
    indices_are_given: bool = False
    archive: str | None = None
    archive_days: int | None = None

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Reads the settings from `environ` (by default, the environment of the process) and the settings file.

        Raises `Permanent` with one sentence that names the variable if a value is invalid.
        """
        environ = os.environ if environ is None else environ
        given = {name: environ[name] for name in VARIABLES if environ.get(name)}
        values = secrets.read_secrets(_drop_overridden(_read_file(environ), given) | given)
        embedded = _read_embedded(values, environ)
        kafka = values.get("KAFKA_BOOTSTRAP_SERVERS") or embedded.find_address("kafka") or DEFAULT_KAFKA
        urls = values.get("ELASTICSEARCH_URL") or embedded.find_address("elasticsearch") or DEFAULT_ELASTICSEARCH
        return cls(
            kafka=_read_kafka(kafka, values),
            elasticsearch=_read_elasticsearch(urls, values),
            embedded=embedded,
            flink=flink_settings.read_flink(values),
            grafana=grafana_settings.read_grafana(values),
            kibana=kibana_settings.read_kibana(values),
            group=values.get("KAFKA_GROUP", DEFAULT_GROUP),
            kafka_is_given="KAFKA_BOOTSTRAP_SERVERS" in values,
            elasticsearch_is_given="ELASTICSEARCH_URL" in values,
            backup_repository=values.get("NEWSCLAIMS_BACKUP_REPOSITORY", DEFAULT_REPOSITORY),
            dead_letter_limit=parse_dead_letter_limit(
                values.get("NEWSCLAIMS_DEAD_LETTER_LIMIT", f"{DEFAULT_DEAD_LETTER_LIMIT:.0%}"),
                "NEWSCLAIMS_DEAD_LETTER_LIMIT",
            ),
            watches=Path(values.get("NEWSCLAIMS_WATCHES", DEFAULT_WATCHES)).expanduser(),
            watches_are_given="NEWSCLAIMS_WATCHES" in values,
            indices=Path(values.get("NEWSCLAIMS_INDICES", DEFAULT_INDICES)).expanduser(),
            indices_are_given="NEWSCLAIMS_INDICES" in values,
            archive=values.get("NEWSCLAIMS_ARCHIVE"),
            archive_days=_parse_days("NEWSCLAIMS_ARCHIVE_DAYS", values),
        )

    def load_index_settings(self) -> dict[str, IndexSettings]:
        """Reads the settings of each family of indices.

        Raises `Permanent` with file, line and field if the file is invalid, or if it is set and does not exist.
        """
        return load_index_settings(self.indices, must_exist=self.indices_are_given)

    def with_ports(self, kafka: int | None, elasticsearch: int | None, controller: int | None) -> Self:
        """Returns a copy with the embedded servers on these ports; None keeps a port."""
        embedded = replace(
            self.embedded,
            kafka_port=kafka or self.embedded.kafka_port,
            elasticsearch_port=elasticsearch or self.embedded.elasticsearch_port,
            controller_port=controller or self.embedded.controller_port,
        )
        return replace(self, embedded=embedded)


def _read_file(environ: Mapping[str, str]) -> dict[str, str]:
    named = environ.get("NEWSCLAIMS_SETTINGS")
    path = Path(named or "newsclaims.yaml")
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        if named:
            raise Permanent(f"NEWSCLAIMS_SETTINGS names {path}, which does not exist.") from None
        return {}
    except (OSError, ValueError) as error:
        raise Permanent(f"The settings file {path} cannot be read: {error}.") from error
    try:
        content = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f" at line {where.line + 1}" if where else ""
        # The parser's own message quotes the line, which may contain a password.
        raise Permanent(f"The settings file {path} is not YAML{line}: write one `NAME: value` per line.") from None
    if not isinstance(content, dict):
        raise Permanent(f"The settings file {path} is not a list of settings: write one `NAME: value` per line.")
    return {_check_name(str(name), path): str(value) for name, value in content.items() if value is not None}


def _drop_overridden(from_file: dict[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """Returns the values of the settings file without the secrets that the environment gives, in whichever way."""
    both = {name for name in secrets.SECRETS if name in given or f"{name}_FILE" in given}
    return {name: value for name, value in from_file.items() if name.removesuffix("_FILE") not in both}


def _check_name(name: str, path: Path) -> str:
    if name in VARIABLES:
        return name
    raise Permanent(f"{path} sets {name}, which is not a setting: {suggest(name, VARIABLES)}")


def _read_kafka(addresses: str, values: Mapping[str, str]) -> KafkaSettings:
    servers = tuple(server.strip() for server in addresses.split(",") if server.strip())
    for server in servers:
        if "@" in server:
            raise Permanent(
                "KAFKA_BOOTSTRAP_SERVERS contains a user: write host:port, and set KAFKA_SASL_USERNAME and "
                "KAFKA_SASL_PASSWORD."
            )
        host, _, port = server.rpartition(":")
        if not host or "/" in host or not _is_port(port):
            raise Permanent(
                f"KAFKA_BOOTSTRAP_SERVERS contains {server!r}, which is not host:port, as in {DEFAULT_KAFKA}."
            )
    if not servers:
        raise Permanent(f"KAFKA_BOOTSTRAP_SERVERS contains no address: write host:port, as in {DEFAULT_KAFKA}.")
    username = values.get("KAFKA_SASL_USERNAME")
    has_sasl = bool(username or values.get("KAFKA_SASL_MECHANISM"))
    has_tls = any(name.startswith("KAFKA_SSL_") for name in values)
    implied = ("SASL_" if has_sasl else "") + ("SSL" if has_tls or has_sasl else "PLAINTEXT")
    protocol = _parse_choice("KAFKA_SECURITY_PROTOCOL", values, SECURITY_PROTOCOLS) or implied
    mechanism = _parse_choice("KAFKA_SASL_MECHANISM", values, SASL_MECHANISMS)
    if protocol.startswith("SASL_") and not mechanism:
        mechanism = "PLAIN"
    if mechanism in SASL_MECHANISMS[:3] and not (username and values.get("KAFKA_SASL_PASSWORD")):
        raise Permanent(f"{mechanism} needs a user: set KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD.")
    return KafkaSettings(
        bootstrap_servers=servers,
        security_protocol=protocol,
        sasl_mechanism=mechanism,
        sasl_username=username,
        sasl_password=values.get("KAFKA_SASL_PASSWORD"),
        ssl_ca_file=read_file_path("KAFKA_SSL_CA_FILE", values),
        ssl_certificate_file=read_file_path("KAFKA_SSL_CERTIFICATE_FILE", values),
        ssl_key_file=read_file_path("KAFKA_SSL_KEY_FILE", values),
        ssl_key_password=values.get("KAFKA_SSL_KEY_PASSWORD"),
    )


def _read_elasticsearch(addresses: str, values: Mapping[str, str]) -> ElasticsearchSettings:
    username, password = values.get("ELASTICSEARCH_USERNAME"), values.get("ELASTICSEARCH_PASSWORD")
    urls = []
    for address in (part.strip() for part in addresses.split(",") if part.strip()):
        url, user, secret = split_url("ELASTICSEARCH_URL", address, DEFAULT_ELASTICSEARCH, 9200)
        urls.append(url)
        username, password = username or user, password or secret
    if not urls:
        raise Permanent(f"ELASTICSEARCH_URL contains no address: write one like {DEFAULT_ELASTICSEARCH}.")
    if username and not password and not values.get("ELASTICSEARCH_API_KEY"):
        raise Permanent("ELASTICSEARCH_USERNAME is set and ELASTICSEARCH_PASSWORD is not: set both, or an API key.")
    if values.get("ELASTICSEARCH_CA_FILE") and (plain := [url for url in urls if url.startswith("http://")]):
        raise Permanent(f"ELASTICSEARCH_CA_FILE is set, but {plain[0]} is without TLS: write https:// in the address.")
    return ElasticsearchSettings(
        urls=tuple(urls),
        api_key=values.get("ELASTICSEARCH_API_KEY"),
        username=username,
        password=password,
        ca_file=read_file_path("ELASTICSEARCH_CA_FILE", values),
    )


def _read_embedded(values: Mapping[str, str], environ: Mapping[str, str]) -> EmbeddedSettings:
    home = Path(environ.get("HOME") or Path.home())
    cache = environ.get("XDG_CACHE_HOME") or home / ".cache"
    data = environ.get("XDG_DATA_HOME") or home / ".local" / "share"
    return EmbeddedSettings(
        cache_dir=_find_directory(values.get("NEWSCLAIMS_CACHE_DIR"), Path(cache), "/var/cache"),
        data_dir=_find_directory(values.get("NEWSCLAIMS_DATA_DIR"), Path(data), "/var/lib"),
        kafka_port=_parse_port("NEWSCLAIMS_KAFKA_PORT", values) or 9092,
        controller_port=_parse_port("NEWSCLAIMS_CONTROLLER_PORT", values),
        elasticsearch_port=_parse_port("NEWSCLAIMS_ELASTICSEARCH_PORT", values) or 9200,
        compiler=_parse_compiler("NEWSCLAIMS_ELASTICSEARCH_COMPILER", values),
    )


def _find_directory(given: str | None, base: Path, base_of_root: str) -> Path:
    """Returns the given directory, else `base`/newsclaims, or that below `base_of_root` if `nobody` cannot enter it.

    The servers of root run as `nobody`.
    """
    if given:
        return Path(given).expanduser().absolute()
    path = base.expanduser().absolute() / "newsclaims"
    if os.geteuid() == 0 and not is_open_to_others(path):
        return Path(base_of_root) / "newsclaims"
    return path


def is_open_to_others(path: Path) -> bool:
    """Returns whether all users can enter `path`, as far as it exists."""
    return all(parent.stat().st_mode & 0o001 for parent in (path, *path.parents) if parent.exists())


def _parse_choice(name: str, values: Mapping[str, str], allowed: tuple[str, ...]) -> str | None:
    value = values.get(name)
    if value is not None and value.upper() not in allowed:
        raise Permanent(f"{name} is {value!r}: it must be one of {', '.join(allowed)}.")
    return value.upper() if value else None


def _parse_port(name: str, values: Mapping[str, str]) -> int | None:
    value = values.get(name)
    if value is not None and not _is_port(value):
        raise Permanent(f"{name} is {value!r}: it must be a port number from 1 to 65535.")
    return int(value) if value else None


def _parse_compiler(name: str, values: Mapping[str, str]) -> Compiler | None:
    value = values.get(name) or None
    if value not in (None, *get_args(Compiler)):
        raise Permanent(f"{name} is {value!r}: it must be {' or '.join(get_args(Compiler))}.")
    return value  # type: ignore[return-value]


def _parse_days(name: str, values: Mapping[str, str]) -> int | None:
    value = values.get(name)
    if value is not None and not (value.isascii() and value.isdigit() and 0 < int(value) <= 36_500):
        raise Permanent(f"{name} is {value!r}: it must be a number of days from 1 to 36500.")
    return int(value) if value else None


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text) < 65536
