"""Keeps the index of assertions in step with the indexed claims: first appearance, repeats, publishers and stories."""
