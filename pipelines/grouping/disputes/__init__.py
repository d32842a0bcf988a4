"""Finds the question that a figure answers: figures about one question are one dispute. Pure functions of the text."""
