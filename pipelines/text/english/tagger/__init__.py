"""The learned tagger: the word class of each word of a field, from the word and its neighbours."""
