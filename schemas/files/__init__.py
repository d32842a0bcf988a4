"""Files that people write, which are read and validated, and generated files, which are checked for staleness."""
