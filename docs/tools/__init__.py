"""Makes the reference pages of the site from the code: one module for each source."""
