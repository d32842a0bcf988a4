"""The boards as Grafana's dashboards, data sources and alert rules.

`dashboard` renders a board, with `panel_models`, `query_models` and `links` for its parts; `alert_rules` renders the
alerts of `schemas.alerts`, and `provisioning` the files that Grafana reads at its start. `lint` checks the definitions
without a server; `push` brings them to a running Grafana.
"""
