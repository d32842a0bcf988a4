"""The watches that a text matches, and the reasons."""
