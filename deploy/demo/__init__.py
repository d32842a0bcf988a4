"""The sample feed of `newsclaims demo`: articles that were written for the project, and their loader."""
