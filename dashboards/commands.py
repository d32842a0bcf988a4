"""The commands of the dashboards, which `newsclaims.py` adds to the command line. Each package defines its own."""

from dashboards.exports.commands import exports
from dashboards.grafana.commands import boards
from dashboards.kibana.commands import kibana
from dashboards.report.commands import report

__all__ = ["boards", "exports", "kibana", "report"]
