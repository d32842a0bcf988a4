"""Numbers that are not figures: years, labels, scores and names."""
