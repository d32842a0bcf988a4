"""`newsclaims report`: the boards without Grafana, as one HTML page that needs no network.

`gathering` sends the query of every panel, for each selection that the page offers; `selections`, `times` and `rows`
help it. `page` builds the page, `output` writes it, `server` serves it with fresh data (`live`), and `pictures` draws
one panel as PNG or SVG.
"""
