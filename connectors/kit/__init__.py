"""What a connector is written with. Packages of others import these names from here."""

from connectors.kit.connector import Batch, Connector, Context, Cursor, Suggestion, batched

__all__ = ["Batch", "Connector", "Context", "Cursor", "Suggestion", "batched"]
