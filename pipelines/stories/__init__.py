"""Stories: near copies of one article, such as reprints of an agency's report, share one id."""
