"""Claims: who says what, through whom, with which figures, and how sure."""
