"""All settings, for all packages: addresses, credentials, TLS, and where the embedded servers live."""

from deploy.settings.settings import (
    VARIABLES,
    Compiler,
    ElasticsearchSettings,
    EmbeddedSettings,
    KafkaSettings,
    Settings,
    is_open_to_others,
)

__all__ = [
    "VARIABLES",
    "Compiler",
    "ElasticsearchSettings",
    "EmbeddedSettings",
    "KafkaSettings",
    "Settings",
    "is_open_to_others",
]
