"""The entries of feeds: how each format is read, what is repaired in it, and which entries are one article."""
