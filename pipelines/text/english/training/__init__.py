"""Training of the tagger: reads treebanks in CoNLL-U, learns the weights, measures them on held-out documents."""
