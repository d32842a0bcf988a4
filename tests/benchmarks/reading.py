"""Measures how fast pages are read, and in how much memory, compared with trafilatura alone on the same pages.

Each measurement runs in a process of its own. The pages are the project's gold texts, grown to the size of news pages:
a menu, forty paragraphs, a foot of links.
"""

import argparse
import multiprocessing
import resource
import time
from collections.abc import Callable

import trafilatura

from pipelines.text.reading.page import read
from schemas.text import Page
from tests.benchmarks.ratios import report_ratio
from tests.pipelines.text.reading.gold_pages import GoldPage, as_html, pages

MENU = 180
"""Links above and below the article: the middle of what news pages carry."""
PARAGRAPHS = 40


def grow_page(page: GoldPage) -> GoldPage:
    """Returns the page with a long menu, its paragraphs repeated under new numbers, and a long foot."""
    title = page.items[0].title or "News"
    body = [f"{text} ({number})" for number in range(PARAGRAPHS) for text in page.items[0].body[:1]]
    menu = [("-", f"Section {number} of the paper") for number in range(MENU)]
    return GoldPage(page.name, "", page.items, [], {}, [*menu, ("T", title), *(("B", text) for text in body), *menu])


def make_html_pages(count: int) -> list[str]:
    """Returns the HTML of `count` pages, in three kinds of markup."""
    single = [grow_page(page) for page in pages() if page.single]
    return [as_html(single[number % len(single)], number % 3) for number in range(count)]


def make_plain_pages(count: int) -> list[str]:
    """Returns the same pages as text without markup."""
    single = [grow_page(page) for page in pages() if page.single]
    return ["\n".join(text for _, text in single[number % len(single)].lines) for number in range(count)]


def extract_alone(html: str) -> None:
    """Calls trafilatura as the reading of HTML does."""
    trafilatura.bare_extraction(html, fast=True, include_comments=False, favor_precision=True, with_metadata=True)


def read_html(html: str) -> None:
    """Reads a page of HTML, from markup to articles."""
    read(Page(id="1", html=html))


def read_plain(text: str) -> None:
    """Reads a page of text without markup, from lines to articles."""
    read(Page(id="1", text=text))


def measure(make: Callable[[int], list[str]], work: Callable[[str], None], count: int) -> tuple[float, float]:
    """Returns pages a second, and peak memory in MB above that before the first page; in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measure, (make, work, count))


def _measure(make: Callable[[int], list[str]], work: Callable[[str], None], count: int) -> tuple[float, float]:
    texts = make(count)
    work(texts[0])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    for text in texts:
        work(text)
    rate = count / (time.process_time() - start)
    return rate, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def main() -> None:
    """Prints pages a second and memory of each, and the ratio to trafilatura alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=300)
    count = parser.parse_known_args()[0].pages
    size = sum(map(len, make_html_pages(30))) / 30_000
    print(f"{count} pages of {size:.0f} kB of markup")
    base, base_memory = measure(make_html_pages, extract_alone, count)
    print(f"trafilatura alone   {base:7.0f} pages a second, {base_memory:5.1f} MB more at the peak")
    for name, make, work in (
        ("read, HTML", make_html_pages, read_html),
        ("read, plain text", make_plain_pages, read_plain),
    ):
        rate, memory = measure(make, work, count)
        print(f"{name:19s} {rate:7.0f} pages a second, {memory:5.1f} MB more at the peak")
        report_ratio(name.replace("read", "reading"), rate / base)


if __name__ == "__main__":
    main()
