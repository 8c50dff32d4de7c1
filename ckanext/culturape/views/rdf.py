"""How RDF is asked for and answered: formats by suffix or negotiation, refusals in one sentence, tags for caches."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timezone
from functools import wraps
from typing import Any, NamedTuple

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError
from ckanext.dcat.exceptions import RDFProfileException
from flask import Response, redirect

from ckanext.culturape.rdf.formats import FORMATS, Format, Snapshot, gzipped

View = Callable[..., Any]

HTML = "text/html"

#: Formats that pages name and that negotiation gives: suffix and name.
OFFERED = {"ttl": "Turtle", "xml": "RDF/XML", "jsonld": "JSON-LD", "nt": "N-Triples"}


class Link(NamedTuple):
    """A format in which a page is offered for programs."""

    name: str
    media_type: str
    url: str


def offered(endpoint: str, **names: str) -> list[Link]:
    """The formats in which an endpoint, with these names in its address, gives RDF."""
    return [
        Link(name, FORMATS[suffix].media_type, tk.url_for(endpoint, _format=suffix, **names))
        for suffix, name in OFFERED.items()
    ]


def asked_for() -> str:
    """The suffix of the format that a client reads better than pages; empty for one that reads pages."""
    types = {FORMATS[suffix].media_type: suffix for suffix in OFFERED}
    return types.get(str(tk.request.accept_mimetypes.best_match([HTML, *types], HTML)), "")


def see_other(address: str) -> Any:
    """Send a client to the RDF of what it asked for."""
    response = redirect(address, 303)
    response.vary.add("Accept")
    return response


def varying(response: Response, endpoints: Collection[str]) -> Response:
    """Tell caches that what these pages answer depends on what the client reads."""
    if tk.request.endpoint in endpoints:
        response.vary.add("Accept")
    return response


def refuse(message: str) -> tk.ValidationError:
    """A refusal that is one sentence."""
    return tk.ValidationError({"message": [message]}, error_summary={"message": message})


def read_format(suffix: str, offered: Mapping[str, Format] = FORMATS) -> Format:
    """The serialisation of a suffix. Raises: ValidationError."""
    if suffix not in offered:
        message = tk._("“%(value)s” is not a format of this catalogue; there are %(formats)s.")
        raise refuse(message % {"value": suffix[:20], "formats": ", ".join(offered)})
    return offered[suffix]


def read_file_format(name: str) -> tuple[Format, bool]:
    """The serialisation of the end of a file's name, and whether ``.gz`` after it asks to pack it. Raises: ValidationError."""
    suffix, _, packed = name.partition(".")
    return read_format(suffix if packed in {"", "gz"} else name), bool(packed)


def sentence(message: str, status: int) -> Response:
    """A refusal."""
    return Response(message + "\n", status=status, content_type="text/plain; charset=utf-8")


def answers_in_a_sentence(view: View) -> View:
    """What cannot be answered is told in one sentence, never with an error page."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Any:
        try:
            return view(*args, **kwargs)
        except tk.ValidationError as error:
            return sentence(" ".join(map(str, error.error_summary.values())), 400)
        except RDFProfileException:
            return sentence(
                tk._("No profile is called “%(name)s”.")
                % {"name": tk.request.args.get("profiles", "")[:100]},
                400,
            )
        except tk.NotAuthorized:
            return sentence(tk._("You may not read this catalogue."), 403)
        except tk.ObjectNotFound:
            return sentence(tk._("Dataset not found"), 404)
        except (SearchError, RuntimeError) as error:
            return sentence(str(error), 503)

    return answer


def headers(form: Format, etag: str, modified: datetime | None) -> Response:
    """An answer in a format of RDF without a body yet, that caches may keep as long as its tag holds."""
    kind = form.media_type if form.suffix == "jsonld" else f"{form.media_type}; charset=utf-8"
    response = cacheable(kind, etag, modified)
    response.vary.add("Accept")
    return response


def cacheable(content_type: str, etag: str, modified: datetime | None) -> Response:
    """An answer without a body yet, that caches may keep as long as its tag holds."""
    response = Response(content_type=content_type)
    response.set_etag(etag, weak=True)
    response.last_modified = modified and (
        modified if modified.tzinfo else modified.replace(tzinfo=timezone.utc)
    )
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    response.vary.add("Accept-Encoding")
    return response


def is_known(response: Response) -> bool:
    """Whether the client has this answer; only its tag counts, since what leaves a page changes no date."""
    etag, _ = response.get_etag()
    if not etag or not tk.request.if_none_match.contains_weak(etag):
        return False
    response.status_code = 304
    return True


def send_file(
    found: Snapshot,
    name: str,
    file_format: tuple[Format, bool],
    tag: Callable[[Format, bool], str],
    modified: datetime | None = None,
) -> Response:
    """A snapshot as a file, as a stream. It is closed at the end, when the client has the file already, and when something fails.

    Args:
        found: the snapshot.
        name: of the file.
        file_format: the serialisation, and whether it is packed.
        tag: changes when, and only when, the file in this format does.
        modified: when it changed last.
    """
    form, packed = file_format
    try:
        response = headers(form, tag(form, packed), modified)
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        if packed:
            response.content_type = "application/gzip"
        if is_known(response) or tk.request.method == "HEAD":
            # Nobody knows the length of what was not written.
            response.automatically_set_content_length = False
            found.close()
            return response
    except BaseException:
        found.close()
        raise
    response.response = gzipped(found.write(form)) if packed else found.write(form)
    response.call_on_close(found.close)
    return response


def keep_private(response: Response) -> None:
    """Have nobody keep an answer that not everybody may read."""
    tk.request.environ["__no_cache__"] = True
    response.headers["Cache-Control"] = "private, no-store"


def digest(*parts: object) -> str:
    """A short digest of some values."""
    text = "\x1f".join(part.hex() if isinstance(part, bytes) else str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
