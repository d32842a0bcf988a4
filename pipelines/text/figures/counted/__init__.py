"""What a number counts: the noun after it, before it or carried over from another number."""
