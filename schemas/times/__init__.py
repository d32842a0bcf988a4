"""What feeds, pages and texts have in common when they write times."""
