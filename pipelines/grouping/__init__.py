"""Grouping: claimants under one name, and claims and figures that answer the same question under one id."""
