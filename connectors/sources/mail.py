"""Newsletters and press mails: an .eml file as an article."""

import re
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import parseaddr

from connectors.kit.article_line import ArticleLine
from connectors.sources.feed_dates import parse_date
from connectors.web.charsets import decode_body


def parse_mail(data: bytes, fetched_at: datetime) -> ArticleLine:
    """Parses a mail: HTML is preferred to plain text, the subject is the title, the sender publisher and author.

    The article's address is the `mid:` URL of RFC 2392, so that a mail is the same article wherever it comes from.
    """
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    part = message.get_body(("html", "plain"))
    payload = part.get_payload(decode=True) if part is not None else b""
    kind = part.get_content_type() if part is not None else "text/plain"
    content_type = read_header(part, "content-type") if part is not None else ""
    sender, address = parseaddr(read_header(message, "from"))
    identifier = re.sub(r"[<>\s]", "", read_header(message, "message-id"))
    decoded = decode_body(payload if isinstance(payload, bytes) else b"", content_type)
    return ArticleLine(
        body=decoded.text,
        extra=decoded.remarks,
        content_type="text/html" if kind == "text/html" else "text/plain",
        url=f"mid:{identifier}" if identifier else "",
        title=read_header(message, "subject") or None,
        author=sender or None,
        publisher=sender or address.rpartition("@")[2] or None,
        published_at=parse_date(read_header(message, "date"), fetched_at),
    )


def read_header(message: Message, name: str) -> str:
    """Returns a header as text, or an empty string if it is missing or cannot be parsed."""
    try:
        return " ".join(str(message[name] or "").split())
    except (ValueError, IndexError, AttributeError, TypeError):
        return ""
