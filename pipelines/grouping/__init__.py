"""Claimants under one name in all articles, and figures that answer the same question under one id."""
