"""The connectors of this package, one module for each source, and the formats that they read."""
