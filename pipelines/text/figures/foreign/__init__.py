"""Figures in languages other than English."""
