"""The version of the text rules, in a module of its own so that callers can name it without loading the rules."""

RULES_VERSION = "2026.11.9"
"""Changes whenever the same page would give other claims, so that documents of older rules can be found."""
