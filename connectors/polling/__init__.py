"""Polling: when each feed is polled, which poller polls it, what it delivered, and how that is shown."""
