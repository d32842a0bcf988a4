"""What Kibana shows: data views, saved searches and a dashboard, as saved objects that one file imports.

`index_fields` lists the fields of each index. `data_views`, `searches` with `saved_searches`, and `board` with `lens`
define the objects; `content` puts them into one file and `check` validates it without a server. `push` and
`differences` compare and import through `server`, the client of Kibana's API. `searches_page` writes `SEARCHES.md`.
"""
