"""`newsclaims dashboards push` and `diff`: boards, data sources and alert rules in a running Grafana.

`run` finds and orders the steps; `boards`, `rules`, `sources` and `folder` plan them for one kind of object each;
`server` is the client of Grafana's API. A push overwrites only objects of newsclaims.
"""
