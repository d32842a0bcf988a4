"""HTML pages: what a reader sees, which of it is the article, and what the page says about itself."""
