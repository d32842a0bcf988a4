"""Fetching over HTTP: checked addresses, limits, robots.txt, freshness, character encodings."""
