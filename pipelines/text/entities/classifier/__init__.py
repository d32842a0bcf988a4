"""A learned judgement of what a name names: a linear model over the words of the name and those around it."""
