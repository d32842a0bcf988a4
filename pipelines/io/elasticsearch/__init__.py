"""The Elasticsearch sink and what it needs: batches, outcomes, the ledger."""
