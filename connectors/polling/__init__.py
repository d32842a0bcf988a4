"""Polling: which feeds there are, when each is polled, what it delivered, and who polls it."""
