"""Floors of the quality gates: what the text rules reach on the project's own gold, and may not fall below."""
