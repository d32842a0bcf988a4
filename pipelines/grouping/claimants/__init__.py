"""Gives each claimant an id and a name that are the same in all articles. Pure functions of the text."""
