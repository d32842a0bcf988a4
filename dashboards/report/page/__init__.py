"""The page of a report: its charts, its data, and the files it is made of."""
