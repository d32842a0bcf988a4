"""The conditions of alerts, computed from what is indexed."""
