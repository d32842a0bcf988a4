"""Searches that return everything, however much there is."""
