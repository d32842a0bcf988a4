"""The streaming job, its source and sink, the text rules, and the commands that use them."""

import logging

# When Beam is imported, it warns about a BigQuery client that is not needed here.
logging.getLogger().addFilter(lambda record: "apitools not found" not in str(record.msg))
