"""The file feeds.yaml: reading, checking and changing it, and finding the feeds of a site."""
