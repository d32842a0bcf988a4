"""Keeps raw articles as compressed files, in a folder or in S3."""
