"""Texts of strangers that try to be more than text."""

HOSTILE = {
    "terminal title": "a\x1b]0;owned\x07b",
    "clipboard": "a\x1b]52;c;aGk=\x07b",
    "hidden link": "a\x1b]8;;https://evil.example\x1b\\b",
    "cleared screen": "a\x1b[2J\x1b[Hb",
    "single character CSI": "a\x9b31mb",
    "bell, backspace, vertical tab": "a\x07\x08\x0b\x0cb",
    "carriage return": "all good\rall bad",
    "null and delete": "a\x00\x7fb",
    "turned around": "a\u202etxt.exe\u2066b",
    "unseen": "a\u200bb\ufeffc\u2060d\U000e0041e",
    "line separators": "a\u2028b\u2029c",
    "half a character": "a\ud800b",
    "markup of rich": "[red]a[/red] [link=https://evil.example]b[/link] [/] \\[bold]",
    "emoji name": ":smile:",
    "script": "</script><script>alert(1)</script><img src=x onerror=alert(1)>",
    "markdown link": "[a](javascript:alert(1))",
    "templates": "${__all} {{7*7}} {{term status}} $__all",
    "formula": "=HYPERLINK(\"https://evil.example\")",
    "query": "*) OR *:* OR (a:\"",
}  # fmt: skip
"""By what each would do."""
