"""`newsclaims export`: documents as files for other programs.

`documents` reads an index page by page, `columns` turns a record into the columns of a table, `formats` writes CSV,
JSON Lines and Parquet, and `export` puts them together. `json_ld` writes one assertion as linked data.
"""
