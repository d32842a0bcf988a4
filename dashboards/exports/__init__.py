"""`newsclaims export`: documents as files for other programs."""
