"""Retention: drops what is older than its limit, keeps what analysts marked, and thins old health samples."""
