"""Which pages of a source were read, how their server marks them, and where do they lead?"""

from __future__ import annotations

import json
from typing import NamedTuple

from sqlalchemy import text

from ckanext.culturape.harvest.rows import Executor, key_of


class Page(NamedTuple):
    """What is kept of a page of a source: the marks that its server gave, a digest of its bytes, and where it leads."""

    address: str
    run: str
    position: int
    rules: str
    etag: str
    modified: str
    digest: str
    next: list[str]
    family: str
    datasets: int
    total: int | None
    is_whole: bool


_PAGE = "address, run_id, position, rules, etag, modified, digest, next, family, datasets, total, is_whole"


def page(execute: Executor, source_id: str, address: str) -> Page | None:
    """What is kept of a page."""
    query = f"SELECT {_PAGE} FROM culturape_harvest_page WHERE source_id = :source AND key = :key"  # noqa: S608
    row = execute.execute(text(query), {"source": source_id, "key": key_of(address)}).one_or_none()
    return Page(*row) if row else None


def keep_page(execute: Executor, source_id: str, kept: Page) -> None:
    """Keep what is known of a page."""
    columns = _PAGE.split(", ")
    values = {**kept._asdict(), "run_id": kept.run, "next": json.dumps(kept.next)}
    changes = ", ".join(f"{column} = excluded.{column}" for column in columns)
    query = f"""
        INSERT INTO culturape_harvest_page (source_id, key, {_PAGE})
        VALUES (:source, :key, {", ".join(f":{column}" for column in columns)})
        ON CONFLICT (source_id, key) DO UPDATE SET {changes}"""  # noqa: S608
    execute.execute(text(query), {**values, "source": source_id, "key": key_of(kept.address)})
