"""How sure a claim is: from the verb of saying, and from the main clause of what is said."""
