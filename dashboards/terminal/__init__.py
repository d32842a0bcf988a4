"""What commands show in a terminal: articles, watches, dead letters, and the summary of the demo with its charts."""
