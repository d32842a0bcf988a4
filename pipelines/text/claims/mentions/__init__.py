"""Mentions: the people, bodies and groups of a document, what it calls them, and which of them a word means."""
