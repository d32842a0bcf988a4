"""Tests of what `newsclaims forget` removes."""
