"""Every address, credential and TLS setting, for all packages."""

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
