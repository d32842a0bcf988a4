"""Which addresses are public, and how addresses are shown."""

import pytest

from connectors.web.addresses import is_public, redact


@pytest.mark.parametrize(
    ("address", "public"),
    [("93.184.216.34", True), ("10.1.2.3", False), ("169.254.169.254", False), ("100.64.0.1", False), ("::1", False),
     ("fe80::1%eth0", False), ("fd00::1", False), ("0.0.0.0", False), ("::ffff:10.0.0.1", False), ("224.0.0.1", False),
     ("2002:7f00:1::", False), ("64:ff9b::7f00:1", False), ("2606:2800:220:1::1", True), ("64:ff9b::808:808", True)],
)  # fmt: skip
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("url", "shown"),
    [("https://u:p@a.example/x?token=1&b=2", "https://a.example/x?token=…&b=2"),
     ("https://a.example/x?page=2#top", "https://a.example/x?page=2#top")],
)  # fmt: skip
def test_secrets_are_hidden(url: str, shown: str) -> None:
    assert redact(url) == shown
