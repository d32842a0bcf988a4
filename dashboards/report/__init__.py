"""`newsclaims report`: the boards without Grafana, as one HTML page that needs no network.

`gathering` asks Elasticsearch for every panel and each selection that the page offers; `drawing` makes a Vega-Lite
chart of a panel; `page` writes the file, `server` serves it with fresh data, `pictures` draws one panel as PNG or SVG.
"""
