"""`newsclaims reprocess`: reads raw articles again, into a generation of indices next to the live one."""
