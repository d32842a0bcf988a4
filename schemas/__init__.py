"""The contract with other programs: records, topics, indices, metrics and alerts. Imports no other package of ours."""
