"""The boards as Grafana's dashboards, data sources and alert rules."""
