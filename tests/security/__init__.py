"""Servers with TLS, logins and permissions, and every command against them."""
