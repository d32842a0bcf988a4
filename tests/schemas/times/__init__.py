"""Tests of what writes and reads times."""
