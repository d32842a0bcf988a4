"""People, organisations, places and nationalities that an article names."""
