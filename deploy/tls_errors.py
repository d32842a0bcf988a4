"""Turns what OpenSSL says about a refused connection into what is wrong and what to do."""

from typing import Final

CAUSES: Final = (
    ("certificate has expired", "its certificate has expired: renew it on the server"),
    ("certificate is not yet valid", "its certificate is not valid yet: check the clocks of both machines"),
    ("Hostname mismatch", "its certificate is for another host name: use the name in the certificate"),
    ("IP address mismatch", "its certificate is for another address: use the name in the certificate"),
    ("CERTIFICATE_VERIFY_FAILED", "its certificate is not signed by an authority that this machine trusts: set {ca}"),
    ("WRONG_VERSION_NUMBER", "it does not speak TLS at this address: {plain}"),
    ("RECORD_LAYER_FAILURE", "it does not speak TLS at this address: {plain}"),
    ("CERTIFICATE_REQUIRED", "it asks for a certificate of the client"),
)
"""Words of OpenSSL's message, and the sentence for people."""


def explain_tls_error(message: str, ca: str, plain: str) -> str | None:
    """Returns the cause and what to do, or None if the message is not about TLS.

    `ca` is the setting for the certificate authority, `plain` is what to do if the server has no TLS.
    """
    for words, cause in CAUSES:
        if words in message:
            return cause.format(ca=ca, plain=plain)
    return f"TLS failed ({message})" if "[SSL" in message else None
