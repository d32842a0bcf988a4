"""Reads feeds, pages, files and topics, and publishes their articles to the topic `raw-articles`."""
