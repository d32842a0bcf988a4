"""`newsclaims run`: the supervisor, its worker processes, and their reports."""
