"""The times that an article speaks of."""
