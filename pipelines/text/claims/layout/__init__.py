"""Attributions that layout and punctuation make: headlines, signed quotations, transcripts, editors' notes."""
