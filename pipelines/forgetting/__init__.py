"""`newsclaims forget`: removes everything that is stored of a page, and remembers that it must not come back."""
