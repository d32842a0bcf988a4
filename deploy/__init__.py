"""Where and how newsclaims runs: settings, set-up of servers, monitoring, the embedded stack, containers."""
