"""The sample feed of `newsclaims demo`: articles written for the project, and their loader."""
