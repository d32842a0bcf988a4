"""All settings, for all packages: addresses, credentials, TLS, and where the embedded servers live."""

from deploy.settings.settings import (
    VARIABLES,
    ElasticsearchSettings,
    EmbeddedSettings,
    KafkaSettings,
    Settings,
    is_open_to_others,
)

__all__ = [
    "VARIABLES",
    "ElasticsearchSettings",
    "EmbeddedSettings",
    "KafkaSettings",
    "Settings",
    "is_open_to_others",
]
