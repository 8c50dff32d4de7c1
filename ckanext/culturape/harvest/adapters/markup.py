"""What stands in markup: texts of HTML, scripts of a page, elements of XML. The only module that knows the parser.

lxml: CKAN brings it, it reads any web page in linear time, and it is told to fetch nothing and to expand nothing. The parser of
HTML in the standard library raises for some broken pages and takes quadratic time for others in versions that are in use.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.intake.sniff import refuse_dtd
from ckanext.culturape.namespaces import PREFIXES
from ckanext.culturape.rdf.terms import plain

_RESOURCE = f"{{{PREFIXES['rdf']}}}resource"

# It has no types of its own.
_etree: Any = import_module("lxml.etree")

_TAG = re.compile(r"<\s*/?\s*[A-Za-z][^<>]*>")
_ESCAPED = re.compile(r"&lt;\s*/?\s*[A-Za-z][^<>]*?&gt;")
_BLOCKS = frozenset(
    {"p", "div", "br", "li", "ul", "ol", "tr", "table", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"}
)
_HIDDEN = frozenset({"script", "style", "head", "title"})
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")


def plain_text(text: str) -> str:
    """The words of a text that may be HTML, also where its tags are escaped; paragraphs stay apart. Other texts stay as they are."""
    if _ESCAPED.search(text):
        text = html.unescape(text)
    if not _TAG.search(text):
        return text
    root = _page(text)
    words = "" if root is None else "".join(_words(root))
    return _LINES.sub("\n\n", _SPACES.sub(" ", words)).strip()


def _page(text: str) -> Any:
    """The root of a page, ``None`` for one without elements."""
    parser = _etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        return _etree.fromstring(plain(text).encode(), parser)
    except (_etree.LxmlError, ValueError):
        return None


def _words(root: Any) -> Iterator[str]:
    hidden = 0
    for event, element in _etree.iterwalk(root, events=("start", "end")):
        tag = str(element.tag)
        is_start = event == "start"
        hidden += (1 if is_start else -1) if tag in _HIDDEN else 0
        if tag in _BLOCKS:
            yield "\n"
        said = element.text if is_start else element.tail
        if said and not hidden:
            yield _LINES.sub(" ", said)


def scripts(page: str, media_type: str) -> list[str]:
    """The scripts of a web page that are of a media type, in their order."""
    root = _page(page)
    if root is None:
        return []
    found = (element for element in root.iter("script"))
    kinds = ((str(element.get("type") or "").partition(";")[0].strip().lower(), element) for element in found)
    return [str(element.text) for kind, element in kinds if kind == media_type and element.text]


def xml_root(text: str) -> Any:
    """The root element of XML. Raises: Fault, also for a DTD."""
    refuse_dtd(text)
    parser = _etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True, encoding="utf-8",
    )  # fmt: skip
    try:
        return _etree.fromstring(text.encode("utf-8", "replace"), parser)
    except _etree.XMLSyntaxError as error:
        raise Fault(N_("The XML cannot be read: %(reason)s"), {"reason": plain(str(error))}) from error


def children(element: Any) -> list[Any]:
    """The elements below an element."""
    return [child for child in element if isinstance(child.tag, str)]


def name_of(element: Any) -> tuple[str, str]:
    """Namespace and local name of an element."""
    space, _, local = str(element.tag).rpartition("}")
    return space.lstrip("{"), local


def source_of(element: Any) -> bytes:
    """An element as a document of its own, with its prefixes."""
    return bytes(_etree.tostring(element, encoding="utf-8", with_tail=False))


def without_doubled_texts(text: str) -> bytes:
    """RDF/XML in which no property has both an address and a text: the address stays. Raises: Fault."""
    root = xml_root(text)
    for element in root.iter():
        if element.get(_RESOURCE) is not None:
            element.text = None
    return source_of(root)
