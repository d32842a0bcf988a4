"""Which watches a text matches, and why."""
