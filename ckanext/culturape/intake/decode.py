"""Which text stands in these bytes? By mark, by declaration, by what is valid, and by likeness, in this order."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

#: Marks of byte order, the longer ones first, since one begins with another.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET = re.compile(r"charset=\"?([\w.:-]+)", re.IGNORECASE)
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding=[\"']([\w.:-]+)[\"']")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,400}\?>")

#: Enough of a text to tell its encoding.
_SAMPLE = 100_000


def decode(content: bytes, content_type: str = "") -> str:
    """The text, without mark and without the declaration of XML. Never raises: what no encoding explains is replaced."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _plain(content[len(mark) :].decode(encoding, "replace"))
    for encoding in (*_declared(content, content_type), "utf-8"):
        try:
            return _plain(content.decode(encoding))
        except (UnicodeDecodeError, LookupError):
            continue
    best = from_bytes(content[:_SAMPLE]).best()
    return _plain(content.decode(best.encoding if best else "latin-1", "replace"))


def _declared(content: bytes, content_type: str) -> list[str]:
    said = [match[1] for match in [_CHARSET.search(content_type)] if match]
    return said + [match[1].decode() for match in [_DECLARED.search(content[:500])] if match]


def _plain(text: str) -> str:
    """Parsers read our own UTF-8, whatever the document says of itself."""
    return _DECLARATION.sub("", text, count=1) if text.lstrip()[:5] == "<?xml" else text
