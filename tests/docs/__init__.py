"""Tests of the documentation: what it says is run, parsed or looked up."""
