"""Fetching over HTTP: guarded addresses, limits, robots.txt, freshness."""
