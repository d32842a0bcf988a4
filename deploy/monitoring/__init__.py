"""Monitoring: the health of servers and job, for the index `health` and for Prometheus, and the values of alerts."""
