"""The job and its parts."""

import logging

# Beam's import warns on the root logger of a BigQuery client that nothing here wants.
logging.getLogger().addFilter(lambda record: "apitools not found" not in str(record.msg))
