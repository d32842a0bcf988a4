"""The connectors that come with newsclaims, one file a source, and the formats they read."""
