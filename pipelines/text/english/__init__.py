"""English grammar that figures, entities and claims share: word classes, phrases, clauses, quotations, cues."""
