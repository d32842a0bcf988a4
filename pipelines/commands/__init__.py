"""The commands for texts, the job, dead letters and watches. Only they may import dashboards and connectors here."""
