"""Which rules texts are read by. A module of its own: who only names the rules need not load them."""

RULES_VERSION = "2026.11.2"
"""Changes whenever the same page would give other claims: it tells what is indexed from what would be now."""
