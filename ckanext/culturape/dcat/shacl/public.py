"""``/validar``: anybody may ask what a validator says of a description in DCAT, pasted, uploaded, or at an address."""

from __future__ import annotations

from datetime import datetime, timezone
from threading import BoundedSemaphore
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from flask import Response

from ckanext.culturape import config
from ckanext.culturape.dcat.shacl.findings import SEVERITIES, count
from ckanext.culturape.dcat.shacl.foreign import Foreign, examine_safely
from ckanext.culturape.dcat.shacl.reports import WRITERS, Report
from ckanext.culturape.dcat.shacl.sentences import Said, say
from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.helpers.concepts import culturape_language
from ckanext.culturape.intake.limits import Limits
from ckanext.culturape.intake.parse import BASE
from ckanext.culturape.logic.flooding import may_go_on
from ckanext.culturape.vocab.concept import best_text

#: A person waits for the answer, so less is taken than from a source that is harvested.
LIMITS = Limits(size=5_000_000, triples=100_000, total=20.0, memory=1_200_000_000)

#: Examinations at one time in each process of the web server: the others must go on serving.
_ROOM = BoundedSemaphore(2)

_MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "html": "text/html; charset=utf-8",
}


class Asked:
    """What was asked for.

    Attributes:
        address: of a description.
        content, content_type: of one that was pasted or uploaded.
        text: what was pasted, to be shown again.
        form: ``page``, or a suffix of ``WRITERS``.
    """

    def __init__(self) -> None:
        given = tk.request.values
        self.address = given.get("url", "").strip()[:2000]
        self.form = given.get("format", "page")
        self.text = tk.request.form.get("text", "")
        upload = tk.request.files.get("file")
        uploaded = upload.read(LIMITS.size + 1) if upload else b""
        self.content = uploaded or self.text.encode()
        self.content_type = str(upload.mimetype) if upload and uploaded else ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was given."""
        return not (self.address or self.content.strip())


def validate_page() -> Any:
    """The form, and below it the report about what was given."""
    tk.request.environ["__no_cache__"] = True
    if (tk.request.content_length or 0) > 2 * LIMITS.size:
        return _refused(None, _too_large(), 413)
    # A text that is pasted may be as large as a file; Flask takes half a megabyte of it.
    tk.request.max_form_memory_size = 2 * LIMITS.size
    asked = Asked()
    if tk.request.method == "HEAD" or (tk.request.method == "GET" and asked.is_empty):
        return _page(asked)
    refusal = _refusal(asked)
    return _refused(asked, *refusal) if refusal else _examined(asked)


def _refusal(asked: Asked) -> tuple[str, int] | None:
    """Why something is not examined, and the status that says so."""
    if asked.form not in {"page", *WRITERS}:
        return tk._("A report is a page, or in csv, json or html."), 400
    if asked.is_empty:
        return tk._("Give an address, a file or a text."), 400
    if len(asked.content) > LIMITS.size:
        return _too_large(), 413
    if not may_go_on("validar", config.validation_rate()):
        return tk._("You have asked often in a short time. Try again later."), 429
    return None


def _too_large() -> str:
    return tk._("The document is larger than %(size)s MB, the limit of this site.") % {
        "size": LIMITS.size // 1_000_000
    }


def _examined(asked: Asked) -> Any:
    if not _ROOM.acquire(blocking=False):
        return _refused(asked, tk._("Other descriptions are being examined. Try again in a moment."), 503)
    try:
        found = examine_safely(
            LIMITS,
            config.shapes(),
            asked.address,
            asked.content if not asked.address else b"",
            asked.content_type,
            config.allowed_sources(),
        )
    except Fault as fault:
        return _refused(asked, fault.text(tk._), 422)
    finally:
        _ROOM.release()
    rows = [say(finding, tk._, culturape_language()) for finding in found.findings]
    if asked.form == "page":
        return _page(asked, found, rows)
    report = _report(asked, found)
    return Response("".join(WRITERS[asked.form](report, rows)), content_type=_MEDIA_TYPES[asked.form])


def _refused(asked: Asked | None, message: str, status: int) -> Any:
    if asked is None or asked.form != "page":
        return Response(f"{message}\n", status=status, content_type="text/plain; charset=utf-8")
    return _page(asked, refusal=message), status


def _page(
    asked: Asked, found: Foreign | None = None, rows: list[Said] | None = None, refusal: str = ""
) -> str:
    variables = {
        "asked": asked,
        "found": found,
        "refusal": refusal,
        "limits": LIMITS,
        "base": BASE,
        "register_url": _register_url(asked) if found and found.datasets else "",
        "report": _report(asked, found) if found else None,
        "groups": _groups(rows or []),
    }
    return tk.render("culturape/shacl/validate.html", variables)


def _groups(rows: list[Said]) -> list[tuple[str, list[Said]]]:
    """The findings of each severity, what must be mended first."""
    return [(severity, [row for row in rows if row.finding.severity == severity]) for severity in SEVERITIES]


def _report(asked: Asked, found: Foreign) -> Report:
    language = culturape_language()
    return Report(
        title=tk._(N_("Validation of a description")),
        subject=asked.address or tk._(N_("Text or file that was given")),
        datasets=found.datasets,
        counts=count(found.findings),
        titles={address: best_text(texts, language) for address, texts in found.titles.items()},
        made=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        shapes=tuple(str(path) for path in config.shapes()) or ("culturape",),
        language=language,
        translate=tk._,
    )


def _register_url(asked: Asked) -> str:
    """The form of a new harvest source for this address, for those who may create one."""
    if not (asked.address and p.plugin_loaded("harvest") and tk.h.check_access("harvest_source_create")):
        return ""
    return tk.url_for("harvest.new", url=asked.address)
