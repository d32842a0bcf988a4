"""Boards, data sources and alert rules brought to a Grafana through its API. It overwrites only what is ours."""
