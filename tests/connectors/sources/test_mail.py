"""Mails as articles."""

import io
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from connectors.kit import FoundArticle
from connectors.sources.files import read_paths
from schemas.records import RawArticle


def read(folder: Path, data: bytes) -> RawArticle:
    (folder / "mail.eml").write_bytes(data)
    (found,) = read_paths([str(folder)], io.BytesIO())
    assert isinstance(found, FoundArticle), found
    return found.article


def mail(text: str, html: str | None = None) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Hafenamt Zürich <press@harbour.example>"
    message["Subject"] = "Zwölf neue Liegeplätze"
    message["Message-ID"] = "<12@harbour.example>"
    message["Date"] = "Mon, 05 Jan 2026 10:00:00 +0200"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
        message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
    return message


def test_plain_mail(tmp_path: Path) -> None:
    found = read(tmp_path, mail("Zwölf Plätze, sagt das Amt.").as_bytes(policy=SMTP))
    assert (found.title, found.author) == ("Zwölf neue Liegeplätze", "Hafenamt Zürich")
    assert (found.body.strip(), found.content_type) == ("Zwölf Plätze, sagt das Amt.", "text/plain")
    assert found.published_at == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert found.url == "mid:12@harbour.example"


def test_html_is_preferred_and_attachments_are_ignored(tmp_path: Path) -> None:
    found = read(tmp_path, mail("plain", "<p>Twelve berths.</p>").as_bytes(policy=SMTP))
    assert (found.body.strip(), found.content_type) == ("<p>Twelve berths.</p>", "text/html")


@pytest.mark.parametrize(
    "data",
    [b"Subject: =?utf-8?B?broken\nFrom: <<>\nDate: never\n\nTwelve berths.", b"Twelve berths, without any header",
     "Content-Type: text/plain; charset=utf-8\n\nZürich".encode("latin-1"),
     b"Content-Type: text/plain; charset=nonsense\nContent-Transfer-Encoding: base64\n\n!!!VHdlbHZl"],
)  # fmt: skip
def test_broken_mails_are_read_as_far_as_possible(tmp_path: Path, data: bytes) -> None:
    assert read(tmp_path, data).body.strip()


def test_a_mail_without_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(b"Subject: x\nContent-Type: application/pdf\n\n%PDF")
    (found,) = read_paths([str(tmp_path)], io.BytesIO())
    assert not isinstance(found, FoundArticle)
    assert found.why == "body has no text"
