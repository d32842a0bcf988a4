"""Sample feeds: invented publishers, our own words."""

from datetime import UTC, datetime, timedelta
from html import escape

BASE = "https://harbour-ledger.example"
BEGAN = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


def item(number: int, **fields: str) -> str:
    """Returns an RSS item. `fields` replace or add elements; an empty one removes its element."""
    elements = {
        "title": f"Report {number}",
        "link": f"{BASE}/report/{number}",
        "guid": f"{BASE}/report/{number}",
        "description": f"The council counted {number} new berths in the harbour, its office said.",
        "pubDate": (BEGAN + timedelta(minutes=number)).strftime("%a, %d %b %Y %H:%M:%S +0000"),
    } | fields
    return "<item>" + "".join(f"<{k}>{escape(v)}</{k.split()[0]}>" for k, v in elements.items() if v) + "</item>"


def rss(*items: str, extra: str = "") -> str:
    """Returns an RSS 2.0 document."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>Harbour Ledger</title><link>{BASE}</link>{extra}{''.join(items)}</channel></rss>"
    )


def numbered(first: int, last: int) -> str:
    """Returns an RSS document with items of these numbers, the newest first as in real feeds."""
    return rss(*(item(number) for number in range(last, first - 1, -1)))
