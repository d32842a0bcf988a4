"""What OpenSSL says becomes a cause and what to do."""

import pytest

from deploy.tls_errors import explain_tls_error

VERIFY = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: "


@pytest.mark.parametrize(
    ("message", "cause"),
    [
        (f"{VERIFY}certificate has expired (_ssl.c:1006)", "its certificate has expired: renew it on the server"),
        (f"{VERIFY}certificate is not yet valid", "its certificate is not valid yet: check the "
         "clocks of both machines"),
        (f"{VERIFY}Hostname mismatch, certificate is not valid for 'es'.", "its certificate is for another host name: "
         "use the name in the certificate"),
        (f"{VERIFY}IP address mismatch, certificate is not valid for '10.0.0.1'.", "its certificate is for another "
         "address: use the name in the certificate"),
        (f"{VERIFY}unable to get local issuer certificate", "its certificate is not signed by an authority that this "
         "machine trusts: set THE_CA_FILE"),
        ("[SSL: WRONG_VERSION_NUMBER] wrong version number", "it does not speak TLS at this address: write http://"),
        ("[SSL] record layer failure: RECORD_LAYER_FAILURE", "it does not speak TLS at this address: write http://"),
        ("[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED]", "it asks for a certificate of the client"),
        ("[SSL: ODD] odd", "TLS failed ([SSL: ODD] odd)"),
        ("Connection refused", None),
    ],
)  # fmt: skip
def test_a_message_has_a_cause(message: str, cause: str | None) -> None:
    assert explain_tls_error(message, "THE_CA_FILE", "write http://") == cause
