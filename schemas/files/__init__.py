"""Files that people write or that are generated and committed: read, validated, and checked for staleness."""
