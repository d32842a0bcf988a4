"""Newsletters and press mails: an .eml file as an article."""

import re
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import parseaddr

from connectors.kit.article_line import ArticleLine
from connectors.sources.feed_dates import date_of
from connectors.web.charsets import text_of


def mail_line(data: bytes, fetched_at: datetime) -> ArticleLine:
    """The mail: HTML before plain text, subject as title, sender as publisher and author, its date.

    The address `mid:` of RFC 2392 names it, so that the same mail is one article from wherever it comes.
    """
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    part = message.get_body(("html", "plain"))
    payload = part.get_payload(decode=True) if part is not None else b""
    kind = part.get_content_type() if part is not None else "text/plain"
    content_type = header(part, "content-type") if part is not None else ""
    sender, address = parseaddr(header(message, "from"))
    identifier = re.sub(r"[<>\s]", "", header(message, "message-id"))
    return ArticleLine(
        body=text_of(payload, content_type) if isinstance(payload, bytes) else "",
        content_type="text/html" if kind == "text/html" else "text/plain",
        url=f"mid:{identifier}" if identifier else "",
        title=header(message, "subject") or None,
        author=sender or None,
        publisher=sender or address.rpartition("@")[2] or None,
        published_at=date_of(header(message, "date"), fetched_at),
    )


def header(message: Message, name: str) -> str:
    """A header as text, empty where it is not there or broken beyond reading."""
    try:
        return " ".join(str(message[name] or "").split())
    except (ValueError, IndexError, AttributeError, TypeError):
        return ""
