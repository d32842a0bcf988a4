"""The Elasticsearch sink: batches, the outcome of each document, and the ledger of what was written."""
