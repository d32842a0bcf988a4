"""Attributions by fixed phrases: "according to", "is said to have", "put it bluntly"."""
