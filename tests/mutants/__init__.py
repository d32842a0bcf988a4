"""Damages to the text rules, one at a time: each must make a test fail, or the rule is not worth its place."""
