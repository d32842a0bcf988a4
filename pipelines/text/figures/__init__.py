"""Figures: each number of a text with its bounds, its unit and its change."""
