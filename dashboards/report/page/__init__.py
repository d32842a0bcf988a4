"""The page of a report: its charts, its data, and the files that it consists of.

`drawing` builds Vega-Lite charts, with `looks` and `marks`; `payload` collects the page's data as JSON, `rendering`
fills the template `page.html`, and `library` provides the JavaScript that draws the charts.
"""
