"""What newsclaims needs for a number of articles a day: measured costs, a model of the load, and what breaks first."""
