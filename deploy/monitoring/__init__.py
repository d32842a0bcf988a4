"""`newsclaims monitor`: the health of servers and job, as samples in `health` and as Prometheus metrics."""
