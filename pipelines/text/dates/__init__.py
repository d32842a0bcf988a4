"""The times that an article names, as intervals of UTC days."""
