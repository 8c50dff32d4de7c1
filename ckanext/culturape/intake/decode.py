"""Which text stands in these bytes? By mark, by what is valid, and by declaration, in this order.

Declarations come after UTF-8 because many servers and programs declare an encoding that they do not use, while a text in another encoding
is hardly ever valid UTF-8. Guessing by likeness is left out: it takes Spanish in Windows-1252 for Central European or Chinese.
"""

from __future__ import annotations

import codecs
import re

#: Marks of byte order, the longer ones first, since one begins with another.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: Every serialisation of RDF begins with a character of ASCII, so wide encodings show where the zeros are (XML 1.0, appendix F).
_WIDE = (
    (re.compile(rb"[^\0]\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\0[^\0]"), "utf-32-be"),
    (re.compile(rb"[^\0]\0"), "utf-16-le"),
    (re.compile(rb"\0[^\0]"), "utf-16-be"),
)
_CHARSET = re.compile(r"charset=\"?([\w.:-]+)", re.IGNORECASE)
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding=[\"']([\w.:-]+)[\"']")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,400}\?>")

#: Latin-1 is declared where Windows-1252 is meant, which holds the same letters and more (WHATWG, Encoding).
_FALLBACK = ("cp1252", "latin-1")
_LATIN = frozenset({"iso-8859-1", "iso8859-1", "latin-1", "latin1", "us-ascii", "ascii"})


def decode(content: bytes, content_type: str = "") -> str:
    """The text, without mark and without the declaration of XML. Never raises."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _plain(content[len(mark) :].decode(encoding, "replace"))
    for wide, encoding in _WIDE:
        if wide.match(content):
            return _plain(content.decode(encoding, "replace"))
    for encoding in ("utf-8", *_declared(content, content_type), *_FALLBACK):
        try:
            return _plain(content.decode(encoding))
        except (ValueError, LookupError):
            continue
    raise AssertionError  # Latin-1 explains all bytes.


def _declared(content: bytes, content_type: str) -> list[str]:
    """What the server and the document say; wide encodings would have been seen by now."""
    said = [match[1] for match in [_CHARSET.search(content_type)] if match]
    said += [match[1].decode() for match in [_DECLARED.search(content[:500])] if match]
    return [name for name in said if name.lower() not in _LATIN and not _is_wide(name)]


def _is_wide(name: str) -> bool:
    return (
        name.lower().replace("_", "-").startswith(("utf-16", "utf16", "utf-32", "utf32", "ucs", "iso-10646"))
    )


def _plain(text: str) -> str:
    """Parsers read our own UTF-8, whatever the document says of itself."""
    return _DECLARATION.sub("", text, count=1) if text.lstrip()[:5] == "<?xml" else text
