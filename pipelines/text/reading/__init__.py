"""From a page to the articles on it: what is the text, what is boilerplate, and what the page says of itself."""
