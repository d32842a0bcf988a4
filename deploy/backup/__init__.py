"""Backups of the indices as snapshots, and the offsets of the job's group, which belong to them."""
